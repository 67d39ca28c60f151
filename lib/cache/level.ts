import type { Entry } from './entry.ts';

export type MaybePromise<T> = T | Promise<T>;

/** Most variants under one primary key, in every level unless it is told otherwise; past it the oldest goes. */
export const MAX_VARIANTS = 16;

export interface LevelStats {
  readonly entries: number;
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly evictions: number;
}

/** Everything stored for a URL: under its plain key, and under every key that has more in it (`isExtended`). */
export interface StoredFor {
  readonly key: string;
  readonly url: string;
}

/** Which variant a reader could use: a level that would have to fetch each body may leave out the others. */
export type Accepts = (vary: readonly string[], varyValues: readonly string[]) => boolean;

/**
 * A cache level below L1. L2 answers synchronously, L3 with promises; callers test for a promise so that a memory hit
 * awaits nothing. A level that can't be asked rejects or answers late, never wrong; its caller has the deadline.
 * Every implementation passes tests/suites/level.ts.
 */
export interface Level {
  /**
   * The stored variants under a primary key, newest first; undefined when there is none.
   * @param peek a look that is no use: eviction doesn't hear of it, as far as the level decides on that (Redis does itself)
   */
  read(key: string, accepts?: Accepts, peek?: boolean): MaybePromise<readonly Entry[] | undefined>;
  /**
   * Stores an entry in place of the variant with the same `vary` and `varyValues`. False if it can't be held.
   * @param fence of the lease under which it was fetched (lib/dedup/fleet): a level that is shared by a fleet refuses
   *   an entry whose fence is lower than the stored one's
   */
  write(entry: Entry, fence?: number): MaybePromise<boolean>;
  /**
   * Forgets `entry` if it is still the one stored, since another may have taken its place; or all that is stored for a URL;
   * false if nothing was.
   */
  remove(what: Entry | StoredFor): MaybePromise<boolean>;
  stats(): LevelStats;
}
