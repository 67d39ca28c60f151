import { MISS_REASONS, type MissReason } from './traffic.ts';

interface MissReasonText {
  /** In the table. */
  readonly words: string;
  /** What it means, in a sentence. */
  readonly because: string;
  /** What could be done; null where nothing needs doing. */
  readonly remedy: string | null;
}

/** Why requests weren't answered fresh from the store, and what could be done. */
export const MISS_REASON: Readonly<Record<MissReason, MissReasonText>> = {
  cold: {
    words: 'first request',
    because: 'Nothing was stored under this key yet.',
    remedy: 'Let a longer lifetime keep entries between requests.',
  },
  expired: {
    words: 'expired',
    because: 'The stored response was no longer fresh.',
    remedy: 'Lengthen max-age, or allow stale-while-revalidate so that users don’t wait for the refresh.',
  },
  vary: {
    words: 'other variant',
    because: 'A response is stored, but for other values of the headers in Vary.',
    remedy: 'Vary on fewer headers, or normalise them before they reach Pitwall.',
  },
  cleared: { words: 'cleared', because: 'The entry was cleared.', remedy: null },
  method: {
    words: 'method',
    because: 'This method isn’t cached.',
    remedy: 'For a POST that only reads (GraphQL, prompts), set keyBody in the route’s policy.',
  },
  range: {
    words: 'range',
    because: 'A part was asked for that isn’t stored.',
    remedy: 'Let the origin send a strong ETag: by that parts are stored and joined, up to maxPartial.',
  },
  'request-no-cache': {
    words: 'client no-cache',
    because: 'The client asked for a fresh answer, and the policy honours that.',
    remedy: 'Set honourRequestDirectives: false so that clients can’t bypass the cache.',
  },
  authorization: {
    words: 'Authorization',
    because: 'The request carries Authorization, and the response doesn’t allow sharing.',
    remedy: 'Let the origin send Cache-Control: public or s-maxage where the answer is the same for everybody.',
  },
  cookie: {
    words: 'Cookie',
    because: 'The request carries a Cookie, and only the policy’s own ttl says how long to store.',
    remedy:
      'Let the origin send Cache-Control, or keep cookies off this path. Ignoring cookies makes the route Unsafe.',
  },
  'set-cookie': {
    words: 'Set-Cookie',
    because: 'The response sets a cookie, so it may belong to one user.',
    remedy: 'Don’t set cookies on shared answers. Ignoring set-cookie makes the route Unsafe.',
  },
  'no-store': {
    words: 'no-store',
    because: 'The origin forbids storing.',
    remedy: 'If the answer isn’t private, send max-age instead of no-store.',
  },
  private: {
    words: 'private',
    because: 'The origin says that the answer belongs to one user.',
    remedy: 'If everybody gets the same answer, send public instead of private.',
  },
  'no-freshness': {
    words: 'no Cache-Control',
    because: 'The response doesn’t say how long it is fresh.',
    remedy: 'Give the route a ttl in its policy, or send Cache-Control: max-age from the origin.',
  },
  status: { words: 'status', because: 'Responses with this status aren’t cached by themselves.', remedy: null },
  'vary-star': {
    words: 'Vary: *',
    because: 'The response varies on everything, so it never fits another request.',
    remedy: 'Name the headers that matter in Vary.',
  },
  'too-large': {
    words: 'too large',
    because: 'The body is larger than an entry may be.',
    remedy: 'Raise maxEntry in the route’s policy.',
  },
  'event-stream': { words: 'event stream', because: 'Event streams are passed through, never stored.', remedy: null },
  upgrade: { words: 'WebSocket', because: 'WebSockets are passed through.', remedy: null },
  observe: {
    words: 'mode observe',
    because: 'The service is only observed: everything is forwarded.',
    remedy: 'Switch the service to mode cache.',
  },
  bypass: {
    words: 'mode bypass',
    because: 'The service is bypassed: everything is forwarded.',
    remedy: 'Switch the service to mode cache.',
  },
  invalid: { words: 'invalid request', because: 'The request was refused before the cache was asked.', remedy: null },
};

/** What is said of a reason; undefined where a gateway of another version gave one that isn't known here. */
export const missReasonText = (reason: string | null | undefined): MissReasonText | undefined =>
  MISS_REASONS.some((known) => known === reason) ? MISS_REASON[reason as MissReason] : undefined;

export interface ReasonShare {
  readonly reason: MissReason;
  /** Requests that missed for it. */
  readonly count: number;
  /** Of all that missed, 0..1. */
  readonly share: number;
}

/** Why requests missed, counted over some routes, the most frequent reason first. */
export function reasonShares(counted: readonly Readonly<Partial<Record<MissReason, number>>>[]): ReasonShare[] {
  const counts = MISS_REASONS.map((reason) => ({
    reason,
    count: counted.reduce((sum, reasons) => sum + (reasons[reason] ?? 0), 0),
  })).filter(({ count }) => count > 0);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return counts.map((each) => ({ ...each, share: each.count / total })).sort((a, b) => b.count - a.count);
}
