import './no-eval.ts';
import { z } from 'zod';
import { OVERVIEW_CHANGES, changeSchema } from './changes.ts';
import { BREAKER_STATES, MISS_REASONS, MODES, RESULTS } from './traffic.ts';

/** Ranges up to now that the live series covers, in seconds; URL `?from=now-5m&to=now`. */
export const RANGES = { '1m': 60, '5m': 300, '15m': 900, '30m': 1_800 } as const;
export const rangeSchema = z.enum(['1m', '5m', '15m', '30m']);
export type Range = z.infer<typeof rangeSchema>;
/** Seconds that one sample of a range stands for: no range has more than MOST_SAMPLES. */
export const STEPS: Readonly<Record<Range, number>> = { '1m': 1, '5m': 2, '15m': 5, '30m': 10 };
/** Seconds that one sample of a fixed window may stand for. */
export const WINDOW_STEPS = [1, 2, 5, 10, 20, 30] as const;
export const MOST_SAMPLES = 180;
/** Longest fixed window, ms: what the series keeps. */
export const LONGEST_WINDOW_MS = 3_600_000;

const count = z.number().min(0);
const quantiles = z
  .object({ p50: count, p95: count, p99: count })
  .nullable()
  .describe('ms; null when nothing was measured');

/** One step of traffic: counts per second, quantiles over all of it. */
export const sampleSchema = z.object({
  at: z.number().describe('End of the step, ms since the epoch: a multiple of the step'),
  /** False when no worker answered: a gap, not a zero. */
  known: z.boolean(),
  answered: z.record(z.enum(RESULTS), count),
  reasons: z
    .partialRecord(z.enum(MISS_REASONS), count)
    .describe("Why requests weren't answered fresh from the store, per second; a reason that is missing is 0"),
  originCalls: count,
  originErrors: count,
  gatewayErrors: count,
  aborted: count,
  bytesSent: count,
  bytesSaved: count,
  wouldHave: count,
  hit: quantiles,
  miss: quantiles,
});
export type Sample = z.infer<typeof sampleSchema>;

/** Totals over a range: rates per second, ratios 0..1; null where nothing was measured. */
export const summarySchema = z.object({
  seconds: count.describe('Seconds of the range with data'),
  requestsPerSecond: count.nullable(),
  originCallsPerSecond: count.nullable(),
  /**
   * Requests that needed no origin call of their own ÷ requests that weren't only observed; negative when Pitwall
   * calls more than it is asked.
   */
  originCallsSaved: z.number().nullable(),
  /** In mode observe: the share that mode cache would have saved. */
  wouldHaveSaved: z.number().nullable(),
  originErrorRatio: z.number().nullable(),
  gatewayErrorRatio: z.number().nullable(),
  abortedRatio: z.number().nullable(),
  staleRatio: z.number().nullable(),
  bytesSavedPerSecond: count.nullable(),
  coalescedPerSecond: count.nullable(),
  hit: quantiles,
  miss: quantiles,
});
export type Summary = z.infer<typeof summarySchema>;

export const routeRowSchema = z.object({
  service: z.string(),
  route: z.string(),
  requestsPerSecond: count,
  /** Requests answered fresh from the store ÷ requests; null without requests. */
  hitRatio: z.number().nullable(),
  originCallsPerSecond: count,
  p95MissMs: count.nullable(),
  errorRatio: z.number().nullable(),
  topMissReason: z.enum(MISS_REASONS).nullable(),
  missReasons: z.partialRecord(z.enum(MISS_REASONS), count),
  originSecondsPerMinute: count,
  unsafe: z.array(z.string()),
});
export type RouteRow = z.infer<typeof routeRowSchema>;

export const healthStateSchema = z.enum(['healthy', 'degraded', 'failing', 'unknown']);

