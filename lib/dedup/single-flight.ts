import { createByteBudget } from './byte-budget.ts';
import type { Flight, FlightControl, FlightSource, LaunchOptions } from './flight.ts';
import { RunningFlight } from './running-flight.ts';

export type { Flight } from './flight.ts';

export interface SingleFlightOptions {
  /** A reader further than this behind the fastest is cut once the body is no longer held whole, bytes. */
  readonly windowBytes: number;
  /** Most bytes buffered over all flights. */
  readonly budgetBytes: number;
}

/** Coalescing within one instance: any number of identical requests, one origin call. */
export interface SingleFlight<Head, Facts> {
  /** The flight for `key` that still takes readers; undefined if there is none. */
  find(key: string): Flight<Head, Facts> | undefined;
  /**
   * Starts a flight, from now on the one that `find` returns for `key`.
   * @param start begins the origin call; what it throws is thrown, and there is no flight then
   * @param onStored gets the whole body once, if the judge said `store` and it stayed within limit and budget;
   *   what it throws reaches the caller of `source.end`, after the readers had their end
   */
  launch(
    key: string,
    options: LaunchOptions,
    start: (source: FlightSource<Head, Facts>) => FlightControl,
    onStored: (body: Buffer) => void,
  ): Flight<Head, Facts>;
  /** Origin calls under way. */
  readonly inFlight: number;
  readonly bufferedBytes: number;
}

/** @returns flights that share one budget of memory */
export function createSingleFlight<Head, Facts>(options: SingleFlightOptions): SingleFlight<Head, Facts> {
  const budget = createByteBudget(options.budgetBytes);
  const host = { windowBytes: options.windowBytes, budget };
  const open = new Map<string, RunningFlight<Head, Facts>>();
  let inFlight = 0;

  return {
    find: (key) => open.get(key),
    launch(key, launchOptions, start, onStored) {
      const flight = new RunningFlight<Head, Facts>(host, launchOptions, {
        onStored,
        onShut: () => {
          if (open.get(key) === flight) open.delete(key);
        },
        onLanded: () => {
          inFlight--;
        },
      });
      open.set(key, flight);
      inFlight++;
      flight.start(start);
      return flight;
    },
    get inFlight() {
      return inFlight;
    },
    get bufferedBytes() {
      return budget.used;
    },
  };
}
