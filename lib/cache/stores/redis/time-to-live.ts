import type { Entry } from '../../entry.ts';

/** How much longer an entry is kept that has a validator: a 304 can make it fresh again, ms. */
export const VALIDATOR_GRACE_MS = 600_000;
/** Clocks of instances differ by less than this, ms: readers judge freshness themselves. */
export const MARGIN_MS = 10_000;
/** Nothing is kept longer without being written again, ms. */
export const MAX_TTL_MS = 366 * 86_400_000;

/**
 * For how long an entry can be of use: fresh, stale within a grace, or to be confirmed. In whole ms, never infinite.
 * @param now monotonic ms
 */
export function timeToLive(entry: Entry, now: number): number {
  const { freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil, etag, lastModified } = entry;
  const until = Math.max(freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil, now);
  const grace = etag !== undefined || lastModified !== undefined ? VALIDATOR_GRACE_MS : 0;
  return Math.ceil(Math.min(until - now + grace + MARGIN_MS, MAX_TTL_MS));
}
