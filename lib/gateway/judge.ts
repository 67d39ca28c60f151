import { makeEntry, wholeLength, type Entry } from '../cache/entry.ts';
import { responseTags, TAG_HEADERS } from '../cache/tags.ts';
import { header, onlyHeaders, withoutHeaders } from '../http-cache/header-list.ts';
import { cacheGroups } from '../http-cache/cache-groups.ts';
import { judge as judgeStorable, type Judgement, type Storable } from '../http-cache/storable.ts';
import { describes, mergeNotModified } from '../http-cache/validators.ts';
import { parseCacheControl } from '../http-cache/cache-control.ts';
import { selectingValue } from '../http-cache/vary.ts';
import type { MissReason } from '../contracts/traffic.ts';
import type { Clock } from '../kernel/clock.ts';
import type { OriginHead } from './attempt.ts';
import type { Exchange } from './exchange.ts';

/** What a flight's readers get: an origin's response as it streams, or a stored entry that a refresh confirmed or that stands in. */
export type FlightHead =
  | {
      readonly kind: 'origin';
      readonly status: number;
      readonly statusMessage: string;
      /** As clients get them. */
      readonly headers: readonly string[];
      /** Until when what is stored of it is fresh, monotonic ms; undefined: it isn't stored. */
      readonly freshUntil: number | undefined;
      /** Why it isn't stored, if so. */
      readonly refusal: MissReason | undefined;
      readonly stream: boolean;
      readonly originMs: number;
    }
  | {
      readonly kind: 'entry';
      readonly entry: Entry;
      /** fleet: another instance fetched it, and L3 had it. */
      readonly via: 'revalidated' | 'stale-if-error' | 'fleet';
      /** Whether it lies in the levels after this. */
      readonly stored: boolean;
      readonly originMs: number | undefined;
    };

/** Headers of the origin that clients never see, beside the hop-by-hop ones. */
const STRIPPED: ReadonlySet<string> = new Set([
  'pitwall-cache-control',
  'pitwall-explain',
  'surrogate-control',
  'x-request-id',
]);
/** Those that they see only where the policy keeps tags. */
const STRIPPED_WITH_TAGS: ReadonlySet<string> = new Set([...STRIPPED, ...TAG_HEADERS]);
/** What of that, and of what isn't stored, freshness rests on: kept apart. */
const OWN: ReadonlySet<string> = new Set(['age', 'pitwall-cache-control', 'surrogate-control']);
/** Not kept in an entry: Age and Content-Length are computed; a cookie is for one client, even where a policy ignores it. */
const NOT_STORED: ReadonlySet<string> = new Set(['age', 'content-length', 'set-cookie']);

/** The origin's headers without what is for Pitwall alone. */
export function clientHeaders({ route }: Pick<Exchange, 'route'>, headers: readonly string[]): string[] {
  return withoutHeaders(headers, route.route.policy.keepTags ? STRIPPED : STRIPPED_WITH_TAGS);
}

/**
 * How a head is judged: as the answer to its own request; as that of a stored answer to GET that the origin confirmed,
 * also where HEAD asked (RFC 9111 section 4.3.5), and what this request wants stored doesn't matter; or as GET's
 * although POST asked (RFC 9110 section 9.3.3).
 */
export type JudgedAs = 'asked' | 'confirmed' | 'from-post';

/** Step "judge": may it be stored and shared, and for how long (RFC 9111 section 3)? */
export function judge(
  x: Exchange,
  head: Omit<OriginHead, 'statusMessage'>,
  clock: Clock,
  as: JudgedAs = 'asked',
): Judgement {
  const { policy } = x.route.route;
  return judgeStorable({
    method: as !== 'asked' || (policy.keyBody && x.method === 'POST') ? 'GET' : x.method,
    authorization: x.has('authorization'),
    cookie: x.has('cookie'),
    requestNoStore:
      as !== 'confirmed' &&
      policy.honourRequestDirectives &&
      x.has('cacheControl') &&
      parseCacheControl(header(x.headers, 'cache-control')).noStore,
    status: head.status,
    headers: head.headers,
    requestedAt: head.requestedAt,
    receivedAt: head.receivedAt,
    wall: clock.wall(),
    policy,
  });
}

