/**
 * Coalescing over a fleet (docs/decisions/0012-fleet-flights.md): of all instances that miss the same key at the same
 * time, one asks the origin. The others wait until it has landed, then read L3.
 */
export interface Fleet {
  /**
   * Asks to lead. Resolves at once with a lease; or, after waiting, with what became of the leader's call; or with
   * `alone` where the fleet can't be asked in time. A leader that dies is replaced by one of those who wait, within 1 s.
   * Never rejects.
   *
   * @param signal aborted when nobody wants the answer any more
   */
  enter(key: string, signal: AbortSignal): Promise<Turn>;
}

export type Turn =
  | {
      readonly kind: 'lead';
      /** Higher than that of every earlier lease of the key: L3 refuses what an overtaken leader still writes. */
      readonly fence: number;
      /** Somebody else led before, and may have left an entry in L3 without a word. */
      readonly waited: boolean;
      /** Ends the lease and tells those who wait. Once; later calls do nothing. */
      land(landing: Landing): void;
    }
  | { readonly kind: 'landed'; readonly landing: Landing }
  /** Redis is slow or away, or too many wait: ask the origin without a lease. */
  | { readonly kind: 'alone' };

/** stored: L3 has it. alone: it can't be shared, everybody asks for themselves. */
export type Landing = 'stored' | 'alone';
