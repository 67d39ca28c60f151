import type { Clock } from '../kernel/clock.ts';

/** Longest that one turn takes, ms; the turn that is under way when it ends is finished. */
const SLICE_MS = 3;

/**
 * Calls `each` for every item, in turns between which the event loop does what else there is.
 *
 * @returns stops it; the items that are left
 */
export function inSlices<T>(items: readonly T[], clock: Clock, each: (item: T) => void): () => readonly T[] {
  let next = 0;
  let again: NodeJS.Immediate | undefined;

  function run(): void {
    const end = clock.mono() + SLICE_MS;
    while (next < items.length && clock.mono() < end) each(items[next++] as T);
    again = next < items.length ? setImmediate(run) : undefined;
  }

  run();
  return () => {
    clearImmediate(again);
    return items.slice(next);
  };
}
