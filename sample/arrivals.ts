/** Lateness that is made up for, ms; what a longer stall held back is dropped, never sent as a burst. */
const CATCH_UP_MS = 50;

/** When the next requests are due: a Poisson process of `rate` per second. */
export interface Arrivals {
  /** How many are due at `now` (monotonic ms), and how long to wait until the next. */
  due(now: number): { readonly count: number; readonly waitMs: number };
}

export function createArrivals({ rate, random }: { rate: number; random: () => number }): Arrivals {
  const gap = (): number => (-Math.log(1 - random()) * 1_000) / rate;
  let next: number | undefined;
  return {
    due(now) {
      next ??= now + gap();
      if (next < now - CATCH_UP_MS) next = now;
      let count = 0;
      for (; next <= now; next += gap()) count += 1;
      return { count, waitMs: next - now };
    },
  };
}
