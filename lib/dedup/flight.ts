import type { PitwallError } from '../kernel/errors.ts';

/**
 * What a client's request is to a flight. Calls come in this order, each client independently:
 * (onHead (onData)* onEnd) | onRefused | onFail | (onHead (onData)* onFail).
 */
export interface FlightReader<Head, Facts> {
  /** What the judge needs to know of this client (its selecting headers, cookies…). */
  readonly facts: Facts;
  onHead(head: Head): void;
  /**
   * Returns false when it wants no more until it calls `resume()` on its seat. Where the flights' memory is used up
   * it may get up to a window more meanwhile, rather than lose bytes: write it, as to any stream that is full.
   */
  onData(chunk: Buffer): boolean;
  onEnd(trailers: readonly string[]): void;
  /** The origin failed, or this reader lagged past the window (`lagging_reader`). After onHead: reset the client. */
  onFail(error: PitwallError): void;
  /** The response may not be shared with it: go to the origin alone. Never called for the leader. */
  onRefused(): void;
}

/** A reader's place in a flight. Its methods may be passed on alone, and called at any time. */
export interface Seat {
  resume(): void;
  /** The client has gone. The last to leave cancels the origin call, unless the flight stays on its own (`keepAlone`). */
  leave(): void;
}

/** The origin's side of a flight. */
export interface FlightSource<Head, Facts> {
  /**
   * The response head, judged. `shares(facts)` says for each follower whether it may have this response;
   * omitted = nobody but the leader. `store` = collect the body and hand it to `onStored` if it ends whole and within the limit.
   */
  head(head: Head, judged: { shares?: (facts: Facts) => boolean; store: boolean }): void;
  /** Returns false when the fastest reader is full: give no more until `resume` of the FlightControl is called. */
  data(chunk: Buffer): boolean;
  end(trailers: readonly string[]): void;
  fail(error: PitwallError): void;
}

/** The hold that a flight has on its origin call. */
export interface FlightControl {
  /** Nobody is left to wait for it. At most once, and nothing is asked of the call afterwards. */
  cancel(): void;
  /** `data` may go on. May be called before `data` has returned. */
  resume(): void;
}

export interface LaunchOptions {
  /** Largest body that late readers may join and that is stored, bytes. */
  readonly limitBytes: number;
  /** The origin call goes on when nobody listens (a refresh): for the store, or at most a window for nothing. */
  readonly keepAlone: boolean;
}

/** One origin call and those who share its answer. */
export interface Flight<Head, Facts> {
  /**
   * Takes a seat. The first to join is the leader: it gets the head whatever the judgement (with `keepAlone` only
   * within the tick of the launch). Nothing is called on the reader before this returned. A flight that takes no
   * more readers refuses it.
   */
  join(reader: FlightReader<Head, Facts>): Seat;
  readonly readers: number;
}
