import { stronglyEqual } from './entity-tag.ts';
import { isStrongDate } from './validators.ts';

/** A stored body of `length` bytes, and what validates it. */
export interface Ranged {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** The Date field. Without it Last-Modified isn't a strong validator, and If-Range with a date never matches. */
  readonly date?: string | undefined;
  readonly length: number;
}

/** Positions of the first and the last byte, both included, as in Content-Range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part that Range asks for (RFC 9110 section 14.2). Undefined: send the whole, since there is no range, several,
 * a malformed one, another unit, or an If-Range that doesn't match. 'unsatisfiable': answer 416.
 */
export function selectRange(
  range: string | undefined,
  ifRange: string | undefined,
  entry: Ranged,
): ByteRange | 'unsatisfiable' | undefined {
  if (range === undefined) return undefined;
  const parts = /^bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*$/i.exec(range);
  if (parts === null) return undefined;
  const [, first = '', last = ''] = parts;
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (ifRange !== undefined && !sameRepresentation(ifRange.trim(), entry)) return undefined;
  if (first === '') {
    const suffix = Math.min(Number(last), entry.length);
    return suffix === 0 ? 'unsatisfiable' : { start: entry.length - suffix, end: entry.length - 1 };
  }
  const start = Number(first);
  if (start >= entry.length) return 'unsatisfiable';
  return { start, end: last === '' ? entry.length - 1 : Math.min(Number(last), entry.length - 1) };
}

/** Strong comparison (RFC 9110 section 13.1.5); a date is strong if Date is at least 1 s later (section 8.8.2.2). */
function sameRepresentation(ifRange: string, entry: Ranged): boolean {
  if (entry.etag !== undefined && stronglyEqual(ifRange, entry.etag)) return true;
  return ifRange === entry.lastModified && isStrongDate(entry.lastModified, entry.date);
}
