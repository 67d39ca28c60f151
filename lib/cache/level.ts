import type { Entry } from './entry.ts';

export type MaybePromise<T> = T | Promise<T>;

export interface LevelStats {
  readonly entries: number;
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly evictions: number;
}

/**
 * A cache level below L1. L2 answers synchronously, L3 will answer with promises;
 * callers test for a promise so that a memory hit awaits nothing.
 * Every implementation passes tests/suites/level.ts.
 */
export interface Level {
  /** All stored variants under a primary key, newest first; undefined when there is none. */
  read(key: string): MaybePromise<readonly Entry[] | undefined>;
  /** Stores an entry in place of the variant with the same `vary` and `varyValues`. False if it can't be held. */
  write(entry: Entry): MaybePromise<boolean>;
  /** Forgets `entry` if it is still the one stored (DESIGN 7.10); false if it wasn't. */
  remove(entry: Entry): MaybePromise<boolean>;
  stats(): LevelStats;
}
