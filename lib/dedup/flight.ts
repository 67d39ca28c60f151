import type { PitwallError } from '../kernel/errors.ts';

/**
 * What a client's request is to a flight. Calls come in this order, each client independently:
 * (onHead (onData)* onEnd) | onRefused | onFail | (onHead (onData)* onFail).
 */
export interface FlightReader<Head, Facts> {
  /** What the judge needs to know of this client (its selecting headers, cookies…). */
  readonly facts: Facts;
  onHead(head: Head): void;
  /** Returns false when it wants no more until it calls `resume()` on its seat. */
  onData(chunk: Buffer): boolean;
  onEnd(trailers: readonly string[]): void;
  /** The origin failed, or this reader lagged past the window (`lagging_reader`). After onHead: reset the client. */
  onFail(error: PitwallError): void;
  /** The response may not be shared with it: go to the origin alone. Never called for the leader. */
  onRefused(): void;
}

/** A reader's place in a flight. */
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
  /** Returns false when the fastest reader is full: pause until `onResume`. */
  data(chunk: Buffer): boolean;
  end(trailers: readonly string[]): void;
  fail(error: PitwallError): void;
}