/** What an entry has of a body: all of it, or parts. */
export type Content = Pick<Entry, 'body' | 'partial'>;

/** Step "store": the entry of a response. */
export function toEntry(
  x: Exchange,
  key: string,
  head: OriginHead,
  judged: Storable,
  tags: readonly string[],
  content: Content,
  clearNumber: number,
): Entry {
  const freshUntil = head.receivedAt + judged.lifetime - judged.initialAge;
  return makeEntry({
    key,
    service: x.route.service.config.name,
    vary: judged.vary,
    varyValues: judged.vary.map((name) => selectingValue(x.headers, name)),
    status: head.status,
    statusMessage: head.statusMessage,
    headers: storedHeaders(x, head.status, head.headers, content),
    ownHeaders: onlyHeaders(head.headers, OWN),
    body: content.body,
    partial: content.partial,
    tags,
    clearNumber,
    storedAt: head.receivedAt,
    initialAge: judged.initialAge,
    responseDelay: Math.max(0, head.receivedAt - head.requestedAt),
    freshUntil,
    staleWhileRevalidateUntil: freshUntil + judged.staleWhileRevalidate,
    staleIfErrorUntil: freshUntil + judged.staleIfError,
    mustRevalidate: judged.mustRevalidate,
    forAuthorization: judged.forAuthorization,
    forCookie: judged.forCookie,
    etag: judged.etag,
    lastModified: judged.lastModified,
  });
}

/**
 * The entry as a 304 leaves it: its headers updated, its times those of the new response (RFC 9111 section 4.3.4),
 * or undefined if it isn't of this entry, or the updated headers no longer allow storing.
 */
export function refreshedEntry(
  x: Exchange,
  stale: Entry,
  head: OriginHead,
  clock: Clock,
  clearNumber: number,
): Entry | undefined {
  if (!describes(head.headers, stale)) return undefined;
  const merged = mergeNotModified([...stale.headers, ...stale.ownHeaders], head.headers);
  const updated = { ...head, status: stale.status, statusMessage: stale.statusMessage, headers: merged };
  const judged = judge(x, updated, clock, 'confirmed');
  const tags = tagsOf(x, head.headers, stale.tags);
  if (!judged.store || tags === undefined) return undefined;
  return toEntry(x, stale.key, updated, judged, tags, stale, clearNumber);
}

/**
 * What is stored, for one last answer after a 304 that ends its storing: with the headers of the 304, so that nobody
 * behind us keeps what may be kept no longer; as it was if the 304 isn't of it.
 */
export function lastAnswer(x: Exchange, stale: Entry, { headers }: OriginHead): Entry {
  if (!describes(headers, stale)) return stale;
  const merged = mergeNotModified(stale.headers, headers);
  return makeEntry({ ...stale, headers: storedHeaders(x, stale.status, merged, stale) });
}

/** The headers of an entry: those for clients, and the length of the whole. */
function storedHeaders(x: Exchange, status: number, headers: readonly string[], content: Content): string[] {
  const stored = withoutHeaders(clientHeaders(x, headers), NOT_STORED);
  if (status !== 204 && status !== 304) stored.push('Content-Length', String(wholeLength(content)));
  return stored;
}

/**
 * An answer's tags; undefined where they are too many to be kept, and so it can't be stored.
 *
 * @param held those of what it updates
 */
export function tagsOf(
  x: Exchange,
  headers: readonly string[],
  held: readonly string[] = [],
): readonly string[] | undefined {
  return responseTags(headers, [...held, ...policyTags(x), ...cacheGroups(headers)]);
}

/** The tags that the policy of the route gives, with what the path has for their parameters. */
export function policyTags({ route, params }: Pick<Exchange, 'route' | 'params'>): string[] {
  const { tags } = route.route.policy;
  return tags.map((tag) => tag.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole));
}
