import { wholeLength, type Entry } from '../cache/entry.ts';
import { MAX_TAGS } from '../cache/tags.ts';
import type { MissReason } from '../contracts/traffic.ts';
import { isFresh } from '../http-cache/freshness.ts';
import { header, withoutHeaders } from '../http-cache/header-list.ts';
import {
  bytesIn,
  contentRange,
  isSingleRange,
  joinBytes,
  joinRanges,
  offsetOf,
  strongValidator,
  type ContentRange,
} from '../http-cache/parts.ts';
import { selectRange, type ByteRange } from '../http-cache/ranges.ts';
import type { Storable } from '../http-cache/storable.ts';
import { mergeNotModified } from '../http-cache/validators.ts';
import { matchesVary } from '../http-cache/vary.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Asked, Exchange } from './exchange.ts';
import { judge, tagsOf } from './judge.ts';

/** Most pieces of one response that are kept apart. */
export const MAX_PIECES = 16;
/** A part is joined if it is at least one in so many of the bytes that are held then: each join moves all of them. */
const MIN_SHARE = 64;

/** Fields of a 206 that tell of its own content, not of the whole (RFC 9110 section 14.4, RFC 9530 section 2). */
const OF_THE_PART: ReadonlySet<string> = new Set(['content-range', 'content-length', 'content-digest', 'content-md5']);

/**
 * Whether the origin is asked for the range alone, so that a part of the response may come back and be stored.
 *
 * @param stale what it is asked to confirm: parts with the range, a whole as a whole
 */
export function asksPart(x: Asked, stale?: Entry): boolean {
  if (stale !== undefined) return stale.partial !== undefined;
  if (x.method !== 'GET' || !x.has('range')) return false;
  const answers304 =
    x.has('conditional') &&
    (header(x.headers, 'if-none-match') ?? header(x.headers, 'if-modified-since')) !== undefined;
  return !answers304 && isSingleRange(header(x.headers, 'range'));
}

/** What the origin is sent for a part, flat: the client's Range, and its If-Range if there is one. */
export function partFields(x: Asked): string[] {
  const fields = ['Range', header(x.headers, 'range') as string];
  const ifRange = header(x.headers, 'if-range');
  return ifRange === undefined ? fields : [...fields, 'If-Range', ifRange];
}

/** The range of an entry that a request asks for, as `selectRange` tells it (RFC 9110 section 14.2). */
export function rangeOf(entry: Entry, x: Asked): ByteRange | 'unsatisfiable' | undefined {
  if (entry.status !== 200 || x.method !== 'GET' || !x.has('range')) return undefined;
  return selectRange(header(x.headers, 'range'), header(x.headers, 'if-range'), {
    etag: entry.etag,
    lastModified: entry.lastModified,
    date: header(entry.headers, 'date'),
    length: wholeLength(entry),
  });
}

/** Whether an entry has all of what a request asks for: always, unless it has parts alone (RFC 9111 section 3.3). */
export function holdsAsked(entry: Entry, x: Asked): boolean {
  if (entry.partial === undefined) return true;
  const range = rangeOf(entry, x);
  return typeof range === 'object' && offsetOf(entry.partial.ranges, range) !== undefined;
}

/** The bytes of a range that `holdsAsked` found. */
export function bytesOf({ partial, body }: Entry, range: ByteRange): Buffer {
  const start = partial === undefined ? range.start : (offsetOf(partial.ranges, range) as number);
  return body.subarray(start, start + range.end - range.start + 1);
}

/** A 206 that may be stored, alone or with what is held. */
export interface StorablePart {
  readonly store: true;
  readonly judged: Storable;
  /** As that of the whole: status 200, and its fields, with those held (RFC 9111 section 3.4). */
  readonly head: OriginHead;
  readonly range: ContentRange;
  /** Parts of the same representation. */
  readonly held: Entry | undefined;
  readonly tags: readonly string[];
}

/** Whether a 206 may be stored as a part of the answer to GET (RFC 9111 sections 3.3 and 3.4), and if it pays. */
export function judgePart(
  context: Pick<GatewayContext, 'l2' | 'clearLog' | 'clock'>,
  x: Exchange,
  key: string,
  head: OriginHead,
): StorablePart | { readonly store: false; readonly reason: MissReason | undefined } {
  const range = contentRange(head.headers);
  const validator = strongValidator(head.headers);
  if (range === undefined || validator === undefined) return { store: false, reason: 'range' };
  const beside = context.l2.read(key, undefined, true)?.find((entry) => matchesVary(entry, x.headers));
  const live = beside !== undefined && context.clearLog.verdict(beside) !== 'hard' ? beside : undefined;
  // A part never takes the place of a whole.
  if (live !== undefined && live.partial === undefined) return { store: false, reason: undefined };
  const held = live !== undefined && isOfSame(live, validator, range.length) ? live : undefined;
  // To If-Range an origin may leave out what the client has (RFC 9110 section 15.3.7).
  if (held === undefined && x.has('conditional')) return { store: false, reason: 'range' };

  const whole = wholeHead(head, held);
  const judged = judge(x, whole, context.clock);
  if (!judged.store) return judged;
  const added = tagsOf(x, head.headers);
  const tags = added && [...new Set([...(held?.tags ?? []), ...added])];
  if (tags === undefined || tags.length > MAX_TAGS) return { store: false, reason: 'too-large' };
  if (!pays(held, range, x, head.receivedAt)) return { store: false, reason: 'range' };
  return { store: true, judged, head: whole, range, held, tags };
}

function isOfSame({ headers, partial }: Entry, validator: string, length: number): boolean {
  return partial?.length === length && strongValidator(headers) === validator;
}

function wholeHead(head: OriginHead, held: Entry | undefined): OriginHead {
  const own = withoutHeaders(head.headers, OF_THE_PART);
  const headers = held === undefined ? own : mergeNotModified([...held.headers, ...held.ownHeaders], own);
  return { ...head, status: 200, statusMessage: '', headers };
}

/** Within the bounds, and worth moving what is held: for more of it, the whole, or new freshness. */
function pays(held: Entry | undefined, range: ContentRange, x: Exchange, now: number): boolean {
  const before = held?.partial?.ranges ?? [];
  const after = joinRanges(before, range);
  const bytes = bytesIn(after);
  if (bytes > x.route.route.policy.maxPartial || after.length > MAX_PIECES) return false;
  if (held === undefined || bytes === range.length || !isFresh(held, now)) return true;
  return (bytes - bytesIn(before)) * MIN_SHARE >= bytes;
}

/** What is stored of a part once its bytes are there, with what was held: parts, or the whole. */
export function joined({ held, range }: StorablePart, bytes: Buffer): Pick<Entry, 'body' | 'partial'> {
  const before = held?.partial?.ranges ?? [];
  const body = held === undefined ? bytes : joinBytes(before, held.body, range, bytes);
  if (body.length === range.length) return { body, partial: undefined };
  return { body, partial: { length: range.length, ranges: joinRanges(before, range) } };
}
