import { PitwallError } from '../kernel/errors.ts';
import type { ReaderSeat } from './flight-reader-seat.ts';

/** The readers that a flight still owes a terminal call, in order of joining. Safe to change while it's iterated. */
export class FlightSeats<Head, Facts> {
  readonly #seats = new Set<ReaderSeat<Head, Facts>>();

  get size(): number {
    return this.#seats.size;
  }

  [Symbol.iterator](): Iterator<ReaderSeat<Head, Facts>> {
    return this.#seats.values();
  }

  add(seat: ReaderSeat<Head, Facts>): void {
    this.#seats.add(seat);
  }

  /** False if it wasn't there. */
  delete(seat: ReaderSeat<Head, Facts>): boolean {
    return this.#seats.delete(seat);
  }

  /** Whether each could take a chunk right now. */
  allReady(): boolean {
    for (const seat of this.#seats) if (seat.phase !== 'reading' || seat.full) return false;
    return true;
  }

  anyReady(): boolean {
    for (const seat of this.#seats) if (seat.phase === 'reading' && !seat.full) return true;
    return false;
  }

  fail(seat: ReaderSeat<Head, Facts>, error: PitwallError): void {
    this.#seats.delete(seat);
    seat.fail(error);
  }

  /** Fails whoever is more than `windowBytes` behind the fastest; never the last one. */
  cutLaggards(windowBytes: number): void {
    if (this.#seats.size < 2) return;
    let fastest = this.#fastest();
    for (const seat of this.#seats) {
      if (fastest - seat.taken <= windowBytes) continue;
      this.fail(seat, new PitwallError('lagging_reader', 'The client reads too slowly for the answer that it shares.'));
      // The fastest may have left when it heard of that.
      fastest = this.#fastest();
    }
  }

  #fastest(): number {
    let taken = 0;
    for (const seat of this.#seats) taken = Math.max(taken, seat.taken);
    return taken;
  }

  /** Number of the first chunk, from `first` on, that somebody still needs; `end` if nobody does. */
  firstNeeded(first: number, end: number): number {
    let needed = end;
    for (const seat of this.#seats) {
      if (seat.next <= first) return first;
      if (seat.next < needed) needed = seat.next;
    }
    return needed;
  }
}
