/** First pause before a dead worker is started again, and the longest, ms; each failure in a row doubles it. */
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** A worker that lived this long starts over with the first pause, ms. */
const STEADY_MS = 60_000;

/** The pause before the next start of a worker, ms: 1, 2, 4 … 30 s. */
export interface RestartPace {
  /** @param livedMs how long it had run */
  next(livedMs: number): number;
}

export function createRestartPace(): RestartPace {
  let pause = FIRST_MS;
  return {
    next(livedMs) {
      if (livedMs >= STEADY_MS) pause = FIRST_MS;
      const now = pause;
      pause = Math.min(pause * 2, LONGEST_MS);
      return now;
    },
  };
}
