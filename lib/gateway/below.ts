import type { Entry } from '../cache/entry.ts';
import { isUnshared } from './coalesce.ts';
import type { GatewayContext } from './context.ts';
import type { Asked, Exchange } from './exchange.ts';
import { lookup, type Lookup } from './lookup.ts';
import { acceptedBy } from './may-have.ts';
import { L2_RESIDENCY_MS, type ThirdLevel } from './third-level.ts';

/** What the levels found, and the one that had it. */
export interface Found {
  readonly found: Lookup;
  readonly level: 'l2' | 'l3';
}

/** Step "L3", where L2 hasn't what the request needs: undefined if L3 needn't be asked. */
export function lookBelow(
  context: GatewayContext,
  x: Exchange,
  key: string,
  found: Lookup,
): Promise<Found> | undefined {
  const { l3 } = context;
  if (l3 === undefined || x.route.service.mode !== 'cache') return undefined;
  if (found.kind === 'fresh') {
    if (x.start >= found.entry.residentUntil) reside(l3, x, key, found.entry);
    return undefined;
  }
  if (!mayBeThere(context, l3, x, key, found)) return undefined;
  return l3.load(key, acceptedBy(x)).then((loaded) => {
    const again = lookup(context, x, key);
    // What is too large for L2 is answered from what was loaded.
    const below = again.kind === 'miss' ? lookup(context, x, key, loaded) : again;
    const level = below.kind === 'fresh' && loaded.includes(below.entry) ? 'l3' : 'l2';
    return { found: below.kind === 'miss' ? again : below, level };
  });
}

/** Where others write into L3, it may also have something newer than what has expired or was cleared here. */
export function mayBeThere(context: GatewayContext, l3: ThirdLevel, x: Asked, key: string, found: Lookup): boolean {
  if (found.kind === 'miss')
    return (l3.shared || (found.reason !== 'cleared' && found.reason !== 'range')) && !isUnshared(context, x, key);
  return found.kind !== 'fresh' && found.reason !== 'request-no-cache' && l3.shared;
}

/** L2's residency is over: its copy goes on answering while L3 is asked for a newer one: residency never says when it dies. */
function reside(l3: ThirdLevel, x: Exchange, key: string, entry: Entry): void {
  entry.residentUntil = Math.floor(x.start) + L2_RESIDENCY_MS;
  void l3.load(key, acceptedBy(x));
}
