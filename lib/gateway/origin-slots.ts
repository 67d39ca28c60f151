/** Who wants to call an origin. */
export interface Caller {
  /** A slot is free. */
  start(): void;
  /** None became free in time; the caller is out of the queue. */
  late(): void;
}

/**
 * Step "queue": bounds the calls to one target. First come, first served; a caller that leaves takes nothing along.
 * Event streams and WebSockets last as long as clients like: they have as many places of their own, so that they
 * don't keep others from the origin.
 */
export class OriginSlots {
  readonly #size: number;
  readonly #maxWaiting: number;
  readonly #running = new Set<object>();
  readonly #streams = new Set<object>();
  readonly #waiting = new Map<Caller, NodeJS.Timeout>();

  /** @param size most calls at a time, and most streams; @param maxWaiting most callers in the queue */
  constructor(size: number, maxWaiting: number) {
    this.#size = size;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * 'go': the caller has a slot. 'wait': `start` or, after `deadlineMs`, `late` will be called. 'full': neither.
   * Whoever has a slot or waits must `leave` in the end; more than once does no harm.
   */
  enter(caller: Caller, deadlineMs: number): 'go' | 'wait' | 'full' {
    if (this.#running.size < this.#size) {
      this.#running.add(caller);
      return 'go';
    }
    if (this.#waiting.size >= this.#maxWaiting) return 'full';
    const timer = setTimeout(() => {
      this.#waiting.delete(caller);
      caller.late();
    }, deadlineMs);
    this.#waiting.set(caller, timer);
    return 'wait';
  }

  /** Takes a stream's place, and gives the slot up that the same caller may have; false if all places are taken. */
  enterStream(caller: object): boolean {
    if (this.#streams.size >= this.#size) return false;
    this.#streams.add(caller);
    this.#free(caller);
    return true;
  }

  leave(caller: Caller | object): void {
    this.#streams.delete(caller);
    clearTimeout(this.#waiting.get(caller as Caller));
    this.#waiting.delete(caller as Caller);
    this.#free(caller);
  }

  #free(caller: object): void {
    if (!this.#running.delete(caller)) return;
    const [next] = this.#waiting;
    if (next === undefined) return;
    const [waiter, timer] = next;
    clearTimeout(timer);
    this.#waiting.delete(waiter);
    this.#running.add(waiter);
    waiter.start();
  }
}
