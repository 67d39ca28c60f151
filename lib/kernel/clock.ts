/**
 * Time as an argument. Durations and in-memory freshness use `mono`, so a wall
 * clock that steps back never extends freshness; `wall` is only for what people
 * or other machines read (Date headers, samples, log lines).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch; may step. */
  wall(): number;
  /** Milliseconds from an arbitrary origin, with fractions; never steps back. */
  mono(): number;
}

/** The machine's clocks. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  mono: () => performance.now(),
};

/** A clock that moves only when told to: for tests and for simulation. */
export interface ManualClock extends Clock {
  /** Moves both clocks forward by `ms`. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an NTP step would. */
  stepWall(ms: number): void;
}

/** @param wall first wall time in ms since the epoch */
export function manualClock(wall = 0): ManualClock {
  let wallNow = wall;
  let monoNow = 0;
  return {
    wall: () => wallNow,
    mono: () => monoNow,
    advance(ms) {
      wallNow += ms;
      monoNow += ms;
    },
    stepWall(ms) {
      wallNow += ms;
    },
  };
}
