import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';

/** Milliseconds for which work that rests holds the thread at a time. */
const SLICE_MS = 2;

/** Lets the event loop do what else there is, where this work has held the thread for long enough. */
export type Rest = () => Promise<void> | undefined;

/** To be called after each small piece of a long work: `await rest()`. */
export function createRest(clock: Clock): Rest {
  let since = clock.mono();
  return () => (clock.mono() - since < SLICE_MS ? undefined : setImmediate().then(() => void (since = clock.mono())));
}
