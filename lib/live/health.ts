import type { OverviewTick, ServiceState } from '../contracts/overview.ts';
import type { BreakerState } from '../contracts/traffic.ts';

export type Health = OverviewTick['health'];

/** What one look says, before time is taken into account. */
export type Assessment = Omit<Health, 'since'> & {
  /** When it began, ms since the epoch, where that is known better than by looking once a second. */
  readonly began?: number;
};

/** Seconds over which errors are judged. */
export const HEALTH_WINDOW_SECONDS = 10;

const SILENT_MS = 3_000;
const DEGRADED_RATIO = 0.05;
const FAILING_RATIO = 0.25;
const FAILING_REQUESTS = 10;
const WORSE_AFTER_MS = 5_000;
const BETTER_AFTER_MS = 15_000;
const RANK = { unknown: 0, healthy: 0, degraded: 1, failing: 2 } as const;

export interface HealthInput {
  /** Since a gateway last answered, ms; undefined before the first answer. */
  readonly silentMs: number | undefined;
  /** Who doesn't answer though it ought to, or which level is degraded, in plain words. */
  readonly missing: string | undefined;
  readonly services: readonly ServiceState[];
  /** Within HEALTH_WINDOW_SECONDS; errors are 5xx sent to clients. */
  readonly requests: number;
  readonly errors: number;
  readonly stale: number;
  /** Within the last minute. */
  readonly lastMinute: number;
}

/** Judges this moment: the worst that holds, in plain words. Times are the server's local time. */
export function assessHealth(input: HealthInput): Assessment {
  const { silentMs, requests, errors } = input;
  if (silentMs === undefined) return { state: 'unknown', why: "The gateway hasn't answered yet" };
  if (silentMs >= SILENT_MS) return { state: 'unknown', why: "The gateway doesn't answer" };

  const share = requests > 0 ? errors / requests : 0;
  const failed = `${percent(share)} of responses were 5xx in the last ${HEALTH_WINDOW_SECONDS} s`;
  if (share > FAILING_RATIO && requests >= FAILING_REQUESTS) return { state: 'failing', why: failed };
  const breakers = openBreakers(input);
  if (breakers !== undefined) return { state: 'degraded', ...breakers };
  if (input.missing !== undefined) return { state: 'degraded', why: input.missing };
  if (share > DEGRADED_RATIO) return { state: 'degraded', why: failed };
  if (input.lastMinute === 0) return { state: 'healthy', why: 'No requests in the last minute' };
  return { state: 'healthy', why: errors === 0 ? 'No errors, no breaker open' : `No breaker open; ${failed}` };
}

/** The breakers that keep requests off; a half-open one lets only its trials through. */
const BREAKER_WORDS: Readonly<Partial<Record<BreakerState, string>>> = {
  open: 'open',
  'half-open': 'half-open',
  'held-open': 'held open',
};

function openBreakers({ services, stale }: HealthInput): Pick<Assessment, 'why' | 'began'> | undefined {
  const open = services
    .flatMap(({ targets }) => targets)
    .filter(({ breaker }) => breaker in BREAKER_WORDS)
    .sort((a, b) => a.since - b.since);
  const [first] = open;
  if (first === undefined) return undefined;
  const { url, breaker, since, triedAt } = first;
  const state = triedAt === null ? BREAKER_WORDS[breaker] : 'open';
  const tried = triedAt === null ? '' : `, last tried ${timeOfDay(triedAt)}`;
  const others = open.length > 1 ? ` and ${open.length - 1} more` : '';
  const answer = stale > 0 ? '; serving stale' : '';
  const why = `Breaker of ${url} ${state} since ${timeOfDay(since)}${tried}${others}${answer}`;
  return { why, began: since };
}

/** Health over time: bad for 5 s before it turns, good for 15 s before it returns; unknown at once, both ways. */
export interface HealthWatch {
  /** @param at wall ms, as health is dated; @param mono ms, as its durations are measured */
  update(now: Assessment, at: number, mono: number): Health;
  readonly health: Health;
}

/** A change that isn't believed yet: since when, and to what. */
interface Turn {
  readonly at: number;
  readonly mono: number;
  readonly to: Assessment;
}

export function createHealthWatch(first: Assessment, at: number): HealthWatch {
  let health: Health = { state: first.state, why: first.why, since: Math.min(at, first.began ?? at) };
  /** The last reason that belonged to the state itself, not to its recovery. */
  let cause = first.why;
  let worse: Turn | undefined;
  let better: Turn | undefined;

  function turn(now: Assessment, since: number): void {
    health = { state: now.state, why: now.why, since: now.state === health.state ? health.since : since };
    cause = now.why;
    worse = undefined;
    better = undefined;
  }

  return {
    get health() {
      return health;
    },
    update(now, at, mono) {
      const change = RANK[now.state] - RANK[health.state];
      if (now.state === 'unknown' || health.state === 'unknown' || change === 0) {
        turn(now, Math.min(at, now.began ?? at));
      } else if (change > 0) {
        better = undefined;
        // It turns to what held all the time: one failing second after four degraded ones isn't failing.
        worse = { ...(worse ?? { at, mono }), to: atMost(worse?.to, now) };
        if (mono - worse.mono >= WORSE_AFTER_MS) turn(worse.to, Math.min(worse.at, worse.to.began ?? at));
      } else {
        worse = undefined;
        better = { ...(better ?? { at, mono }), to: atLeast(better?.to, now) };
        if (mono - better.mono >= BETTER_AFTER_MS) turn(better.to, better.at);
        else health = { ...health, why: `Recovering since ${timeOfDay(better.at)}; was: ${cause}` };
      }
      return health;
    },
  };
}

/** The less bad of two assessments, the newer of equals. */
function atMost(before: Assessment | undefined, now: Assessment): Assessment {
  return before !== undefined && RANK[before.state] < RANK[now.state] ? before : now;
}

/** The worse of two assessments, the newer of equals. */
function atLeast(before: Assessment | undefined, now: Assessment): Assessment {
  return before !== undefined && RANK[before.state] > RANK[now.state] ? before : now;
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1 %';
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}

/** "12:03:10" in the server's time zone. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}
