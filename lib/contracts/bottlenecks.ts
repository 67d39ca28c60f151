import './no-eval.ts';
import { z } from 'zod';
import { levelStateSchema, overviewTickSchema, rangeSchema } from './overview.ts';
import { MISS_REASONS } from './traffic.ts';

const count = z.number().min(0);
const why = z.string().describe('A whole sentence');
const remedy = z.string().nullable().describe('What could be done; null where nothing needs doing');

/** What holds requests up. */
export const bottleneckSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('worker'),
      instance: z.string(),
      worker: count,
      eventLoopP99Ms: count,
      utilisation: z.number().describe('Share of the time that its event loop was busy, 0 to 1'),
      why,
      remedy,
    }),
    z.object({
      kind: z.literal('level'),
      level: levelStateSchema.shape.level,
      state: levelStateSchema.shape.state,
      p99Ms: count.nullable().describe('To ask it, since the start'),
      why,
      remedy,
    }),
    z.object({
      kind: z.literal('route'),
      service: z.string(),
      route: z.string(),
      originSecondsPerMinute: count.describe('Time spent waiting for the origin'),
      share: z.number().describe('Of the time that all routes waited, 0 to 1'),
      originCallsPerSecond: count,
      p95MissMs: count.nullable(),
      hitRatio: z.number().nullable(),
      reason: z.enum(MISS_REASONS).nullable().describe('Why most of its requests were not answered from the store'),
      why,
      remedy,
    }),
  ])
  .meta({ id: 'Bottleneck' });
export type Bottleneck = z.infer<typeof bottleneckSchema>;

/** Most routes of one answer. */
const MAX_ROUTES = 100;
export const topRoutes = z.coerce.number().int().min(1).max(MAX_ROUTES).default(20).describe('Most routes');

/** Answer of GET /api/performance/bottlenecks. */
export const bottlenecksSchema = z.object({
  ...overviewTickSchema.pick({ service: true, route: true }).shape,
  range: rangeSchema,
  at: z.number().describe('End of the newest step that it covers, ms since the epoch'),
  bottlenecks: z
    .array(bottleneckSchema)
    .describe(
      'First what holds up everything, workers and levels; then routes by the time that they wait for the origin',
    ),
});
export type Bottlenecks = z.infer<typeof bottlenecksSchema>;
