import type { Clock } from '../kernel/clock.ts';

/** Keys whose last answer couldn't be shared: their requests go to the origin in parallel for a while. */
export interface HitForMiss {
  /** @param why in a word; undefined where nobody knows */
  mark(key: string, why?: string): void;
  has(key: string): boolean;
  /** What the mark was given; undefined without one. */
  why(key: string): string | undefined;
  forget(key: string): void;
}

export interface HitForMissOptions {
  /** How long a mark holds, ms. */
  readonly ttlMs?: number;
  /** Most marks held; the oldest goes first. */
  readonly maxKeys?: number;
  readonly clock: Clock;
}

/** @returns a bounded memory of marks; a new mark on the same key starts its time anew */
export function createHitForMiss({ ttlMs = 120_000, maxKeys = 10_000, clock }: HitForMissOptions): HitForMiss {
  // In order of marking, which with one TTL is the order of expiry.
  const until = new Map<string, { readonly end: number; readonly why: string | undefined }>();
  return {
    mark(key, why) {
      until.delete(key);
      until.set(key, { end: clock.mono() + ttlMs, why });
      if (until.size > maxKeys) until.delete(until.keys().next().value as string);
    },
    has(key) {
      if (until.size === 0) return false;
      const mark = until.get(key);
      if (mark === undefined) return false;
      if (clock.mono() < mark.end) return true;
      until.delete(key);
      return false;
    },
    why(key) {
      const mark = until.get(key);
      return mark !== undefined && clock.mono() < mark.end ? mark.why : undefined;
    },
    forget(key) {
      until.delete(key);
    },
  };
}
