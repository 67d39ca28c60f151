/** How a request was answered; the stack "Answered by" of the console, in its order. */
export const RESULTS = ['l1', 'l2', 'l3', 'stale', 'coalesced', 'origin', 'error'] as const;
export type Result = (typeof RESULTS)[number];

/** Why a request wasn't answered fresh from the store. One per request that reached past the levels. */
export const MISS_REASONS = [
  'cold', // nothing stored under this key
  'expired', // stored, no longer fresh
  'vary', // stored, but for other selecting headers
  'cleared',
  'method', // not a method that is cached
  'range', // partial request that the store couldn't answer
  'request-no-cache', // the client's directive, where the policy honours it
  'authorization',
  'cookie', // request Cookie and only the policy's own TTL to go by
  'set-cookie',
  'no-store',
  'private',
  'no-freshness', // "no Cache-Control": no freshness and the policy gives none
  'status', // a status that isn't cacheable by itself
  'vary-star',
  'too-large',
  'event-stream',
  'upgrade',
  'observe',
  'bypass',
  'invalid', // refused before the levels
] as const;
export type MissReason = (typeof MISS_REASONS)[number];

/** What made a call to the origin. */
export const ORIGIN_CALLS = ['fetch', 'revalidate', 'refresh', 'pass', 'retry'] as const;
export type OriginCall = (typeof ORIGIN_CALLS)[number];

export const MODES = ['cache', 'observe', 'bypass'] as const;
export type Mode = (typeof MODES)[number];

export const BREAKER_STATES = ['closed', 'open', 'half-open', 'held-open', 'held-closed'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];
