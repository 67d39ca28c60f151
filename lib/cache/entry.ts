/**
 * One stored response. Times are milliseconds of the monotonic clock, absolute:
 * reading an entry again never makes it fresher (DESIGN 3, "Levels").
 * Immutable but for what a level hangs on it.
 */
export interface Entry {
  /** Primary key: method class, scheme, host, path and query (lib/dedup/request-key). */
  readonly key: string;
  /** Lower-case names of the selecting headers (Vary), sorted; empty when the response doesn't vary. */
  readonly vary: readonly string[];
  /** The storing request's normalised values of `vary`, in that order; '' where absent. */
  readonly varyValues: readonly string[];
  readonly status: number;
  readonly statusMessage: string;
  /** End-to-end headers as the origin sent them, flat; without Age, Connection and the like. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly tags: readonly string[];
  /** The clear log's number that the instance had confirmed when the origin request was sent. */
  readonly clearNumber: number;
  /** When the response head arrived. */
  readonly storedAt: number;
  /** Corrected initial age in ms (RFC 9111 section 4.2.3) at `storedAt`. */
  readonly initialAge: number;
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
}

/** Fixed cost of an entry in the index, in bytes, beside its strings and body. */
export const ENTRY_OVERHEAD = 512;

/** Accounted size: body, one byte per character of the strings (Latin-1 in V8), and ENTRY_OVERHEAD. */
export function entryBytes(entry: Omit<Entry, 'bytes'>): number {
  let bytes = ENTRY_OVERHEAD + entry.key.length + entry.statusMessage.length + entry.body.length;
  for (const text of entry.headers) bytes += text.length;
  for (const text of entry.vary) bytes += text.length;
  for (const text of entry.varyValues) bytes += text.length;
  for (const text of entry.tags) bytes += text.length;
  return bytes;
}
