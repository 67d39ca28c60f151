import { expect } from 'vitest';
import { createSingleFlight, type SingleFlight } from '../../../lib/dedup/single-flight.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { BUDGET, LIMIT, ModelOrigin, ModelReader, WINDOW, type Claims } from './flight-model.ts';

/** What a reader does from inside its callbacks, beside listening. */
export type Habit =
  'none' | 'leaves' | 'throws' | 'resumes' | 'sends-another-away' | 'brings-a-friend' | 'source-speaks';

export type Step =
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

export class World implements Claims {
  readonly flights: SingleFlight<string, boolean> = createSingleFlight({ windowBytes: WINDOW, budgetBytes: BUDGET });
  readonly origins: ModelOrigin[] = [];
  readonly readers: ModelReader[] = [];

  /** What callbacks found wrong: a flight swallows what readers throw, so it's asserted afterwards. */
  readonly faults: string[] = [];

  claim(truth: boolean, what: string): void {
    if (!truth) this.faults.push(what);
  }

  isOpen(origin: ModelOrigin): boolean {
    return this.flights.find(origin.key) === origin.flight;
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
    const reader = new ModelReader(this, facts, origin, appetite, (self, call) => {
      if (call === habitAt) this.act(self, habit);
    });
    reader.leader = open === undefined;
    this.board(reader);
  }

  board(reader: ModelReader): void {
    reader.origin.readers.push(reader);
    this.readers.push(reader);
    const seat = reader.origin.flight.join(reader);
    reader.seat = seat;
    reader.seated = true;
  }

  launch(name: string, keepAlone: boolean, manners: boolean): ModelOrigin {
    const origin = new ModelOrigin(name, keepAlone, manners);
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

  speak(origin: ModelOrigin, step: Extract<Step, { type: 'head' | 'data' | 'end' | 'fail' }>): void {
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

  act(reader: ModelReader, habit: Habit): void {
    if (habit === 'leaves') reader.leave();
    else if (habit === 'resumes') reader.resume();
    else if (habit === 'sends-another-away')
      reader.origin.readers.find((other) => other !== reader && other.active)?.leave();
    else if (habit === 'brings-a-friend') {
      const friend = new ModelReader(this, true, reader.origin, [true], () => undefined);
      this.board(friend);
    } else if (habit === 'source-speaks' && reader.origin.head && reader.origin.over === 'no') reader.origin.send(3);
    else if (habit === 'throws') {
      if (reader.outcome === 'none') reader.outcome = 'left';
      throw new Error('a reader threw');
    }
  }

  /** Past the limit nobody that was left to wait is further than a window behind the fastest. */
  checkWindow(origin: ModelOrigin): void {
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

/** Lets everything run that waits for a microtask. */
export async function tick(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}