export const serviceStateSchema = z.object({
  service: z.string(),
  sample: z.boolean(),
  mode: z.enum(MODES),
  modeReason: z.string().nullable(),
  modeUntil: z.number().nullable(),
  targets: z.array(
    z.object({
      url: z.string(),
      breaker: z.enum(BREAKER_STATES),
      since: z
        .number()
        .describe('ms since the epoch. An outage begins when the breaker opens: trials that fail are part of it'),
      triedAt: z.number().nullable().describe('Of an outage: when the last trial began, ms since the epoch'),
      lastFailure: z.string().nullable(),
    }),
  ),
});
export type ServiceState = z.infer<typeof serviceStateSchema>;

export const levelStateSchema = z.object({
  level: z.enum(['l1', 'l2', 'l3']),
  state: z.enum(['ok', 'off', 'degraded']),
  entries: count,
  bytes: count,
  budgetBytes: count,
  evictionsPerSecond: count,
  answeredRatio: z.number().nullable(),
  kind: z.enum(['memory', 'disk', 'redis']),
  why: z.string().nullable().describe('Why it is degraded, a whole sentence with its full stop'),
  latency: z.object({ p50: count, p99: count }).nullable().describe('ms to ask it, since the start; L3 only'),
});

/** One gateway worker, as it was when it last answered. */
export const instanceStateSchema = z.object({
  instance: z.string(),
  worker: count,
  /** missing: it was here, and no longer answers. */
  state: z.enum(['ok', 'missing']),
  /** Whether it runs in the process that shows it. */
  local: z.boolean(),
  url: z.string(),
  at: z.number().describe('When it last answered, ms since the epoch'),
  startedAt: z.number(),
  requestsPerSecond: count.nullable(),
  originCallsPerSecond: count.nullable(),
  hitRatio: z.number().nullable(),
  connections: count,
  eventLoopP99Ms: count,
  utilisation: z.number(),
  heapBytes: count,
  levels: z.array(
    z.object({
      level: z.enum(['l1', 'l2', 'l3']),
      state: z.enum(['ok', 'off', 'degraded']),
      kind: z.enum(['memory', 'disk', 'redis']),
      /** A whole sentence with its full stop. */
      why: z.string().nullable(),
      entries: count,
      bytes: count,
      budgetBytes: count,
    }),
  ),
  clears: z.object({ number: count, state: z.enum(['confirmed', 'unconfirmed']), ageMs: count }),
});
export type InstanceState = z.infer<typeof instanceStateSchema>;

/** What changes every second for one service (or all, or one route of a service) and one range. */
export const overviewTickSchema = z.object({
  service: z.string().describe('"all" or a service'),
  route: z.string().nullable().describe('A route of that service, to which all numbers are limited; null = all'),
  range: rangeSchema.nullable().describe('The range up to now; null for a fixed window'),
  from: z.number().describe('Start of what is covered, ms since the epoch'),
  to: z.number().describe('Its end: that of the newest step'),
  step: count.describe('Seconds that one sample stands for'),
  /** The newest step. While time goes on it grows: the next tick brings the same `at` again, or the step after it. */
  sample: sampleSchema,
  summary: summarySchema,
  /** The same for the period before, for "change against the period before". */
  previous: summarySchema,
  routes: z.array(routeRowSchema),
  services: z.array(serviceStateSchema),
  levels: z.array(levelStateSchema),
  health: z.object({ state: healthStateSchema, why: z.string(), since: z.number() }),
  instances: z.array(instanceStateSchema).describe('Every gateway worker of the fleet, by instance and worker'),
  gateway: z.object({
    url: z.string(),
    workers: count,
    connections: count,
    inFlight: count,
    eventLoopP99Ms: count,
  }),
  sampleTraffic: z
    .enum(['off', 'running', 'stopped', 'idle'])
    .describe('off = a real upstream; idle = nobody watched for 10 minutes'),
  configError: z
    .string()
    .nullable()
    .describe('Why the newest configuration file was refused; null when the running one is the newest'),
});
export type OverviewTick = z.infer<typeof overviewTickSchema>;

