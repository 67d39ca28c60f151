/** How often L1's hits are handed on, ms. */
export const HARVEST_MS = 1_000;
/** Slots per turn of the event loop: well under 1 ms. */
export const HARVEST_PORTION = 2_000;

export interface Harvested {
  /** Goes over the next `most` slots. Returns whether those were the last. */
  harvest(most: number): boolean;
}

/** Goes over all slots about once a second, in portions between which requests are served. */
export function createHarvest(l1: Harvested): { close(): void } {
  let turn: NodeJS.Immediate | undefined;

  function work(): void {
    turn = l1.harvest(HARVEST_PORTION) ? undefined : setImmediate(work);
  }

  const timer = setInterval(() => {
    if (turn === undefined) work();
  }, HARVEST_MS).unref();

  return {
    close() {
      clearInterval(timer);
      clearImmediate(turn);
    },
  };
}
