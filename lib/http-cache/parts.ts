import { header, type HeaderList } from './header-list.ts';
import type { ByteRange } from './ranges.ts';
import { isStrongDate } from './validators.ts';

/** A range as Content-Range tells it, and the bytes of the whole. */
export interface ContentRange extends ByteRange {
  readonly length: number;
}

/** One range of bytes, as clients ask for and this cache stores: positions of at most 15 digits, exact as numbers. */
const SINGLE_RANGE = /^bytes=[ \t]*(?:[0-9]{1,15}-[0-9]{0,15}|-[0-9]{1,15})[ \t]*$/i;
/** Date may be of another clock than Last-Modified: the origin's, or ours where it sent none. */
const CLOCKS_APART_MS = 60_000;
const CONTENT_RANGE = /^bytes[ \t]+([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15})$/i;

/** Whether Range asks for one range of bytes (RFC 9110 section 14.1.2). */
export function isSingleRange(range: string | undefined): boolean {
  return range !== undefined && SINGLE_RANGE.test(range);
}

/**
 * The part that a 206 says it brings, and of how much (RFC 9110 sections 14.4 and 15.3.7). Undefined: several parts, no
 * known length, positions that don't fit it, or another length of content than they make.
 */
export function contentRange(headers: HeaderList): ContentRange | undefined {
  const parts = CONTENT_RANGE.exec(header(headers, 'content-range')?.trim() ?? '');
  if (parts === null || /^multipart\//i.test(header(headers, 'content-type')?.trim() ?? '')) return undefined;
  const [start, end, length] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (start > end || end >= length) return undefined;
  const contentLength = header(headers, 'content-length');
  if (contentLength !== undefined && contentLength.trim() !== String(end - start + 1)) return undefined;
  return { start, end, length };
}

/**
 * The strong validator of a response, by which parts of it are known to belong together (RFC 9111 section 3.4): its
 * ETag, unless weak, or without one its Last-Modified, if Date is so much later that their clocks don't matter (RFC
 * 9110 section 8.8.2.2).
 */
export function strongValidator(headers: HeaderList): string | undefined {
  const etag = header(headers, 'etag');
  if (etag !== undefined) return /^"[^"]*"$/.test(etag) ? etag : undefined;
  const modified = header(headers, 'last-modified');
  return isStrongDate(modified, header(headers, 'date'), CLOCKS_APART_MS) ? modified : undefined;
}

/** Where in a body of these ranges, one after the other, the wanted one starts; undefined unless it has all of it. */
export function offsetOf(ranges: readonly ByteRange[], wanted: ByteRange): number | undefined {
  let offset = 0;
  for (const { start, end } of ranges) {
    if (wanted.start >= start && wanted.end <= end) return offset + wanted.start - start;
    offset += end - start + 1;
  }
  return undefined;
}

/** The ranges with one more, those that touch or overlap made one. */
export function joinRanges(ranges: readonly ByteRange[], added: ByteRange): readonly ByteRange[] {
  let { start, end } = added;
  const apart: ByteRange[] = [];
  for (const range of ranges) {
    if (range.end + 1 < start || range.start > end + 1) apart.push(range);
    else [start, end] = [Math.min(start, range.start), Math.max(end, range.end)];
  }
  return [...apart, { start, end }].sort((one, other) => one.start - other.start);
}

/** Bytes in the ranges together. */
export function bytesIn(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0);
}

/** The body of `joinRanges`: what was held, and the bytes of the range that is added. */
export function joinBytes(ranges: readonly ByteRange[], body: Buffer, added: ByteRange, bytes: Buffer): Buffer {
  const joined = joinRanges(ranges, added);
  const whole = Buffer.allocUnsafeSlow(bytesIn(joined));
  let offset = 0;
  for (const range of ranges) {
    offset += body.copy(whole, offsetOf(joined, range), offset, offset + bytesIn([range]));
  }
  bytes.copy(whole, offsetOf(joined, added));
  return whole;
}
