import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import { FlightBuffer } from './flight-buffer.ts';
import { ReaderSeat } from './flight-reader-seat.ts';
import { FlightSeats } from './flight-seats.ts';
import { mayShare } from './flight-state.ts';
import type { FlightCallbacks, FlightHost, FlightState, Judged, SourceEvent, Streaming } from './flight-state.ts';
import type { Flight, FlightControl, FlightReader, FlightSource, LaunchOptions, Seat } from './flight.ts';

/**
 * One origin call and its readers. Reader callbacks may join, leave, resume and launch; what the source says
 * meanwhile is queued, so each of its events is over before the next begins. So is what it says before the
 * leader sits.
 */
export class RunningFlight<Head, Facts> implements Flight<Head, Facts> {
  readonly #host: FlightHost;
  readonly #options: LaunchOptions;
  readonly #callbacks: FlightCallbacks;
  readonly #buffer: FlightBuffer;
  readonly #seats = new FlightSeats<Head, Facts>();
  #state: FlightState<Head, Facts> = { kind: 'waiting' };
  #control: FlightControl | undefined;
  /** The leader's seat is taken, or no longer offered. */
  #led = false;
  /** Waits for its leader. */
  #held = true;
  /** An event, or the wait for the leader, isn't over: the source's next event is queued. */
  #busy = true;
  #queued: SourceEvent<Head, Facts>[] = [];
  /** The source was told to wait. */
  #paused = false;
  #received = 0;
  /** Past the limit or the budget: nothing is kept for late readers or the store. */
  #past = false;
  /** Bytes read since nobody wanted them. */
  #unwanted = 0;
  #storeFault: { readonly error: unknown } | undefined;

  constructor(host: FlightHost, options: LaunchOptions, callbacks: FlightCallbacks) {
    this.#host = host;
    this.#options = options;
    this.#callbacks = callbacks;
    this.#buffer = new FlightBuffer(host.budget);
  }

  get readers(): number {
    return this.#seats.size;
  }

