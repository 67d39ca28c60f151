/** The times of a stored response, in ms of the monotonic clock. */
export interface Aged {
  readonly storedAt: number;
  /** Corrected initial age in ms at `storedAt`. */
  readonly initialAge: number;
}

/** Until when a stored response is fresh, in ms of the monotonic clock. */
export interface Expiring {
  readonly freshUntil: number;
}

/** Until when, and whether, a stored response may answer once it is stale; in ms of the monotonic clock. */
export interface Graced {
  readonly staleWhileRevalidateUntil: number;
  readonly staleIfErrorUntil: number;
  readonly mustRevalidate: boolean;
}

/** The age of a stored response in ms (RFC 9111 section 4.2.3, current_age). */
export function currentAge(entry: Aged, monoNow: number): number {
  return entry.initialAge + Math.max(0, monoNow - entry.storedAt);
}

/** Whether it may answer without a word with the origin (RFC 9111 section 4.2). */
export function isFresh(entry: Expiring, monoNow: number): boolean {
  return monoNow < entry.freshUntil;
}

/**
 * Whether it may answer although stale (RFC 9111 section 4.2.4, RFC 5861): while a refresh runs ('revalidate'),
 * or because the origin failed ('error'). What was cleared softly is stale before its time: that ends its freshness,
 * not its grace, so without grace it isn't served on.
 */
export function mayServeStale(entry: Expiring & Graced, monoNow: number, why: 'revalidate' | 'error'): boolean {
  if (entry.mustRevalidate) return false;
  const until = why === 'revalidate' ? entry.staleWhileRevalidateUntil : entry.staleIfErrorUntil;
  return until > entry.freshUntil && monoNow < until;
}
