import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSingleFlight, type SingleFlight } from '../../../lib/dedup/single-flight.ts';
import type { Flight, FlightReader, FlightSource, Seat } from '../../../lib/dedup/flight.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';

/** What a reader does from inside its callbacks, beside listening. */
type Habit = 'none' | 'leaves' | 'throws' | 'resumes' | 'sends-another-away' | 'brings-a-friend' | 'source-speaks';

type Step =
  | {
      type: 'request';
      key: number;
      facts: boolean;
      appetite: boolean[];
      habit: Habit;
      habitAt: number;
      keepAlone: boolean;
      manners: boolean;
    }
  | { type: 'refresh'; key: number; manners: boolean }
  | { type: 'head'; flight: number; shares: boolean | undefined; store: boolean }
  | { type: 'data'; flight: number; size: number }
  | { type: 'end' | 'fail'; flight: number }
  | { type: 'resume' | 'leave'; reader: number }
  | { type: 'tick' };

const WINDOW = 20;
const LIMIT = 40;
const BUDGET = 64;

class Origin {
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
  readonly readers: Reader[] = [];
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

class Reader implements FlightReader<string, boolean> {
  readonly facts: boolean;
  origin: Origin;
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
  readonly world: World;
  readonly #appetite: boolean[];
  readonly #act: (reader: Reader, call: number) => void;

  constructor(
    world: World,
    facts: boolean,
    origin: Origin,
    appetite: boolean[],
    act: (reader: Reader, call: number) => void,
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
    this.world.claim(this.origin.flight !== this.world.flights.find(this.origin.key), 'cut while others could join');
  }

  #called(): void {
    this.world.claim(this.seated, 'called before it had its seat');
    this.world.claim(this.outcome === 'none', `called after it was ${this.outcome}`);
  }
}

class World {
  readonly flights: SingleFlight<string, boolean> = createSingleFlight({ windowBytes: WINDOW, budgetBytes: BUDGET });
  readonly origins: Origin[] = [];
  readonly readers: Reader[] = [];

  /** What callbacks found wrong: a flight swallows what readers throw, so it's asserted afterwards. */
  readonly faults: string[] = [];

  claim(truth: boolean, what: string): void {
    if (!truth) this.faults.push(what);
  }

  step(step: Step): void {
    if (step.type === 'request') this.request(step);
    else if (step.type === 'refresh') this.launch(`k${step.key}`, true, step.manners);
    else if (step.type === 'resume') this.pick(this.readers, step.reader)?.resume();
    else if (step.type === 'leave') this.pick(this.readers, step.reader)?.leave();
    else if ('flight' in step) {
      const origin = this.pick(this.origins, step.flight);
      if (origin !== undefined) this.speak(origin, step);
    }
    this.check();
  }

  pick<T>(list: readonly T[], index: number): T | undefined {
    return list[index % Math.max(1, list.length)];
  }

  request({ key, facts, appetite, habit, habitAt, keepAlone, manners }: Extract<Step, { type: 'request' }>): void {
    const name = `k${key}`;
    const open = this.flights.find(name);
    const origin = this.origins.find((candidate) => candidate.flight === open) ?? this.launch(name, keepAlone, manners);
    const reader = new Reader(this, facts, origin, appetite, (self, call) => {
      if (call === habitAt) this.act(self, habit);
    });
    reader.leader = open === undefined;
    this.board(reader);
  }

  board(reader: Reader): void {
    reader.origin.readers.push(reader);
    this.readers.push(reader);
    const seat = reader.origin.flight.join(reader);
    reader.seat = seat;
    reader.seated = true;
  }

  launch(name: string, keepAlone: boolean, manners: boolean): Origin {
    const origin = new Origin(name, keepAlone, manners);
    origin.flight = this.flights.launch(
      name,
      { limitBytes: LIMIT, keepAlone: origin.keepAlone },
      (source) => {
        origin.source = source;
        return {
          cancel: () => {
            this.claim(++origin.cancels === 1, 'cancelled twice');
            this.claim(origin.over === 'no', 'cancelled when over');
            this.claim(!origin.readers.some((reader) => reader.active && reader.head), 'cancelled with readers');
            this.claim(origin.flight.readers === 0, 'cancelled with seats');
            this.claim(!origin.keepAlone || origin.sent.length > WINDOW, 'cancelled a call that should go on alone');
            origin.over = 'cancelled';
          },
          resume: () => {
            this.claim(origin.over === 'no', 'resumed when over');
            origin.paused = false;
          },
        };
      },
      (body) => {
        this.claim(origin.stored === undefined, 'stored twice');
        this.claim(!origin.readers.some((reader) => reader.outcome === 'ended'), 'stored after an end');
        this.claim(this.flights.find(name) !== origin.flight, 'open when stored');
        origin.stored = body.toString();
      },
    );
    expect(this.flights.find(name)).toBe(origin.flight);
    this.origins.push(origin);
    return origin;
  }

