import type { Entry } from '../cache/entry.ts';
import type { MissReason } from '../contracts/traffic.ts';

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
  'no-freshness': 'miss',
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
  return `${cache}; hit; ttl=${detail === 'stale' ? Math.min(ttl, 0) : ttl}; detail=${detail}`;
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
      const text = `${cache}; hit; ttl=${ttl}; detail=${detail}`;
      if (known === '') kept[ttl] = text;
      return text;
    };
  };
  return { l1: texts('l1'), l2: texts('l2') };
}

export interface Forwarded {
  readonly reason: MissReason;
  /** The origin's status; undefined when there was no answer. */
  readonly status: number | undefined;
  readonly stored: boolean;
  readonly collapsed: boolean;
}

/** Cache-Status of an answer that took an origin call (RFC 9211). `detail` is our own reason. */
export function forwardedStatus(cache: string, { reason, status, stored, collapsed }: Forwarded): string {
  let text = `${cache}; fwd=${FWD[reason]}`;
  if (status !== undefined) text += `; fwd-status=${status}`;
  if (stored) text += '; stored';
  if (collapsed) text += '; collapsed';
  return `${text}; detail=${reason}`;
}
