import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import { after as realTimer, type After } from '../kernel/timer.ts';
import type { ClearLog } from './clear-log.ts';
import type { ClearSource } from './clear-record.ts';
import type { Slices } from './clear-slice.ts';
import type { MaybePromise } from './level.ts';

/** confirmed: the log was read within its bound. unconfirmed: it can't be reached, clears may be missing. */
export type FollowerState = 'confirmed' | 'unconfirmed';

/** Keeps a clear log close behind its source. */
export interface ClearFollower {
  readonly state: FollowerState;
  /** Whether nothing is missing: while false, what others may have stored isn't read. */
  readonly trusted: boolean;
  /** ms since the log was last found complete; since the start where it never was. */
  readonly age: number;
  /** Reads the log for the first time, and goes on by itself. Resolves when that succeeded or failed; never rejects. */
  start(): Promise<void>;
  /**
   * Resolves when the log has reached `number`; asks at once.
   * @throws PitwallError gateway_unavailable if it hasn't within CATCH_UP_MS, or is closed
   */
  catchUp(number: number): Promise<void>;
  close(): Promise<void>;
}

export interface FollowerOptions {
  readonly log: ClearLog;
  readonly source: ClearSource;
  readonly clock: Clock;
  readonly after?: After;
  /** Resolves in a later turn of the event loop, in which others had theirs. */
  readonly turn?: () => Promise<void>;
  /** Pause between two looks at the head, ms. */
  readonly everyMs?: number;
  /** How long the source may take to tell its head, ms. */
  readonly deadlineMs?: number;
}

/** Looks that may fail in a row, or the time of which one may take, before the log counts as unconfirmed. */
export const FAILURES = 2;
/** How long the source may take to tell what is new, ms: a whole log comes in many pages. */
export const READ_MS = 3_000;
/** How long `catchUp` waits, ms: less than a command may take. */
export const CATCH_UP_MS = 4_000;

export function createClearFollower({
  log,
  source,
  clock,
  after = realTimer,
  turn = realTurn,
  everyMs = 50,
  deadlineMs = 100,
}: FollowerOptions): ClearFollower {
  let state: FollowerState = 'unconfirmed';
  let confirmedAt = clock.mono();
  let failures = FAILURES;
  let closed = false;
  /** Whether news came that took turns, and nothing was complete since. */
  let behind = false;
  /** The look under way. */
  let looking: Promise<void> | undefined;
  let cancelNext = (): void => undefined;
  const waiting = new Set<{ number: number; resolve(): void; reject(error: Error): void; cancel(): void }>();

  /** What the source answers, or a failure at the deadline: a source that hangs is asked again. */
  function within<T>(ms: number, answer: MaybePromise<T>): MaybePromise<T> {
    if (!(answer instanceof Promise)) return answer;
    return new Promise((resolve, reject) => {
      const cancel = after(ms, () => reject(new PitwallError('storage_unavailable', 'The clear log is late.')));
      answer.then(resolve, reject).finally(cancel);
    });
  }

  async function isCurrent(): Promise<boolean> {
    const answer = within(deadlineMs, source.head());
    const { number, id } = answer instanceof Promise ? await answer : answer;
    return number === log.head && id === log.id;
  }

  /** Takes over what the source has. True if that took no turns, in which it may have got more. */
  async function pull(): Promise<boolean> {
    const news = await within(READ_MS, source.since(log.head));
    if (closed) return true;
    if (log.continues(news)) return take(log.apply(news));
    const whole = await within(READ_MS, source.since(0));
    if (closed) return true;
    if (whole.head.number < log.head || (whole.head.number === log.head && whole.head.id !== log.id)) {
      throw new PitwallError('storage_unavailable', 'The clear log has lost records.');
    }
    return take(log.replace(whole));
  }

  async function take(slices: Slices): Promise<boolean> {
    if (slices.next().done === true) return true;
    behind = true;
    do {
      reach();
      await turn();
    } while (!closed && slices.next().done !== true);
    return closed;
  }

  async function catchUp(): Promise<void> {
    const cancel = after(FAILURES * (everyMs + deadlineMs), () => void (state = 'unconfirmed'));
    try {
      for (let current = false; !current;) current = (await pull()) || (await isCurrent());
    } finally {
      cancel();
    }
  }

  function reach(): void {
    for (const each of waiting) if (each.number <= log.head) each.resolve();
  }

  async function look(): Promise<void> {
    try {
      if (!(await isCurrent())) await catchUp();
      if (closed) return;
      failures = 0;
      behind = false;
      confirmedAt = clock.mono();
      state = 'confirmed';
      reach();
    } catch {
      failures++;
      if (failures >= FAILURES) state = 'unconfirmed';
    }
  }

  /** One look at a time; the next follows by itself. */
  function now(): Promise<void> {
    cancelNext();
    looking ??= look().then(() => {
      looking = undefined;
      if (!closed) cancelNext = after(everyMs, () => void now());
    });
    return looking;
  }

  return {
    get state() {
      return state;
    },
    get trusted() {
      return state === 'confirmed' && !behind;
    },
    get age() {
      return clock.mono() - confirmedAt;
    },
    start: now,
    catchUp(number) {
      if (log.head >= number) return Promise.resolve();
      if (closed) return Promise.reject(unavailable('is closed'));
      return new Promise((resolve, reject) => {
        const entry = { number, resolve: settle(resolve), reject: settle(reject), cancel: () => undefined as void };
        function settle<T extends unknown[]>(done: (...args: T) => void): (...args: T) => void {
          return (...args) => {
            waiting.delete(entry);
            entry.cancel();
            done(...args);
          };
        }
        entry.cancel = after(CATCH_UP_MS, () => entry.reject(unavailable(`hasn't reached clear ${number}`)));
        waiting.add(entry);
        void Promise.resolve(looking).then(() => (closed || log.head >= number ? undefined : now()));
      });
    },
    async close() {
      closed = true;
      cancelNext();
      for (const each of waiting) each.reject(unavailable('is closed'));
      await looking;
    },
  };
}

function unavailable(what: string): PitwallError {
  return new PitwallError('gateway_unavailable', `This gateway's clear log ${what}.`);
}

function realTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
