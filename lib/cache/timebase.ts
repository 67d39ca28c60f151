import type { Clock } from '../kernel/clock.ts';

/**
 * Between this thread's monotonic clock and the time that outlives it: what L3 writes down. It never runs backwards
 * and never slower than the monotonic clock, whatever the wall clock does, so that no step of it extends freshness.
 */
export interface Timebase {
  /** Shared ms of a monotonic time. */
  toShared(mono: number): number;
  /** Monotonic ms of a shared time. */
  toMono(shared: number): number;
  /** Shared ms now. */
  now(): number;
  /** Says that it is at least this late: a shared time that somebody saw, or Redis' clock. */
  atLeast(shared: number): void;
}

/** @param seen the latest shared time that was ever written down, ms; 0 = none */
export function createTimebase(clock: Clock, seen = 0): Timebase {
  /** Shared minus monotonic; only grows. */
  let offset = Math.max(clock.wall(), seen) - clock.mono();

  function look(): number {
    offset = Math.max(offset, clock.wall() - clock.mono());
    return offset;
  }

  return {
    toShared: (mono) => mono + look(),
    toMono: (shared) => shared - look(),
    now: () => clock.mono() + look(),
    atLeast(shared) {
      offset = Math.max(offset, shared - clock.mono());
    },
  };
}
