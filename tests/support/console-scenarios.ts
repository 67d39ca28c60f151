// Over 300 lines: one table of made-up numbers, of use only whole.
import {
  RANGES,
  STEPS,
  type Overview,
  type OverviewTick,
  type Range,
  type RouteRow,
  type Sample,
  type WindowWatch,
} from '../../lib/contracts/overview.ts';
import type { Keys } from '../../lib/contracts/keys.ts';
import type { MissReason } from '../../lib/contracts/traffic.ts';
import { changesOf } from './console-changes.ts';
import { windowSpan } from '../../lib/live/fixed-window.ts';
import { fleetOf, thirdLevel } from './console-instances.ts';

/** States of the world that the console must show well. */
export const SCENARIOS = [
  'busy',
  'flood',
  'empty',
  'failing',
  'observe',
  'sample',
  'gap',
  'config-error',
  'fleet',
  'fleet-64',
  'missing',
  'l3-degraded',
  'jobs',
  'job-failed',
  'jobs-away',
  'api-500',
  'slow',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

const UNKNOWN_SUMMARY = {
  seconds: 0,
  requestsPerSecond: null,
  originCallsPerSecond: null,
  originCallsSaved: null,
  wouldHaveSaved: null,
  originErrorRatio: null,
  gatewayErrorRatio: null,
  abortedRatio: null,
  staleRatio: null,
  bytesSavedPerSecond: null,
  coalescedPerSecond: null,
  hit: null,
  miss: null,
} satisfies Overview['summary'];

/** Workers of the scenarios that have a fleet, with Redis as their third level. */
const FLEET: Partial<Record<Scenario, number>> = { fleet: 6, 'fleet-64': 64, missing: 6, 'l3-degraded': 6 };

/** The same number in 0..1 for the same seed, so that a sample looks the same whenever it's asked for. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

/** Of its misses, the share of each reason. */
const REASON_SHARES: Partial<Record<MissReason, number>> = {
  expired: 0.46,
  cold: 0.22,
  'set-cookie': 0.14,
  'no-freshness': 0.1,
  authorization: 0.08,
};

/** What part of all requests is looked at. */
interface Part {
  readonly share: number;
  /** Of its misses, the share of each reason. */
  readonly reasons: Partial<Record<MissReason, number>>;
}
const WHOLE: Part = { share: 1, reasons: REASON_SHARES };

function partOf(row: RouteRow | undefined): Part {
  const counts = Object.entries(row?.missReasons ?? {});
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const reasons = Object.fromEntries(counts.map(([reason, count]) => [reason, count / total]));
  return { share: (row?.requestsPerSecond ?? 0) / 54, reasons };
}

function sampleAt(scenario: Scenario, at: number, { share, reasons }: Part): Sample {
  const second = Math.round(at / 1_000);
  const n = (salt: number) => noise(second + salt * 1_000_003);
  const wave = 1 + 0.18 * Math.sin(second / 47) + 0.08 * Math.sin(second / 11);
  const asked = scenario === 'empty' ? 0 : Math.round((46 + 8 * n(1)) * wave * share);
  const failing = scenario === 'failing' && second % 300 > 120;
  const observe = scenario === 'observe';
  const known = !(scenario === 'gap' && second % 120 > 84 && second % 120 < 110);
  const error = failing ? Math.round(asked * 0.06) : 0;
  const stale = failing ? Math.round(asked * 0.34) : Math.round(n(2) * (observe || asked === 0 ? 0 : 0.7));
  const origin = observe ? asked : failing ? 1 : Math.round(asked * (0.06 + 0.05 * n(3)));
  const coalesced = observe || failing ? 0 : Math.round(asked * 0.07 * n(4));
  const l1 = observe ? 0 : Math.round(asked * 0.22);
  const l3 = FLEET[scenario] === undefined || scenario === 'l3-degraded' ? 0 : Math.round(asked * 0.07 * (0.6 + n(12)));
  const l2 = Math.max(0, asked - error - stale - origin - coalesced - l1 - l3);
  const active = known && asked > 0;
  return {
    at,
    known,
    answered: { l1, l2, l3, stale, coalesced, origin, error },
    reasons: origin === 0 ? {} : reasonsOf(observe ? { observe: 1 } : reasons, origin),
    originCalls: origin,
    originErrors: Math.round(error / 3),
    gatewayErrors: error - Math.round(error / 3),
    aborted: asked > 0 && n(5) > 0.96 ? 1 : 0,
    bytesSent: asked * 4_100,
    bytesSaved: (asked - origin) * 4_050,
    wouldHave: observe ? Math.round(asked * 0.87) : 0,
    hit: active && !observe ? { p50: 0.11 + 0.04 * n(6), p95: 0.32 + 0.2 * n(7), p99: 0.9 + n(8) } : null,
    miss: active && origin > 0 ? { p50: 310 + 90 * n(9), p95: 640 + 180 * n(10), p99: 1_900 + 900 * n(11) } : null,
  };
}

function reasonsOf(shares: Part['reasons'], misses: number): Sample['reasons'] {
  return Object.fromEntries(Object.entries(shares).map(([reason, share]) => [reason, misses * share]));
}

const NAMED: readonly (readonly [string, number, number, MissReason, string[]])[] = [
  ['/api/chats/:id/history', 28, 0.94, 'expired', []],
  ['/api/analysis', 0.8, 0.41, 'cold', []],
  ['/api/sessions', 6.2, 0.89, 'expired', []],
  ['/api/me', 3.1, 0, 'set-cookie', []],
  ['/api/ide/current', 4.4, 0.99, 'cold', []],
  ['/api/ide/switch', 0.3, 0, 'method', []],
  ['/api/search', 2.2, 0, 'no-freshness', []],
  ['/api/feed', 1.9, 0, 'authorization', []],
  ['/api/cart', 0.9, 0, 'cookie', []],
  ['/api/legacy/*', 0.5, 0.71, 'expired', ['cookie', 'set-cookie']],
  ['/api/events', 0.02, 0, 'event-stream', []],
  ['/static/*', 3.3, 0.999, 'cold', []],
  ['*', 0.004, 0, 'status', []],
];

export function routesOf(scenario: Scenario, at: number): RouteRow[] {
  if (scenario === 'empty') return [];
  const extra = Array.from(
    { length: scenario === 'busy' ? 18 : 0 },
    (_, i) =>
      [
        `/api/v2/resource-${i + 1}/:id`,
        0.4 + i * 0.07,
        0.5 + i * 0.02,
        'expired' as MissReason,
        [] as string[],
      ] as const,
  );
  return [...NAMED, ...extra].map(([route, perSecond, hit, reason, unsafe], i) => {
    const asked = perSecond * (0.96 + 0.08 * noise(Math.round(at / 1_000) + i));
    const hitRatio = scenario === 'observe' ? 0 : hit;
    return {
      service: i % 5 === 4 && scenario !== 'sample' ? 'search' : 'chat',
      route,
      requestsPerSecond: asked,
      hitRatio,
      originCallsPerSecond: asked * (1 - hitRatio),
      p95MissMs: hit === 0.999 ? null : 120 + 190 * i,
      errorRatio: scenario === 'failing' && i < 3 ? 0.06 + i * 0.02 : 0,
      topMissReason: scenario === 'observe' ? 'observe' : reason,
      missReasons:
        scenario === 'observe' ? { observe: 210 } : { [reason]: 184, ...(hit > 0 ? { vary: 12, cleared: 3 } : {}) },
      originSecondsPerMinute: asked * (1 - hitRatio) * (0.1 + 0.12 * ((i * 7) % 5)) * 60,
      unsafe: [...unsafe],
    };
  });
}

function summarise(scenario: Scenario, samples: readonly Sample[]): Overview['summary'] {
  const known = samples.filter((sample) => sample.known);
  const total = (value: (sample: Sample) => number) => known.reduce((sum, sample) => sum + value(sample), 0);
  const asked = total((sample) => Object.values(sample.answered).reduce((a, b) => a + b, 0));
  const seconds = known.length;
  if (asked === 0) return { ...UNKNOWN_SUMMARY, seconds, requestsPerSecond: seconds > 0 ? 0 : null };
  const last = known.at(-1);
  return {
    seconds,
    requestsPerSecond: asked / seconds,
    originCallsPerSecond: total((s) => s.originCalls) / seconds,
    originCallsSaved: 1 - total((s) => s.originCalls) / asked,
    wouldHaveSaved: scenario === 'observe' ? total((s) => s.wouldHave) / asked : null,
    originErrorRatio: total((s) => s.originErrors) / asked,
    gatewayErrorRatio: total((s) => s.gatewayErrors) / asked,
    abortedRatio: total((s) => s.aborted) / asked,
    staleRatio: total((s) => s.answered.stale) / asked,
    bytesSavedPerSecond: total((s) => s.bytesSaved) / seconds,
    coalescedPerSecond: total((s) => s.answered.coalesced) / seconds,
    hit: last?.hit ?? null,
    miss: last?.miss ?? null,
  };
}

/** @param began when the scenario did: an outage stays where it is */
function servicesOf(
  scenario: Scenario,
  at: number,
  began: number,
  modes: ReadonlyMap<string, Overview['services'][number]['mode']>,
) {
  const names = scenario === 'sample' ? ['chat'] : ['chat', 'search'];
  return names.map((service, i): Overview['services'][number] => {
    const mode = modes.get(service) ?? (scenario === 'observe' ? 'observe' : 'cache');
    const open = scenario === 'failing' && i === 0;
    return {
      service,
      sample: scenario === 'sample',
      mode,
      modeReason: mode === 'cache' ? null : 'Comparing with yesterday’s origin load',
      modeUntil: mode === 'cache' ? null : at + 3_000_000,
      targets: [
        {
          url: `http://127.0.0.1:${9000 + i}`,
          breaker: open ? 'open' : 'closed',
          since: began - 130_000,
          triedAt: open ? at - 21_000 : null,
          lastFailure: open ? 'no response head within 30 s' : null,
        },
      ],
    };
  });
}

const HEALTH: Partial<Record<Scenario, readonly ['healthy' | 'degraded' | 'failing' | 'unknown', string]>> = {
  failing: ['failing', '26 % of requests fail; breaker of http://127.0.0.1:9000 is open, serving stale'],
  gap: ['unknown', 'The gateway doesn’t answer'],
  empty: ['healthy', 'No requests in the last minute'],
  'l3-degraded': ['degraded', `L3 is degraded: ${thirdLevel(true).why}`],
  missing: ['degraded', "1 of 6 workers doesn't answer: edge-2 worker 1"],
};

const ENVIRONMENT: Partial<Record<Scenario, string>> = { sample: 'SAMPLE', failing: 'production-eu', fleet: 'staging' };

export interface World {
  readonly scenario: Scenario;
  readonly modes: ReadonlyMap<string, Overview['services'][number]['mode']>;
  readonly traffic: boolean;
  /** When it began, ms since the epoch: what changed before it stays where it was. Now when left out. */
  readonly since?: number;
}

/** A range up to now, or a fixed window. */
export type Span = Range | Pick<WindowWatch, 'from' | 'to'>;

function stretch(span: Span, now: number): { from: number; to: number; step: number } {
  if (typeof span !== 'string') return windowSpan(span.from, span.to);
  const step = STEPS[span];
  const to = Math.ceil(now / (step * 1_000)) * step * 1_000;
  return { from: to - RANGES[span] * 1_000, to, step };
}

/** The overview that a scenario shows at a time (ms since the epoch), of all or of one route. */
export function overviewOf(
  { scenario, modes, traffic, since }: World,
  service: string,
  span: Span,
  now: number,
  route: string | null = null,
): Overview {
  const end = Math.floor(now / 1_000) * 1_000;
  const { from, to, step } = stretch(span, now);
  // A window of the past is the same whenever it's looked at.
  const rows = routesOf(scenario, typeof span === 'string' ? end : to).filter(
    (row) => service === 'all' || row.service === service,
  );
  const routes = route === null ? rows : rows.filter((row) => row.route === route);
  const part = route === null ? WHOLE : partOf(routes[0]);
  const count = (to - from) / step / 1_000;
  const until = (last: number) =>
    Array.from({ length: count }, (_, i) => sampleAt(scenario, last - (count - 1 - i) * step * 1_000, part));
  const samples = until(to);
  const before = until(from);
  const workers = FLEET[scenario];
  const trouble = scenario === 'missing' || scenario === 'l3-degraded' ? scenario : 'none';
  const [state, why] = HEALTH[scenario] ?? ['healthy', 'Every target answers'];
  return {
    service,
    route,
    range: typeof span === 'string' ? span : null,
    from,
    to,
    step,
    samples,
    changes: changesOf(scenario, since ?? end).filter(
      ({ at, service: of }) => at > from && at <= to && (service === 'all' || of === null || of === service),
    ),
    sample: samples.at(-1) as Sample,
    summary: summarise(scenario, samples),
    previous: summarise(scenario, before),
    routes,
    services: servicesOf(scenario, end, since ?? end, modes),
    levels: [
      {
        level: 'l1',
        state: 'ok',
        entries: 412,
        bytes: 1_810_000,
        budgetBytes: 8_388_608,
        evictionsPerSecond: 3.2,
        answeredRatio: 0.221,
        kind: 'memory',
        why: null,
        latency: null,
      },
      {
        level: 'l2',
        state: 'ok',
        entries: 9_840,
        bytes: 41_300_000,
        budgetBytes: 67_108_864,
        evictionsPerSecond: 0,
        answeredRatio: 0.684,
        kind: 'memory',
        why: null,
        latency: null,
      },
      ...(workers === undefined ? [] : [thirdLevel(scenario === 'l3-degraded')]),
    ],
    health: { state, why, since: end - 754_000 },
    instances: workers === undefined ? fleetOf(1, 'none', end) : fleetOf(workers, trouble, end),
    gateway: {
      url: 'http://127.0.0.1:8080',
      workers: workers ?? 1,
      connections: 34,
      inFlight: 3,
      eventLoopP99Ms: 1.43,
    },
    sampleTraffic: scenario === 'sample' ? (traffic ? 'running' : 'stopped') : 'off',
    environment: ENVIRONMENT[scenario] ?? 'local',
    configError:
      scenario === 'config-error'
        ? 'pitwall.yaml:14:9  services[0].routes[2].policy.ttl: expected a duration like "30s"'
        : null,
  };
}

/** The tick that moves such an overview on. */
export function tickOf(
  world: World,
  service: string,
  range: Range,
  now: number,
  route: string | null = null,
): OverviewTick {
  const whole = overviewOf(world, service, range, now, route);
  const { samples: _samples, changes: _changes, environment: _environment, ...tick } = whole;
  return tick;
}

/** The keys that were asked for most: a hundred, as the API gives at most. */
export function keysOf(now: number): Keys {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const url =
      i % 3 === 2
        ? `http://127.0.0.1:8080/api/search?q=word-${i}`
        : `http://127.0.0.1:8080/api/chats/${40 + i}/history`;
    const [service, route] = i % 3 === 2 ? ['search', '/api/search'] : ['chat', '/api/chats/:id/history'];
    return { key: `GET ${url}`, url, service, route, count: Math.round(9_000 / (i + 1)), error: 0, reasons: {} };
  });
  return { from: now - 6 * 3_600_000, rows };
}