  /** Begins the origin call. Throws what `start` throws, and is over then. */
  start(start: (source: FlightSource<Head, Facts>) => FlightControl): void {
    try {
      this.#control = start({
        head: (head, judged) => void this.#feed({ kind: 'head', head, judged }),
        data: (chunk) => this.#feed({ kind: 'data', chunk }),
        end: (trailers) => void this.#feed({ kind: 'end', trailers }),
        fail: (error) => void this.#feed({ kind: 'fail', error }),
      });
    } catch (error) {
      this.#fail(asPitwallError(error));
      throw error;
    }
    if (this.#state.kind === 'over') this.#control.cancel();
    // Who comes after this tick is no leader of a call that was made for nobody.
    else if (this.#options.keepAlone) queueMicrotask(() => this.#release());
  }

  join(reader: FlightReader<Head, Facts>): Seat {
    const state = this.#state;
    const seat = new ReaderSeat(reader, !this.#led, state.kind === 'waiting' ? 'waiting' : 'joining');
    // What the reader is told because it joined comes in a microtask: it has its seat by then.
    if (state.kind === 'waiting') {
      this.#led = true;
      this.#seats.add(seat);
      if (this.#queued.length === 0) this.#release();
      else queueMicrotask(() => this.#release());
    } else if (state.kind === 'streaming' && state.open && mayShare(state, reader.facts)) {
      this.#seats.add(seat);
      queueMicrotask(() => this.#admitLate(seat));
    } else {
      queueMicrotask(() => seat.refuse());
    }
    return { resume: () => this.#resume(seat), leave: () => this.#leave(seat) };
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#led = true;
    this.#settle();
  }

  #feed(event: SourceEvent<Head, Facts>): boolean {
    if (this.#busy) {
      this.#queued.push(event);
      this.#paused ||= event.kind === 'data';
      return false;
    }
    this.#busy = true;
    this.#apply(event);
    this.#settle();
    this.#paused = !this.#wantsMore();
    return !this.#paused;
  }

  /** Works off what came meanwhile, then lets the source go on if it waits and somebody wants more. */
  #settle(): void {
    for (let event = this.#queued.shift(); event !== undefined; event = this.#queued.shift()) this.#apply(event);
    this.#busy = false;
    if (this.#paused && this.#state.kind === 'streaming' && this.#wantsMore()) {
      this.#paused = false;
      this.#control?.resume();
    }
    const fault = this.#storeFault;
    this.#storeFault = undefined;
    if (fault !== undefined) throw fault.error;
  }

  #trimAndSettle(): void {
    this.#trim();
    this.#settle();
  }

  #apply(event: SourceEvent<Head, Facts>): void {
    const state = this.#state;
    if (state.kind === 'over' || state.kind === 'ended') return;
    if (event.kind === 'fail') this.#fail(event.error);
    else if (state.kind === 'waiting') {
      if (event.kind === 'head') this.#head(event.head, event.judged);
      else this.#fail(new PitwallError('internal', 'The origin call gave a body before its head.'));
    } else if (event.kind === 'data') this.#data(event.chunk);
    else if (event.kind === 'end') this.#end(state, event.trailers);
  }

  #head(head: Head, { shares, store }: Judged<Facts>): void {
    const state: Streaming<Head, Facts> = { kind: 'streaming', head, shares, open: true, storing: store };
    this.#state = state;
    if (shares === undefined) this.#shut();
    for (const seat of this.#seats) {
      if (seat.phase !== 'waiting') continue;
      if (seat.leader || mayShare(state, seat.reader.facts)) this.#admit(seat);
      else if (this.#seats.delete(seat)) seat.refuse();
    }
    this.#cancelIfDeserted();
  }

  #data(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > this.#options.limitBytes) this.#stopKeeping();
    if ((this.#keeping() || !this.#seats.allReady()) && this.#hold(chunk)) {
      for (const seat of this.#seats) this.#drain(seat);
    } else this.#pass(chunk);
    this.#cutLaggards();
    this.#trim();
  }

  #end(state: Streaming<Head, Facts>, trailers: readonly string[]): void {
    const body = state.storing ? this.#buffer.body() : undefined;
    this.#state = { kind: 'ended', head: state.head, trailers };
    this.#callbacks.onShut();
    this.#callbacks.onLanded();
    if (body !== undefined) {
      try {
        this.#callbacks.onStored(body);
      } catch (error) {
        this.#storeFault = { error };
      }
    }
    for (const seat of this.#seats) this.#drain(seat);
    this.#trim();
  }

  #fail(error: PitwallError): void {
    this.#land();
    for (const seat of this.#seats) this.#seats.fail(seat, error);
  }

  /** Ends the flight, but for telling its readers. */
  #land(): void {
    this.#state = { kind: 'over' };
    this.#queued = [];
    this.#buffer.clear();
    this.#callbacks.onShut();
    this.#callbacks.onLanded();
  }

  /** False: there's no room, and everybody was brought to the body's end, so that the chunk can pass unbuffered. */
  #hold(chunk: Buffer): boolean {
    if (this.#buffer.hold(chunk)) return true;
    this.#stopKeeping();
    this.#cutLaggards();
    this.#trim();
    if (this.#buffer.hold(chunk)) return true;
    for (const seat of this.#seats) {
      if (seat.phase === 'joining') this.#admit(seat);
      this.#drain(seat, true);
    }
    this.#trim();
    return false;
  }

  /** Hands a chunk to everybody without keeping it; everybody has had what came before. */
  #pass(chunk: Buffer): void {
    this.#shut();
    this.#unwanted = this.#seats.size === 0 ? this.#unwanted + chunk.length : 0;
    for (const seat of this.#seats) if (!seat.give(chunk)) this.#leave(seat);
    this.#buffer.skip();
    if (this.#unwanted > this.#host.windowBytes && this.#state.kind === 'streaming') this.#cancel();
  }

  #drain(seat: ReaderSeat<Head, Facts>, force = false): void {
    if (seat.draining || seat.phase !== 'reading') return;
    seat.draining = true;
    while (seat.phase === 'reading' && (force || !seat.full) && seat.next < this.#buffer.end) {
      if (!seat.give(this.#buffer.at(seat.next))) this.#leave(seat);
    }
    seat.draining = false;
    if (seat.phase === 'reading' && this.#state.kind === 'ended' && seat.next >= this.#buffer.end) {
      this.#seats.delete(seat);
      seat.end(this.#state.trailers);
    }
  }

  #admit(seat: ReaderSeat<Head, Facts>): void {
    const state = this.#state;
    if ((state.kind === 'streaming' || state.kind === 'ended') && !seat.head(state.head)) this.#leave(seat);
  }

  #admitLate(seat: ReaderSeat<Head, Facts>): void {
    if (seat.phase !== 'joining') return;
    this.#busy = true;
    this.#admit(seat);
    this.#drain(seat);
    this.#trimAndSettle();
  }

  #resume(seat: ReaderSeat<Head, Facts>): void {
    if (seat.phase !== 'reading') return;
    seat.resume();
    const nested = this.#busy;
    this.#busy = true;
    this.#drain(seat);
    if (!nested) this.#trimAndSettle();
  }

  #leave(seat: ReaderSeat<Head, Facts>): void {
    seat.phase = 'gone';
    if (!this.#seats.delete(seat)) return;
    this.#cancelIfDeserted();
    if (!this.#busy) this.#trimAndSettle();
  }

  #cancelIfDeserted(): void {
    if (this.#seats.size > 0 || this.#options.keepAlone) return;
    if (this.#state.kind === 'waiting' || this.#state.kind === 'streaming') this.#cancel();
  }

  #cancel(): void {
    this.#land();
    this.#control?.cancel();
  }

  #cutLaggards(): void {
    if (this.#past || this.#buffer.first > 0) this.#seats.cutLaggards(this.#host.windowBytes);
  }

  /** Drops what nobody will ask for any more. */
  #trim(): void {
    const { first, end } = this.#buffer;
    if (first === end || this.#keeping()) return;
    const needed = this.#seats.firstNeeded(first, end);
    if (needed === first) return;
    this.#buffer.dropBefore(needed);
    this.#shut();
  }

  #stopKeeping(): void {
    this.#past = true;
    if (this.#state.kind === 'streaming') this.#state.storing = false;
    this.#shut();
  }

  #shut(): void {
    if (this.#state.kind !== 'streaming' || !this.#state.open) return;
    this.#state.open = false;
    this.#callbacks.onShut();
  }

  /** Whether chunks stay that every reader has had: for the store, or for readers to come. */
  #keeping(): boolean {
    const state = this.#state;
    return state.kind === 'streaming' && (state.storing || (state.open && this.#seats.size > 1));
  }

  /** Whether the source shall go on. The slowest never decides: one willing reader is enough. */
  #wantsMore(): boolean {
    if (this.#state.kind !== 'streaming' || this.#seats.size === 0 || this.#seats.anyReady()) return true;
    return this.#state.storing && this.#host.budget.roomy;
  }
}
