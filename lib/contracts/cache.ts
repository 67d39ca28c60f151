import './no-eval.ts';
import { z } from 'zod';
import { keyRowSchema } from './keys.ts';
import { levelStateSchema, overviewTickSchema, rangeSchema, summarySchema } from './overview.ts';
import { MISS_REASONS } from './traffic.ts';

/** How many of the most missed keys. */
export const topKeys = z.coerce.number().int().min(1).max(100).default(10).describe('Most missed keys');

/** What the cache does: the part that follows from an overview. */
export const cacheFiguresSchema = z.object({
  ...overviewTickSchema.pick({ service: true, route: true }).shape,
  range: rangeSchema,
  at: z.number().describe('End of the newest step that it covers, ms since the epoch'),
  requestsPerSecond: summarySchema.shape.requestsPerSecond,
  hitRatio: z.number().nullable().describe('Requests answered fresh from the store ÷ requests'),
  staleRatio: z.number().nullable().describe('Requests served stale ÷ requests'),
  levels: z
    .array(levelStateSchema)
    .describe('What each holds, for all services together, and the share that it answered'),
  reasons: z
    .array(
      z.object({
        reason: z.enum(MISS_REASONS),
        requests: z.number().min(0).describe('Within the range'),
        share: z.number().describe('Of all that had a reason, 0 to 1'),
        why: z.string(),
        remedy: z.string().nullable().describe('What could be done; null where nothing needs doing'),
      }),
    )
    .describe('Why requests were not answered fresh from the store, most first'),
});
export type CacheFigures = z.infer<typeof cacheFiguresSchema>;

/** Answer of GET /api/performance/cache. */
export const cacheReportSchema = cacheFiguresSchema.extend({
  topMissed: z
    .array(keyRowSchema)
    .describe('The keys that were missed most in the last hours; more at /api/cache/keys'),
});
export type CacheReport = z.infer<typeof cacheReportSchema>;
