import type { ClearLog } from '../cache/clear-log.ts';
import type { Entry } from '../cache/entry.ts';
import type { MissReason } from '../contracts/traffic.ts';
import { parseCacheControl, type CacheControl } from '../http-cache/cache-control.ts';
import { currentAge, isFresh, mayServeStale } from '../http-cache/freshness.ts';
import { header } from '../http-cache/header-list.ts';
import { matchesVary, selectingValue } from '../http-cache/vary.ts';
import { holdsAsked } from './asked-range.ts';
import type { GatewayContext } from './context.ts';
import type { Asked } from './exchange.ts';
import { withheldFor } from './may-have.ts';

/** What the levels say about a request. */
export type Lookup =
  | { readonly kind: 'fresh'; readonly entry: Entry }
  /** Stale, but within its stale-while-revalidate grace: answer now, refresh behind. */
  | { readonly kind: 'stale'; readonly entry: Entry; readonly reason: MissReason }
  /** Stored, but to be confirmed by the origin first. */
  | { readonly kind: 'revalidate'; readonly entry: Entry; readonly reason: MissReason }
  /** `entry`: the variant that would have matched, but is withheld, cleared hard, or only parts of what is asked for. */
  | { readonly kind: 'miss'; readonly reason: MissReason; readonly entry?: Entry | undefined };

/**
 * Steps "L2" and "L3": the stored variant for this request, and whether it may answer. What was cleared hard goes.
 *
 * @param variants what a level holds under `key`; L2 unless given
 */
export function lookup(
  context: GatewayContext,
  x: Asked,
  key: string,
  variants: readonly Entry[] | undefined = context.l2.read(key),
): Lookup {
  const found = choose(x, variants, context.clearLog, context.clock.mono());
  if (found.kind === 'miss' && found.reason === 'cleared' && found.entry !== undefined) context.drop(found.entry);
  return found;
}

/** The stored variant for a request, and whether it may answer (RFC 9111 section 4). Changes nothing. @param now monotonic ms */
export function choose(
  x: Asked,
  variants: readonly Entry[] | undefined,
  clears: Pick<ClearLog, 'verdict'>,
  now: number,
): Lookup {
  if (variants === undefined || variants.length === 0) return { kind: 'miss', reason: 'cold' };
  const entry = variants.find((candidate) => matchesVary(candidate, x.headers));
  if (entry === undefined) return { kind: 'miss', reason: 'vary' };
  const withheld = withheldFor(entry, x);
  if (withheld !== undefined) return { kind: 'miss', reason: withheld, entry };

  const verdict = clears.verdict(entry);
  if (verdict === 'hard') return { kind: 'miss', reason: 'cleared', entry };
  if (!holdsAsked(entry, x)) return { kind: 'miss', reason: 'range', entry };
  const asked = directivesOf(x);
  if (asked !== undefined && wantsOrigin(asked, entry, now))
    return { kind: 'revalidate', entry, reason: 'request-no-cache' };
  if (verdict === 'live' && isFresh(entry, now)) return { kind: 'fresh', entry };
  const reason = verdict === 'soft' ? 'cleared' : saysFreshness(entry) ? 'expired' : 'no-freshness';
  const may = mayServeStale(entry, now, 'revalidate') || (verdict === 'live' && takesStale(asked, entry, now));
  return { kind: may ? 'stale' : 'revalidate', entry, reason };
}

/** Whether anybody has said how long it is fresh. A validator alone lets it be stored too, to be confirmed each time. */
function saysFreshness({ freshUntil, storedAt, initialAge, headers }: Entry): boolean {
  if (freshUntil - storedAt + initialAge > 0) return true;
  return header(headers, 'cache-control') !== undefined || header(headers, 'expires') !== undefined;
}

/** What the client asks of caches, where the policy honours it (RFC 9111 sections 5.2.1 and 5.4). */
export function directivesOf(x: Asked): CacheControl | undefined {
  if (!x.has('cacheControl') || !x.route.route.policy.honourRequestDirectives) return undefined;
  const text = header(x.headers, 'cache-control');
  const control = parseCacheControl(text);
  const byPragma = text === undefined && header(x.headers, 'pragma')?.toLowerCase().includes('no-cache') === true;
  return byPragma ? { ...control, noCache: true } : control;
}

/** The client wants a response that is fresher than what is stored. */
function wantsOrigin(asked: CacheControl, entry: Entry, now: number): boolean {
  if (asked.noCache) return true;
  if (asked.maxAge !== undefined && currentAge(entry, now) > asked.maxAge * 1_000) return true;
  return asked.minFresh !== undefined && entry.freshUntil - now < asked.minFresh * 1_000;
}

/** The client takes what is stale, and nothing forbids it (RFC 9111 section 5.2.1.2). */
function takesStale(asked: CacheControl | undefined, entry: Entry, now: number): boolean {
  if (asked?.maxStale === undefined || entry.mustRevalidate) return false;
  return asked.maxStale === true || now - entry.freshUntil <= asked.maxStale * 1_000;
}

/** The selecting values of the variants known under `key`, so that requests for different variants don't share a flight. */
export function variantOf(context: GatewayContext, x: Asked, key: string): string {
  const vary = context.l2.read(key, undefined, true)?.[0]?.vary;
  if (vary === undefined || vary.length === 0) return '';
  return `\n${vary.map((name) => `${name}:${selectingValue(x.headers, name)}`).join('\n')}`;
}
