import type { ExplainStep } from '../contracts/explain.ts';
import { sharingOf, type Sharing } from './coalesce.ts';
import type { GatewayContext } from './context.ts';
import type { Asked } from './exchange.ts';
import type { Lookup } from './lookup.ts';
import { becauseOf } from './reason-source.ts';
import type { Outcome } from './way.ts';

/** What is known of calls for the same key; undefined where none would be shared. */
export function sharingFor(
  context: GatewayContext,
  x: Asked,
  key: string,
  found: Lookup,
  outcome: Outcome,
): Sharing | undefined {
  if (outcome !== 'fetch' && outcome !== 'part' && outcome !== 'revalidate') return undefined;
  const stale = found.kind === 'revalidate' ? found.entry : undefined;
  return sharingOf(context, x, key, stale);
}

/** Whom the call would be shared with, and what is known of the last refusal. */
export function sharingSteps(sharing: Sharing | undefined, found: Lookup): ExplainStep[] {
  if (sharing === undefined) return [];
  const { open, unshared, refusal } = sharing;
  if (open) return [{ step: 'sharing', says: "A call for it is under way: this request waits for that one's answer." }];
  if (refusal !== undefined)
    return [{ step: 'storing', says: 'The last answer was not stored.', because: becauseOf(refusal) }];
  if (unshared)
    return [{ step: 'sharing', says: 'The last answer could not be shared: each request asks for itself.' }];
  if (found.kind !== 'miss' || found.reason !== 'cold') return [];
  const says = 'Nothing is stored, and no refusal is known of the last two minutes.';
  return [{ step: 'storing', says, because: becauseOf('cold') }];
}
