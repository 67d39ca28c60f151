/** How long after a round over all slots the next one begins, ms. */
export const HARVEST_MS = 1_000;
/** Slots per turn of the event loop: about 1 ms where all have hits of keys that have no counter. */
export const HARVEST_PORTION = 2_000;
/** Between two portions, ms: 40,000 slots a second, so that a thread never spends more than about 3 % on it. */
export const HARVEST_PAUSE_MS = 50;

export interface Harvested {
  /** Goes over the next `most` slots. Returns whether those were the last. */
  harvest(most: number): boolean;
}

/** Goes over all slots about once a second, in portions between which requests are served. */
export function createHarvest(l1: Harvested): { close(): void } {
  let timer = after(HARVEST_MS);

  function after(ms: number): NodeJS.Timeout {
    return setTimeout(work, ms).unref();
  }

  function work(): void {
    timer = after(l1.harvest(HARVEST_PORTION) ? HARVEST_MS : HARVEST_PAUSE_MS);
  }

  return {
    close() {
      clearTimeout(timer);
    },
  };
}
