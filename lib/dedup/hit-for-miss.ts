import type { Clock } from '../kernel/clock.ts';

/** Keys whose last answer couldn't be shared: their requests go to the origin in parallel for a while. */
export interface HitForMiss {
  mark(key: string): void;
  has(key: string): boolean;
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
  const until = new Map<string, number>();
  return {
    mark(key) {
      until.delete(key);
      until.set(key, clock.mono() + ttlMs);
      if (until.size > maxKeys) until.delete(until.keys().next().value as string);
    },
    has(key) {
      if (until.size === 0) return false;
      const end = until.get(key);
      if (end === undefined) return false;
      if (clock.mono() < end) return true;
      until.delete(key);
      return false;
    },
    forget(key) {
      until.delete(key);
    },
  };
}
