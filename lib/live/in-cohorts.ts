import type { Clock } from '../kernel/clock.ts';
import type { After } from '../kernel/timer.ts';

/** Items that are due together, and the time from the start of one cohort to the next, ms: 1,000 within 100 ms. */
export const COHORT = 100;
export const COHORT_MS = 10;
/** Longest that one turn takes, ms; the item that is under way when it ends is finished. */
const TURN_MS = 3;

export interface Timing {
  readonly clock: Clock;
  readonly after: After;
}

/**
 * Calls `each` for every item: for the first cohort at once, for each other one at a moment of its own, so that nobody
 * waits behind 1,000 others, and what is read by others on this machine doesn't come in one burst. A cohort that takes
 * long is done in turns, between which the event loop does what else there is; the next one follows it.
 *
 * @returns stops it; the items that are left
 */
export function inCohorts<T>(
  items: readonly T[],
  { clock, after }: Timing,
  each: (item: T) => void,
): () => readonly T[] {
  const start = clock.mono();
  let next = 0;
  let stop = (): void => undefined;

  function run(): void {
    const end = clock.mono() + TURN_MS;
    const cohort = Math.floor(next / COHORT) + 1;
    const to = Math.min(items.length, cohort * COHORT);
    while (next < to && clock.mono() < end) each(items[next++] as T);
    if (next === items.length) return;
    if (next === to) {
      stop = after(Math.max(0, start + cohort * COHORT_MS - clock.mono()), run);
    } else {
      const again = setImmediate(run);
      stop = () => clearImmediate(again);
    }
  }

  run();
  return () => {
    stop();
    return items.slice(next);
  };
}
