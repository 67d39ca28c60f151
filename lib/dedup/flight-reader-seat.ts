import type { PitwallError } from '../kernel/errors.ts';
import type { FlightReader } from './flight.ts';

/**
 * waiting: for the head. joining: the head is known, its turn comes in a microtask. reading: has the head.
 * gone: got its terminal call, or left; nothing is called any more.
 */
export type SeatPhase = 'waiting' | 'joining' | 'reading' | 'gone';

/** A flight's book about one reader. Calls to the reader never throw: false = it threw, and has thereby left. */
export class ReaderSeat<Head, Facts> {
  readonly reader: FlightReader<Head, Facts>;
  readonly leader: boolean;
  phase: SeatPhase;
  /** Number of the next chunk to hand over. */
  next = 0;
  /** Bytes handed over. */
  position = 0;
  /** It wants no more until it resumes. */
  full = false;
  /** Bytes handed over although it was full. */
  overrun = 0;
  draining = false;
  #resumed = false;

  constructor(reader: FlightReader<Head, Facts>, leader: boolean, phase: SeatPhase) {
    this.reader = reader;
    this.leader = leader;
    this.phase = phase;
  }

  /** Bytes that it took of its own will: what lagging is measured by. */
  get taken(): number {
    return this.position - this.overrun;
  }

  resume(): void {
    this.#resumed = true;
    this.full = false;
    this.overrun = 0;
  }

  give(chunk: Buffer): boolean {
    this.next++;
    this.position += chunk.length;
    if (this.full) this.overrun += chunk.length;
    this.#resumed = false;
    try {
      if (this.reader.onData(chunk)) this.resume();
      else if (!this.#resumed) this.full = true;
      return true;
    } catch {
      return false;
    }
  }

  head(head: Head): boolean {
    this.phase = 'reading';
    return attempt(() => this.reader.onHead(head));
  }

  end(trailers: readonly string[]): void {
    this.phase = 'gone';
    attempt(() => this.reader.onEnd(trailers));
  }

  fail(error: PitwallError): void {
    this.phase = 'gone';
    attempt(() => this.reader.onFail(error));
  }

  /** Unless it has left meanwhile. */
  refuse(): void {
    if (this.phase === 'gone') return;
    this.phase = 'gone';
    attempt(() => this.reader.onRefused());
  }
}

function attempt(call: () => void): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}
