export type GuardState =
  | { readonly kind: 'ok' }
  /** `why` is a sentence for people. */
  | { readonly kind: 'degraded'; readonly why: string };

/** In front of something on which a request may wait only so long, and which isn't asked for a while when it fails. */
export interface Guard {
  readonly state: GuardState;
  /**
   * Starts `call` unless it's refused, and settles as it does, but never later than the deadline; what comes after it
   * is dropped. An answer that says no is an answer: it rejects as it is.
   * @param moreMs added to the deadline, for a call that has much to send
   * @throws PitwallError `storage_unavailable`: refused, late, or not reached
   */
  run<T>(call: () => Promise<T>, moreMs?: number): Promise<T>;
}
