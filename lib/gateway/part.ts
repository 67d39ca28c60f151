import type { Entry } from '../cache/entry.ts';
import type { MissReason } from '../contracts/traffic.ts';
import { isFresh } from '../http-cache/freshness.ts';
import { header, withoutHeaders, type HeaderList } from '../http-cache/header-list.ts';
import {
  bytesIn,
  contentRange,
  joinBytes,
  joinRanges,
  strongValidator,
  type ContentRange,
} from '../http-cache/parts.ts';
import type { ByteRange } from '../http-cache/ranges.ts';
import type { Storable } from '../http-cache/storable.ts';
import { mergeNotModified } from '../http-cache/validators.ts';
import { matchesVary } from '../http-cache/vary.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { judge, tagsOf, type Content } from './judge.ts';

/** Most pieces of one response that are kept apart. */
export const MAX_PIECES = 16;
/** A part is joined if it is at least one in so many of the bytes that are held then: each join moves all of them. */
const MIN_SHARE = 64;

/** Fields of a 206 that tell of its own content, not of the whole (RFC 9110 section 14.4, RFC 9530 section 2). */
const OF_THE_PART: ReadonlySet<string> = new Set(['content-range', 'content-length', 'content-digest', 'content-md5']);

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
  const live = heldBeside(context, x, key);
  // A part never takes the place of a whole.
  if (live !== undefined && live.partial === undefined) return { store: false, reason: undefined };
  const same =
    live !== undefined && isOfSame(live, validator, range.length) && isOfCoding(live, x, head) ? live : undefined;
  const held = same !== undefined && staysBeside(same, range, x, head.receivedAt) ? same : undefined;
  // Others were answered later, while this body was on its way.
  if (held === undefined && live !== undefined && isNewer(live, head)) return { store: false, reason: undefined };
  // To If-Range an origin may leave out what the client has (RFC 9110 section 15.3.7).
  if (held === undefined && x.has('conditional')) return { store: false, reason: 'range' };

  // What was asked for with credentials is shared by what its own answer says of that (RFC 9111 section 3.5).
  const own =
    x.has('authorization') || x.has('cookie') ? judge(x, wholeHead(head, undefined), context.clock) : undefined;
  if (own?.store === false) return own;
  const whole = wholeHead(head, held);
  const judged = judge(x, whole, context.clock);
  if (!judged.store) return judged;
  const tags = tagsOf(x, head.headers, held?.tags);
  if (tags === undefined) return { store: false, reason: 'too-large' };
  if (!pays(held, range, x, head.receivedAt)) return { store: false, reason: 'range' };
  return { store: true, judged, head: whole, range, held, tags };
}

/** The stored variant for a request, unless it was cleared hard. */
export function heldBeside(
  { l2, clearLog }: Pick<GatewayContext, 'l2' | 'clearLog'>,
  x: Exchange,
  key: string,
): Entry | undefined {
  const beside = l2.read(key, undefined, true)?.find((entry) => matchesVary(entry, x.headers));
  return beside !== undefined && clearLog.verdict(beside) !== 'hard' ? beside : undefined;
}

/** Whether an entry is of a later answer than this head. */
export function isNewer({ storedAt }: Entry, { receivedAt }: OriginHead): boolean {
  return storedAt > receivedAt;
}

/** Whether an entry has parts of the whole of `length` bytes that this head is of. */
export function hasPartsOf(entry: Entry, { status, headers }: OriginHead, length: number): boolean {
  const validator = strongValidator(headers);
  return (
    status === 200 && validator !== undefined && isOfSame(entry, validator, length) && hasSameCoding(entry, headers)
  );
}

function isOfSame({ headers, partial }: Entry, validator: string, length: number): boolean {
  return partial?.length === length && strongValidator(headers) === validator;
}

/** Some origins give all codings one strong ETag. To If-Range they may leave the coding out. */
function isOfCoding(held: Entry, x: Exchange, { headers }: OriginHead): boolean {
  return hasSameCoding(held, headers) || (x.has('conditional') && header(headers, 'content-encoding') === undefined);
}

function hasSameCoding(held: Entry, headers: HeaderList): boolean {
  return header(headers, 'content-encoding')?.toLowerCase() === header(held.headers, 'content-encoding')?.toLowerCase();
}

function wholeHead(head: OriginHead, held: Entry | undefined): OriginHead {
  const own = withoutHeaders(head.headers, OF_THE_PART);
  const headers = held === undefined ? own : mergeNotModified([...held.headers, ...held.ownHeaders], own);
  return { ...head, status: 200, statusMessage: '', headers };
}

/**
 * Whether what is held stays, with the part or without it: past a bound it gives way once it's stale, and many small
 * pieces do to a part that is larger than all of them; else whoever asks first would say for good what is stored.
 */
function staysBeside(held: Entry, range: ByteRange, x: Exchange, now: number): boolean {
  const before = held.partial?.ranges ?? [];
  const after = joinRanges(before, range);
  if (after.length > MAX_PIECES && bytesIn([range]) > bytesIn(before)) return false;
  return isWithinBounds(after, x) || isFresh(held, now);
}

function isWithinBounds(ranges: readonly ByteRange[], x: Exchange): boolean {
  return bytesIn(ranges) <= x.route.route.policy.maxPartial && ranges.length <= MAX_PIECES;
}

/** Within the bounds, and worth moving what is held: for more of it, the whole, or new freshness. */
function pays(held: Entry | undefined, range: ContentRange, x: Exchange, now: number): boolean {
  const before = held?.partial?.ranges ?? [];
  const after = joinRanges(before, range);
  if (!isWithinBounds(after, x)) return false;
  const bytes = bytesIn(after);
  if (held === undefined || bytes === range.length || !isFresh(held, now)) return true;
  return (bytes - bytesIn(before)) * MIN_SHARE >= bytes;
}

/** What is stored of a part once its bytes are there, with what was held: parts, or the whole. */
export function joined({ held, range }: StorablePart, bytes: Buffer): Content {
  const before = held?.partial?.ranges ?? [];
  const body = held === undefined ? bytes : joinBytes(before, held.body, range, bytes);
  if (body.length === range.length) return { body, partial: undefined };
  return { body, partial: { length: range.length, ranges: joinRanges(before, range) } };
}
