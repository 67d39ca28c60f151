import './no-eval.ts';
import { z } from 'zod';
import { MISS_REASONS } from './traffic.ts';

/** Most rows of one answer. */
export const MAX_TOP = 100;
/** Hours that gateways count keys for. */
export const MAX_HOURS = 6;

/** Query of GET /api/cache/keys: `?by=asked&top=20&hours=6`. */
export const keysQuerySchema = z.object({
  by: z.enum(['asked', 'missed']).default('asked').describe('Which keys: the most asked for, or the most missed'),
  top: z.coerce.number().int().min(1).max(MAX_TOP).default(20).describe('Most rows'),
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_HOURS)
    .default(MAX_HOURS)
    .describe('Over the last hours, the current one among them'),
  service: z.string().min(1).max(63).optional().describe('Keys of this service alone'),
  route: z.string().min(1).max(2_048).optional().describe('Keys of this route alone, by name'),
});
export type KeysQuery = z.infer<typeof keysQuerySchema>;

const times = z.number().int().nonnegative();

export const keyRowSchema = z.object({
  key: z.string().describe('Method, URL and what else tells requests apart; a very long one ends in a digest'),
  url: z
    .string()
    .nullable()
    .describe(
      'Null where the key was too long to keep its URL whole, is of a sensitive route and not shown, or had a secret in it',
    ),
  service: z.string(),
  route: z.string(),
  count: times.describe('How often it was asked for, or missed'),
  error: times.describe('The most that the count may be too high'),
  reasons: z
    .partialRecord(z.enum(MISS_REASONS), times)
    .describe('Of missed keys: why. Together they may be fewer than the count, by its error at most'),
});

/** Answer of GET /api/cache/keys, greatest count first. */
export const keysSchema = z.object({
  from: z.number().describe('ms since the epoch: the start of the oldest hour counted'),
  rows: z.array(keyRowSchema),
});
export type Keys = z.infer<typeof keysSchema>;
