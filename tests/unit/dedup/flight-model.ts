import type { Flight, FlightReader, FlightSource, Seat } from '../../../lib/dedup/flight.ts';
import type { PitwallError } from '../../../lib/kernel/errors.ts';

/** Bytes; small, so that each bound is crossed often. */
export const WINDOW = 20;
export const LIMIT = 40;
export const BUDGET = 64;

/** What readers need of the world that they live in. */
export interface Claims {
  claim(truth: boolean, what: string): void;
  isOpen(origin: ModelOrigin): boolean;
}

export class ModelOrigin {
  sent = '';
  head = false;
  over: 'no' | 'ended' | 'failed' | 'cancelled' = 'no';
  paused = false;
  store = false;
  shares: boolean | undefined;
  stored: string | undefined;
  cancels = 0;
  source!: FlightSource<string, boolean>;
  flight!: Flight<string, boolean>;
  readonly readers: ModelReader[] = [];
  readonly key: string;
  readonly keepAlone: boolean;
  /** Whether it pauses when asked to. */
  readonly manners: boolean;

  constructor(key: string, keepAlone: boolean, manners: boolean) {
    this.key = key;
    this.keepAlone = keepAlone;
    this.manners = manners;
  }

  /** False if it waits. */
  send(size: number): boolean {
    if (this.paused && this.manners) return false;
    const chunk = Array.from({ length: size }, (_, i) => String.fromCharCode(97 + ((this.sent.length + i) % 26))).join(
      '',
    );
    this.sent += chunk;
    this.paused = !this.source.data(Buffer.from(chunk));
    return true;
  }
}

export class ModelReader implements FlightReader<string, boolean> {
  readonly facts: boolean;
  origin: ModelOrigin;
  seat!: Seat;
  seated = false;
  leader = false;
  body = '';
  head = false;
  outcome: 'none' | 'ended' | 'failed' | 'refused' | 'left' = 'none';
  full = false;
  /** Bytes it had when it last wanted more. */
  taken = 0;
  #calls = 0;
  readonly world: Claims;
  readonly #appetite: boolean[];
  readonly #act: (reader: ModelReader, call: number) => void;

  constructor(
    world: Claims,
    facts: boolean,
    origin: ModelOrigin,
    appetite: boolean[],
    act: (reader: ModelReader, call: number) => void,
  ) {
    this.world = world;
    this.facts = facts;
    this.origin = origin;
    this.#appetite = appetite;
    this.#act = act;
  }

  get active(): boolean {
    return this.outcome === 'none';
  }

  onHead(): void {
    this.#called();
    this.world.claim(!this.head, 'a second head');
    this.world.claim(this.origin.head, 'a head before the judgement');
    this.world.claim(this.leader || (this.facts && this.origin.shares === true), 'a head that may not be shared');
    this.head = true;
    this.#act(this, this.#calls++);
  }

  onData(chunk: Buffer): boolean {
    this.#called();
    this.world.claim(this.head, 'data before the head');
    this.body += chunk.toString();
    this.world.claim(this.origin.sent.startsWith(this.body), 'bytes that are no prefix of the origin’s');
    const willing = this.#appetite[this.#calls % this.#appetite.length] ?? true;
    if (!this.full) this.taken = this.body.length;
    this.full = !willing;
    this.#act(this, this.#calls++);
    if (!this.full) this.taken = this.body.length;
    return !this.full;
  }

  onEnd(): void {
    this.#called();
    this.world.claim(this.head && this.origin.over === 'ended', 'an end of its own');
    this.world.claim(this.body === this.origin.sent, 'an end before the whole body');
    this.outcome = 'ended';
    this.#act(this, this.#calls++);
  }

  onFail(error: PitwallError): void {
    this.#called();
    this.outcome = 'failed';
    if (error.code === 'lagging_reader') this.#cut();
    else this.world.claim(this.origin.over === 'failed', 'a failure of its own');
    this.#act(this, this.#calls++);
  }

  onRefused(): void {
    this.#called();
    this.world.claim(!this.head, 'a refusal after the head');
    this.world.claim(!this.leader, 'a leader refused');
    this.outcome = 'refused';
    this.#act(this, this.#calls++);
  }

  leave(): void {
    if (!this.seated) return;
    if (this.outcome === 'none') this.outcome = 'left';
    this.seat.leave();
  }

  resume(): void {
    if (!this.seated) return;
    this.full = false;
    this.taken = this.body.length;
    this.seat.resume();
  }

  /** Another is more than a window ahead, and the body is past what is kept whole. */
  #cut(): void {
    const ahead = this.origin.readers.some((other) => other.active && other.body.length - this.taken > WINDOW);
    this.world.claim(ahead, 'cut within the window');
    this.world.claim(!this.world.isOpen(this.origin), 'cut while others could join');
  }

  #called(): void {
    this.world.claim(this.seated, 'called before it had its seat');
    this.world.claim(this.outcome === 'none', `called after it was ${this.outcome}`);
  }
}
