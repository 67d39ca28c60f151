import { wholeLength, type Entry } from '../cache/entry.ts';
import { header } from '../http-cache/header-list.ts';
import { isSingleRange, offsetOf } from '../http-cache/parts.ts';
import { selectRange, type ByteRange } from '../http-cache/ranges.ts';
import type { Asked } from './exchange.ts';

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

/** A range that the origin must see as it came, and that no part is stored of. Range means something to GET alone (RFC 9110 section 14.2). */
export function isPassedRange(x: Asked): boolean {
  return x.method === 'GET' && x.has('range') && !asksPart(x);
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
