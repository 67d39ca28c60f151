import './no-eval.ts';
import { z } from 'zod';

/** What can change: clears of people and origins, undos, configuration, modes, breakers, levels, instances, sample traffic. */
export const CHANGE_KINDS = ['clear', 'undo', 'config', 'mode', 'breaker', 'level', 'instance', 'sample'] as const;
export const changeKindSchema = z.enum(CHANGE_KINDS);
export type ChangeKind = z.infer<typeof changeKindSchema>;

export const CHANGE_TONES = ['neutral', 'good', 'watch', 'bad'] as const;
export type ChangeTone = (typeof CHANGE_TONES)[number];

/** Most changes that an overview carries. */
export const OVERVIEW_CHANGES = 100;

/** Of a job that reports on it, or made for it. */
export const changeIdSchema = z
  .string()
  .max(100)
  .regex(/^[\w-]+$/, 'expected letters, digits, - and _');

/** Something that changed; what is told of it later (more workers, an outcome) replaces it under the same id. */
export const changeSchema = z.object({
  id: z.string(),
  at: z.number().describe('ms since the epoch'),
  kind: changeKindSchema,
  service: z.string().nullable().describe('Null where it concerns all services'),
  tone: z.enum(CHANGE_TONES),
  title: z.string().describe('A few words'),
  detail: z.string().nullable().describe('Sentences: why, how long, on how many workers'),
  instance: z.string().nullable().describe('Null where it concerns the fleet'),
  jobId: z.string().nullable().describe('The job that reports on it'),
});
export type Change = z.infer<typeof changeSchema>;

export const changeListSchema = z.object({
  changes: z.array(changeSchema).describe('Newest first'),
  next: z.string().nullable().describe('The next page: ?after=…; null at the end'),
});
export type ChangeList = z.infer<typeof changeListSchema>;

/** ms since the epoch, to the last that a Date holds. */
const wall = z.coerce.number().int().min(0).max(8.64e15).optional();

/** Query of GET /api/changes: `?service=chat&kind=clear,undo&from=…&to=…&limit=20&after=…`. */
export const changeListQuerySchema = z.object({
  service: z.string().min(1).max(63).optional().describe('What concerns this service, or all of them'),
  kind: z
    .string()
    .max(100)
    .transform((list) => list.split(','))
    .pipe(z.array(changeKindSchema).max(CHANGE_KINDS.length))
    .optional()
    .describe('One or several kinds, with commas between'),
  from: wall.describe('ms since the epoch, inclusive'),
  to: wall.describe('ms since the epoch, inclusive'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most changes of one page'),
  after: z.string().max(100).optional().describe('What "next" of the page before says'),
});
export type ChangeListQuery = z.infer<typeof changeListQuerySchema>;

/** Path of GET /api/changes/{id}. */
export const changeParamsSchema = z.object({ id: changeIdSchema.describe('Of the change') });
