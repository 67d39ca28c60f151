/**
 * One stored response. Times are milliseconds of the monotonic clock, absolute:
 * reading an entry again never makes it fresher.
 * Immutable but for `tested` and `residentUntil`, which only the thread that holds it writes.
 */
export interface Entry {
  /** Primary key: method class, URL, realm, and what a policy adds (lib/dedup/request-key, lib/cache/entry-key). */
  readonly key: string;
  /** The service that stored it; a clear may name one. */
  readonly service: string;
  /** Lower-case names of the selecting headers (Vary), sorted; empty when the response doesn't vary. */
  readonly vary: readonly string[];
  /** The storing request's normalised values of `vary`, in that order; '' where absent. */
  readonly varyValues: readonly string[];
  readonly status: number;
  readonly statusMessage: string;
  /** End-to-end headers as the origin sent them, flat; without Age, Connection and the like. */
  readonly headers: readonly string[];
  /** What the origin said to caches alone, flat: Age, Surrogate-Control and the like. Never sent; freshness rests on it. */
  readonly ownHeaders: readonly string[];
  readonly body: Buffer;
  /**
   * Set where `body` isn't the whole: it has these ranges, first and last byte included, one after the other, in order and
   * apart, of `length` bytes. Status and headers are those of the whole (RFC 9111 section 3.3).
   */
  readonly partial: PartialBody | undefined;
  readonly tags: readonly string[];
  /** The clear log's number that the instance had confirmed when the origin request was sent. */
  readonly clearNumber: number;
  /** When the response head arrived. */
  readonly storedAt: number;
  /** Corrected initial age in ms (RFC 9111 section 4.2.3) at `storedAt`. */
  readonly initialAge: number;
  /** From the origin request to the response head, ms: a part of `initialAge`. */
  readonly responseDelay: number;
  readonly freshUntil: number;
  /** Stale answers allowed until then while a refresh runs (RFC 5861 section 3). */
  readonly staleWhileRevalidateUntil: number;
  /** Stale answers allowed until then if the origin fails (RFC 5861 section 4). */
  readonly staleIfErrorUntil: number;
  /** must-revalidate, proxy-revalidate or s-maxage: never served stale on our own account. */
  readonly mustRevalidate: boolean;
  /** May answer requests that carry Authorization (RFC 9111 section 3.5). */
  readonly forAuthorization: boolean;
  /** May answer requests that carry Cookie: its freshness is the origin's own, or the policy ignores cookies. */
  readonly forCookie: boolean;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Accounted size in bytes: `entryBytes`. */
  readonly bytes: number;
  /** The last number of the clear log that it was found live against; starts as `clearNumber`. */
  tested: number;
  /** When L2's copy is read again from L3; Infinity where there is no L3. Never when it dies. */
  residentUntil: number;
}

/** Which parts of a representation are held. */
export interface PartialBody {
  readonly length: number;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

/** What an entry is made of; the rest follows from it. */
export type EntryParts = Omit<Entry, 'bytes' | 'tested' | 'residentUntil'>;

/** An entry as it starts its life in a level: accounted, tested against its own clear number, resident for good. */
export function makeEntry(parts: EntryParts): Entry {
  return { ...parts, bytes: entryBytes(parts), tested: parts.clearNumber, residentUntil: Infinity };
}

/** Fixed cost of an entry in the index, in bytes, beside its strings and body. */
export const ENTRY_OVERHEAD = 512;

/** Bytes of the whole that an entry is, or has parts of. */
export function wholeLength({ partial, body }: Pick<Entry, 'partial' | 'body'>): number {
  return partial === undefined ? body.length : partial.length;
}

/** Two numbers and their object, in V8, bytes. */
const RANGE_BYTES = 40;

/** Accounted size: body, one byte per character of the strings (Latin-1 in V8), and ENTRY_OVERHEAD. */
export function entryBytes(entry: EntryParts): number {
  let bytes = ENTRY_OVERHEAD + entry.key.length + entry.statusMessage.length + entry.body.length;
  for (const text of entry.headers) bytes += text.length;
  for (const text of entry.ownHeaders) bytes += text.length;
  for (const text of entry.vary) bytes += text.length;
  for (const text of entry.varyValues) bytes += text.length;
  for (const text of entry.tags) bytes += text.length;
  if (entry.partial !== undefined) bytes += entry.partial.ranges.length * RANGE_BYTES;
  return bytes;
}

/** Whether one takes the place of the other: the same selecting headers with the same values. */
export function isSameVariant(one: Pick<Entry, 'vary' | 'varyValues'>, other: typeof one): boolean {
  return sameTexts(one.vary, other.vary) && sameTexts(one.varyValues, other.varyValues);
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, i) => text === other[i]);
}
