const SECOND_MS = 1_000;
/** A wall clock that was set back further than this begins anew: its seconds would come twice. */
const SET_BACK_MS = 60_000;

/** Which whole second of the wall clock a reading ends. */
export interface SecondGrid {
  /**
   * @param at wall ms of the reading
   * @param newest end of the second before, wall ms; undefined for the first
   * @param longest most ms that may lie between the two
   * @returns the end of its second: the one after `newest`, or a later one where readings are missing; undefined where
   * the clock jumped further than can be followed
   */
  place(at: number, newest: number | undefined, longest: number): number | undefined;
}

/**
 * Seconds come one after the other, once each. They are counted from the first reading, not the last: a gateway that
 * answers late in its second leaves no gap.
 */
export function createSecondGrid(): SecondGrid {
  let origin: { readonly at: number; readonly second: number } | undefined;
  return {
    place(at, newest, longest) {
      if (origin === undefined || newest === undefined) {
        origin = { at, second: Math.round(at / SECOND_MS) * SECOND_MS };
        return origin.second;
      }
      const passed = Math.floor((at - origin.at) / SECOND_MS) * SECOND_MS;
      const second = Math.max(newest + SECOND_MS, origin.second + passed);
      return newest - at > SET_BACK_MS || second - newest > longest ? undefined : second;
    },
  };
}