/** Full state on request and on every (re)connection: the tick plus its samples, oldest first, a step apart. */
export const overviewSchema = overviewTickSchema.extend({
  samples: z.array(sampleSchema),
  changes: z.array(changeSchema).max(OVERVIEW_CHANGES).describe('What changed in the range, newest first'),
  environment: z.string().describe('Which Pitwall this is: PITWALL_ENVIRONMENT, or what stands for it'),
});
export type Overview = z.infer<typeof overviewSchema>;

/** Of a range up to now: what is watched. */
export type LiveTick = OverviewTick & { readonly range: Range };
export type LiveOverview = Overview & { readonly range: Range };

/** Socket.IO namespace `/live`. */
export const LIVE_NAMESPACE = '/live';

/** Client asks for a topic; it gets `overview` once, then `tick` once a second. One overview topic per socket. */
export const watchSchema = z.object({
  service: z.string().max(63).describe('Its name, or "all"'),
  route: z.string().min(1).max(2_048).optional().describe('A route of that service, by name'),
  range: rangeSchema.describe('How far back'),
});
export type Watch = z.infer<typeof watchSchema>;

/** The same as a query. */
export const watchQuerySchema = watchSchema.extend({
  service: watchSchema.shape.service.default('all'),
  range: watchSchema.shape.range.default('5m'),
});

/** A fixed window of the past, in place of a range. */
export type WindowWatch = Omit<Watch, 'range'> & { readonly from: number; readonly to: number };

const instant = z.coerce.number().int().min(0).max(8.64e15);

/** Query of GET /api/performance/overview: a range up to now, or a fixed window where `from` and `to` are given. */
export const overviewQuerySchema = z
  .object({
    ...watchQuerySchema.shape,
    from: instant.optional().describe('Start of a fixed window, ms since the epoch; with `to`, instead of `range`'),
    to: instant.optional().describe('Its end, at most an hour later'),
  })
  .superRefine(({ from, to }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (from === undefined && to === undefined) return;
    if (from === undefined) refuse('from', 'a window needs both from and to');
    else if (to === undefined) refuse('to', 'a window needs both from and to');
    else if (from >= to) refuse('from', 'must be before to');
    else if (to - from > LONGEST_WINDOW_MS) refuse('from', 'a window is at most an hour (3600000 ms) long');
  });
export type OverviewQuery = z.infer<typeof overviewQuerySchema>;

/** Body of POST /api/services/{service}/mode. */
export const setModeSchema = z.strictObject({
  mode: z.enum(MODES),
  reason: z.string().trim().min(1).max(200),
  forMs: z
    .number()
    .int()
    .min(1_000)
    .max(7 * 86_400_000)
    .optional()
    .describe('After this long the configured mode returns'),
});
export type SetMode = z.infer<typeof setModeSchema>;

/** Its answer. */
export const modeAnswerSchema = serviceStateSchema.extend({
  unreached: z.array(z.string()).describe("Instances that didn't answer; they switch when they are back"),
});
export type ModeAnswer = z.infer<typeof modeAnswerSchema>;

/** Body of POST /api/sample/traffic. */
export const sampleTrafficSchema = z.object({ run: z.boolean() });

/** What the API's description calls them. */
const NAMED = {
  Sample: [sampleSchema, 'One step of traffic: counts per second, quantiles over all of it'],
  Summary: [summarySchema, 'Totals over a range: rates per second, ratios; null where nothing was measured'],
  RouteRow: [routeRowSchema, 'A route within a range'],
  ServiceState: [serviceStateSchema, 'A service with its mode, its targets and their breakers'],
  LevelState: [levelStateSchema, 'A level of the cache, of all workers together'],
  InstanceState: [instanceStateSchema, 'A gateway worker, as it was when it last answered'],
} as const;
for (const [id, [schema, description]] of Object.entries(NAMED)) z.globalRegistry.add(schema, { id, description });
