import './no-eval.ts';
import { z } from 'zod';
import { overviewTickSchema } from './overview.ts';

/** Live figures that can be asked for by name. */
export const METRIC_NAMES = [
  'requests',
  'hit_ratio',
  'origin_calls',
  'origin_calls_saved',
  'p50_hit',
  'p95_hit',
  'p99_hit',
  'p50_miss',
  'p95_miss',
  'p99_miss',
  'errors',
  'origin_errors',
  'gateway_errors',
  'aborted',
  'stale',
  'coalesced',
  'bytes_saved',
  'bytes_sent',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
const metricNameSchema = z.enum(METRIC_NAMES);

export const metricSchema = z
  .object({
    name: metricNameSchema,
    help: z.string().describe('What it counts'),
    type: z.enum(['rate', 'ratio', 'duration']),
    unit: z.enum(['req/s', 'calls/s', 'B/s', 'ratio', 'ms']),
  })
  .meta({ id: 'Metric' });
export type Metric = z.infer<typeof metricSchema>;

/** Answer of GET /api/performance/metrics. */
export const metricListSchema = z.object({ metrics: z.array(metricSchema) });

/** Path of GET /api/performance/metrics/{name}. */
export const metricParamsSchema = z.object({ name: metricNameSchema.describe('Its name') });

/** Its answer. */
export const metricValuesSchema = metricSchema.extend({
  ...overviewTickSchema.pick({ service: true, route: true, range: true, from: true, to: true, step: true }).shape,
  value: z.number().nullable().describe('Over the whole range; null when nothing was measured'),
  points: z
    .array(
      z.object({
        at: z.number().describe('End of the step, ms since the epoch'),
        value: z.number().nullable().describe('Null when nothing was measured: a gap, not a zero'),
      }),
    )
    .describe('Oldest first'),
});
export type MetricValues = z.infer<typeof metricValuesSchema>;