  speak(origin: Origin, step: Extract<Step, { type: 'head' | 'data' | 'end' | 'fail' }>): void {
    if (origin.over !== 'no') return;
    if (step.type === 'fail') {
      origin.over = 'failed';
      origin.source.fail(new PitwallError('origin_reset', 'reset'));
    } else if (!origin.head) {
      if (step.type !== 'head') return;
      origin.head = true;
      origin.store = step.store;
      origin.shares = step.shares;
      const shares = step.shares === true ? (facts: boolean) => facts : () => false;
      origin.source.head('head', { store: step.store, ...(step.shares !== undefined && { shares }) });
    } else if (step.type === 'data') {
      if (origin.send(step.size)) this.checkWindow(origin);
    } else if (step.type === 'end') {
      origin.over = 'ended';
      origin.source.end([]);
    }
  }

  act(reader: Reader, habit: Habit): void {
    if (habit === 'leaves') reader.leave();
    else if (habit === 'resumes') reader.resume();
    else if (habit === 'sends-another-away')
      reader.origin.readers.find((other) => other !== reader && other.active)?.leave();
    else if (habit === 'brings-a-friend') {
      const friend = new Reader(this, true, reader.origin, [true], () => undefined);
      this.board(friend);
    } else if (habit === 'source-speaks' && reader.origin.head && reader.origin.over === 'no') reader.origin.send(3);
    else if (habit === 'throws') {
      if (reader.outcome === 'none') reader.outcome = 'left';
      throw new Error('a reader threw');
    }
  }

  /** Past the limit nobody that was left to wait is further than a window behind the fastest. */
  checkWindow(origin: Origin): void {
    if (origin.over !== 'no' || origin.sent.length <= LIMIT) return;
    const taken = origin.readers.filter((reader) => reader.active && reader.head).map((reader) => reader.taken);
    expect(Math.max(...taken) - Math.min(...taken)).not.toBeGreaterThan(WINDOW);
  }

  check(): void {
    expect(this.faults).toEqual([]);
    expect(this.flights.bufferedBytes).toBeGreaterThanOrEqual(0);
    expect(this.flights.bufferedBytes).toBeLessThanOrEqual(BUDGET);
    expect(this.flights.inFlight).toBe(this.origins.filter((origin) => origin.over === 'no').length);
    for (const origin of this.origins) {
      const reading = origin.readers.filter((reader) => reader.active && reader.head);
      const willing = reading.filter((reader) => !reader.full);
      if (origin.over === 'no' && willing.length > 0) {
        expect(origin.paused).toBe(false);
        for (const reader of willing) expect(reader.body).toBe(origin.sent);
      }
      if (origin.over === 'ended') for (const reader of willing) expect(reader.body).not.toBe(origin.sent);
      if (origin.over === 'failed') expect(reading).toEqual([]);
      if (origin.over === 'no' && origin.keepAlone && reading.length === 0 && origin.flight.readers === 0) {
        expect(origin.paused).toBe(false);
      }
      if (origin.stored !== undefined) {
        expect(origin.store).toBe(true);
        expect(origin.stored).toBe(origin.sent);
        expect(origin.sent.length).toBeLessThanOrEqual(LIMIT);
      }
    }
  }

  /** Everybody takes what is left for them, or leaves. */
  async finish(): Promise<void> {
    await tick();
    this.check();
    for (const origin of this.origins) {
      if (origin.over !== 'no') continue;
      if (!origin.head) this.speak(origin, { type: 'head', flight: 0, shares: true, store: true });
      this.speak(origin, { type: 'end', flight: 0 });
    }
    await tick();
    for (let i = 0; i < 200 && this.readers.some((reader) => reader.active); i++) {
      for (const reader of this.readers) if (reader.active) reader.resume();
      await tick();
    }
    this.check();
    expect(this.readers.filter((reader) => reader.active)).toEqual([]);
    expect(this.flights.inFlight).toBe(0);
    expect(this.flights.bufferedBytes).toBe(0);
    for (const origin of this.origins) expect(this.flights.find(origin.key)).toBeUndefined();
  }
}

async function tick(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

const index = fc.nat(30);
const habit = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Habit>('none') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Habit>(
      'leaves',
      'throws',
      'resumes',
      'sends-another-away',
      'brings-a-friend',
      'source-speaks',
    ),
  },
);
const request = fc.record({
  type: fc.constant('request' as const),
  key: fc.nat(1),
  facts: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  appetite: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  habit,
  habitAt: fc.nat(4),
  keepAlone: fc.boolean(),
  manners: fc.boolean(),
});
const head = fc.record({
  type: fc.constant('head' as const),
  flight: index,
  shares: fc.oneof(
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constantFrom(false, undefined) },
  ),
  store: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: request },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('refresh' as const), key: fc.nat(1), manners: fc.boolean() }),
  },
  { weight: 4, arbitrary: head },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant('data' as const), flight: index, size: fc.integer({ min: 1, max: 25 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('end' as const, 'fail' as const), flight: index }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('resume' as const, 'leave' as const), reader: index }) },
  { weight: 3, arbitrary: fc.constant({ type: 'tick' as const }) },
);

it(
  'keeps its promises whatever leaders, followers and origins do, in whatever order',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const world = new World();
        for (const each of steps) {
          world.step(each);
          // A refresh has its leader in its own tick or none.
          if (each.type === 'tick' || each.type === 'refresh') await tick();
        }
        await world.finish();
      }),
      { numRuns: 1_500 },
    );
  },
);
