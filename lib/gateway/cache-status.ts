import type { Entry } from '../cache/entry.ts';
import { withoutRealm } from '../cache/entry-key.ts';
import type { MissReason } from '../contracts/traffic.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import { boundedKey } from '../metrics/bounded-key.ts';

/** The forward reason of RFC 9211 section 2.2 for each of ours. */
const FWD: Readonly<Record<MissReason, string>> = {
  cold: 'uri-miss',
  expired: 'stale',
  vary: 'vary-miss',
  cleared: 'stale',
  method: 'method',
  range: 'partial',
  'request-no-cache': 'request',
  authorization: 'miss',
  cookie: 'miss',
  'set-cookie': 'miss',
  'no-store': 'miss',
  private: 'miss',
  // Of what is stored with a validator alone; what isn't stored was never the reason to ask.
  'no-freshness': 'stale',
  status: 'miss',
  'vary-star': 'miss',
  'too-large': 'miss',
  'event-stream': 'bypass',
  upgrade: 'bypass',
  observe: 'bypass',
  bypass: 'bypass',
  invalid: 'bypass',
};

/** Cache-Status of an answer from the store (RFC 9211); ttl in seconds, not above 0 when stale, also by a clear. */
export function hitStatus(cache: string, entry: Entry, now: number, detail: string): string {
  const ttl = Math.floor((entry.freshUntil - now) / 1_000);
  return hitText(cache, detail === 'stale' ? Math.min(ttl, 0) : ttl, detail);
}

function hitText(cache: string, ttl: number, detail: string): string {
  return `${cache}; hit; ttl=${ttl}; detail=${detail}`;
}

/** Cache-Status texts of hits by ttl, made once: ten thousand entries share a few thousand texts. */
export interface HitStatuses {
  l1(ttl: number): string;
  l2(ttl: number): string;
}

/** Longest ttl in seconds whose text is kept. */
const KEPT_TTL = 4_096;

export function createHitStatuses(cache: string): HitStatuses {
  const texts = (detail: string): ((ttl: number) => string) => {
    const kept: string[] = Array.from({ length: KEPT_TTL }, () => '');
    return (ttl) => {
      const known = kept[ttl];
      if (known !== undefined && known !== '') return known;
      const text = hitText(cache, ttl, detail);
      if (known === '') kept[ttl] = text;
      return text;
    };
  };
  return { l1: texts('l1'), l2: texts('l2') };
}

export interface Forwarded {
  /** Why it went to the origin. */
  readonly forward: MissReason;
  /** Why it isn't answered from the store, after the origin's answer too: our own word. */
  readonly reason: MissReason;
  /** The origin's status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** Freshness that is left of what is stored of the answer, in seconds; undefined: it isn't stored. */
  readonly storedTtl: number | undefined;
  readonly collapsed: boolean;
}

/** Cache-Status of an answer that took an origin call (RFC 9211). `detail` is our own reason. */
export function forwardedStatus(cache: string, { forward, reason, status, storedTtl, collapsed }: Forwarded): string {
  let text = `${cache}; fwd=${FWD[forward]}`;
  if (status !== undefined) text += `; fwd-status=${status}`;
  if (storedTtl !== undefined) text += `; stored; ttl=${storedTtl}`;
  if (collapsed) text += '; collapsed';
  return `${text}; detail=${reason}`;
}

/** Failures that keep a request from going to the origin. */
const NOT_FORWARDED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['only_if_cached', 'breaker_open', 'origin_busy']);

/**
 * Cache-Status of a failure (RFC 9211): `detail` is its code.
 *
 * @param forward why the origin was to be asked; undefined where that was never decided
 */
export function failedStatus(cache: string, forward: MissReason | undefined, code: ErrorCode): string {
  const fwd = forward === undefined || NOT_FORWARDED.has(code) ? '' : `; fwd=${FWD[forward]}`;
  return `${cache}${fwd}; detail=${code}`;
}

/** Longest key that is told, characters. */
const MAX_KEY = 1_024;

/** The parameter `key`, to be put at the end of a Cache-Status (RFC 9211 section 2.7); '' without a key. */
export function keyParameter(key: string | undefined): string {
  if (key === undefined) return '';
  const text = boundedKey(withoutRealm(key), MAX_KEY).replace(/[^\x20-\x7e]/g, encodeURIComponent);
  return `; key="${text.replace(/["\\]/g, '\\$&')}"`;
}
