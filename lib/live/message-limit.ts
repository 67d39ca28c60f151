import type { Clock } from '../kernel/clock.ts';

const WINDOW_MS = 10_000;

/** Counts one client's messages in windows of 10 s. */
export interface MessageLimit {
  /** Counts a message; false past the limit. */
  allows(): boolean;
}

/** @param most messages allowed within a window */
export function createMessageLimit(most: number, clock: Clock): MessageLimit {
  let windowStart = clock.mono();
  let count = 0;
  return {
    allows() {
      const now = clock.mono();
      if (now - windowStart >= WINDOW_MS) {
        windowStart = now;
        count = 0;
      }
      return ++count <= most;
    },
  };
}
