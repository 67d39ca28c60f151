import { Pool } from 'undici';
import type { Clock } from '../lib/kernel/clock.ts';
import { createArrivals } from './arrivals.ts';
import { createAttention } from './attention.ts';
import type { TrafficState } from './message.ts';
import { createVisits, type Visit } from './visit.ts';

export interface Traffic {
  /** Begins; has no effect on traffic that a person stopped. */
  start(): void;
  /** A person stops it: only `resume` runs it again. */
  stop(): void;
  resume(): void;
  /** How many people watch; the first one wakes traffic that turned idle. */
  watchers(count: number): void;
  state(): TrafficState;
  /** Requests sent, answered, failed on the wire, and left out because too many were in flight. */
  counts(): { readonly sent: number; readonly answered: number; readonly failed: number; readonly skipped: number };
  close(): Promise<void>;
}

const MAX_SOCKETS = 64;
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
/** While it doesn't run, how often it looks whether it should. */
const REST_MS = 250;

/**
 * People using the sample product through the gateway: random arrivals, a few chats far more popular than the rest.
 * What the gateway answers is never an error here; when it can't be reached, traffic backs off from 250 ms to 10 s.
 * At most 64 sockets, and as many requests in flight.
 * @param deps.rate mean requests per second
 * @param deps.idleAfterMs how long it runs on with nobody watching
 * @param deps.onState told when the state changes
 */
export function createTraffic(deps: {
  gatewayUrl: string;
  rate?: number;
  clock: Clock;
  random: () => number;
  idleAfterMs?: number;
  onState?: (state: TrafficState) => void;
}): Traffic {
  const { gatewayUrl, rate = 50, clock, random, idleAfterMs = 600_000, onState } = deps;
  const attention = createAttention({ clock, idleAfterMs });
  const nextVisit = createVisits({ random });
  const pool = new Pool(gatewayUrl, {
    connections: MAX_SOCKETS,
    pipelining: 1,
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
  let arrivals = createArrivals({ rate, random });
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let told: TrafficState = 'off';
  let inFlight = 0;
  let backoffMs = 0;
  let quietUntil = 0;
  const counts = { sent: 0, answered: 0, failed: 0, skipped: 0 };

  async function send(visit: Visit): Promise<void> {
    inFlight += 1;
    counts.sent += 1;
    const leaving = visit.leaveAfterMs === undefined ? undefined : AbortSignal.timeout(visit.leaveAfterMs);
    try {
      const { body } = await pool.request({
        method: visit.method,
        path: visit.path,
        body: visit.body ?? null,
        headers: { 'user-agent': 'pitwall-sample-traffic', ...(visit.body && { 'content-type': 'application/json' }) },
        signal: leaving ?? null,
      });
      backoffMs = 0;
      await body.dump({ limit: Number.MAX_SAFE_INTEGER });
      counts.answered += 1;
    } catch {
      if (leaving?.aborted) {
        counts.answered += 1;
      } else {
        counts.failed += 1;
        backOff();
      }
    } finally {
      inFlight -= 1;
    }
  }

  /** One step per pause: the many requests that fail together count once. */
  function backOff(): void {
    const now = clock.mono();
    if (now < quietUntil) return;
    backoffMs = Math.min(Math.max(FIRST_BACKOFF_MS, backoffMs * 2), MAX_BACKOFF_MS);
    quietUntil = now + backoffMs;
  }

  function tell(): TrafficState {
    const state = attention.state();
    if (state !== told) {
      told = state;
      arrivals = createArrivals({ rate, random });
      onState?.(state);
    }
    return state;
  }

  function step(): void {
    clearTimeout(timer);
    if (closed) return;
    let waitMs = REST_MS;
    const now = clock.mono();
    if (tell() === 'running' && now >= quietUntil) {
      const due = arrivals.due(now);
      waitMs = Math.min(due.waitMs, REST_MS);
      for (let i = 0; i < due.count; i++) {
        if (inFlight < MAX_SOCKETS) void send(nextVisit());
        else counts.skipped += 1;
      }
    }
    timer = setTimeout(step, waitMs);
  }

  const then =
    <A extends readonly unknown[]>(act: (...args: A) => void) =>
    (...args: A): void => {
      act(...args);
      step();
    };

  return {
    start: then(() => attention.start()),
    stop: then(() => attention.stop()),
    resume: then(() => attention.resume()),
    watchers: then((count: number) => attention.watchers(count)),
    state: () => attention.state(),
    counts: () => ({ ...counts }),
    async close() {
      closed = true;
      clearTimeout(timer);
      await pool.destroy();
    },
  };
}
