import type { Clock } from '../kernel/clock.ts';
import { LONGEST_TIMER } from '../kernel/longest-timer.ts';
import type { AccessLine } from './access-log.ts';
import { isHit, noAnswers, type Answered } from './answered.ts';
import { createLatency, type Latency } from './latency.ts';
import { createScript } from './script.ts';
import type { Sender } from './sender.ts';

/** What a replay measured so far, as the client saw it. */
export interface ReplayTally {
  /** Requests begun. */
  sent: number;
  /** Of those, answered to the end. Those neither answered nor failed were cut short. */
  replied: number;
  /** Of those, failed on the wire. */
  failed: number;
  /** Why, with counts; at most MAX_FAILURES different ones. */
  readonly failures: Map<string, number>;
  /** By Cache-Status; with `refused` they add up to `replied`. */
  readonly answered: Answered;
  /** Refused before the gateway knew a route for them. */
  refused: number;
  /** Body bytes of those. */
  refusedBytes: number;
  /** 5xx, whoever made them. */
  serverErrors: number;
  /** Body bytes received. */
  bytes: number;
  readonly hit: Latency;
  readonly miss: Latency;
  /** Log times of the first and the latest line, wall ms. */
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** How far behind the log's pace the last request was sent, ms; 0 at full speed. */
  lagMs: number;
}

const MAX_FAILURES = 10;
/** Waits shorter than this aren't worth a timer. */
const NEGLIGIBLE_MS = 1;

/** Sends lines as requests. Begun by `run`; `tally` may be read at any time. */
export interface Replay {
  readonly tally: ReplayTally;
  /** Resolves when everything is answered, or soon after `signal`; what's in flight then is left to the sender's close. */
  run(batches: AsyncIterable<readonly AccessLine[]>): Promise<void>;
}

/**
 * @param deps.concurrency most requests in flight
 * @param deps.speed 'max', or how many times as fast as the log
 * @param deps.signal stops it
 */
export function createReplay(deps: {
  sender: Sender;
  concurrency: number;
  speed: number | 'max';
  clock: Clock;
  signal: AbortSignal;
}): Replay {
  const { sender, concurrency, speed, clock, signal } = deps;
  const script = createScript();
  const tally: ReplayTally = {
    sent: 0,
    replied: 0,
    failed: 0,
    failures: new Map(),
    answered: noAnswers(),
    refused: 0,
    refusedBytes: 0,
    serverErrors: 0,
    bytes: 0,
    hit: createLatency(),
    miss: createLatency(),
    firstAt: undefined,
    lastAt: undefined,
    lagMs: 0,
  };
  let inFlight = 0;
  let wake: (() => void) | undefined;
  let startedAt = 0;

  /** Resolves when a request ends, or on `signal`. */
  function ended(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }
  function wakeUp(): void {
    wake?.();
    wake = undefined;
  }

  async function send(line: AccessLine): Promise<void> {
    inFlight += 1;
    tally.sent += 1;
    try {
      const reply = await sender.send(script(line));
      tally.replied += 1;
      tally.bytes += reply.bytes;
      if (reply.status >= 500) tally.serverErrors += 1;
      if (reply.result === 'refused') {
        tally.refused += 1;
        tally.refusedBytes += reply.bytes;
        return;
      }
      tally.answered[reply.result] += 1;
      (isHit(reply.result) ? tally.hit : tally.miss).record(reply.ms);
    } catch (error) {
      if (signal.aborted) return;
      tally.failed += 1;
      const why = error instanceof Error ? error.message : String(error);
      if (tally.failures.has(why) || tally.failures.size < MAX_FAILURES) {
        tally.failures.set(why, (tally.failures.get(why) ?? 0) + 1);
      }
    } finally {
      inFlight -= 1;
      wakeUp();
    }
  }

  /** Waits for the log's own time; a line from the past goes at once. */
  async function keepPace(at: number): Promise<void> {
    if (speed === 'max') return;
    const due = startedAt + (at - (tally.firstAt as number)) / speed;
    const wait = due - clock.mono();
    tally.lagMs = Math.max(0, -wait);
    if (wait < NEGLIGIBLE_MS) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(wait, LONGEST_TIMER));
      signal.addEventListener('abort', done);
    });
  }

  async function sendAll(batches: AsyncIterable<readonly AccessLine[]>): Promise<void> {
    for await (const lines of batches) {
      for (const line of lines) {
        tally.firstAt ??= line.at;
        await keepPace(line.at);
        while (inFlight >= concurrency && !signal.aborted) await ended();
        if (signal.aborted) return;
        tally.lastAt = Math.max(tally.lastAt ?? line.at, line.at);
        void send(line);
      }
    }
    while (inFlight > 0 && !signal.aborted) await ended();
  }

  return {
    tally,
    async run(batches) {
      startedAt = clock.mono();
      signal.addEventListener('abort', wakeUp);
      try {
        await sendAll(batches);
      } finally {
        signal.removeEventListener('abort', wakeUp);
      }
    },
  };
}
