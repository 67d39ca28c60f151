import './no-eval.ts';
import { z } from 'zod';

/** What a job does; each kind has a runner (lib/queue/jobs). */
export const JOB_KINDS = ['clear', 'undo', 'warm', 'benchmark', 'report'] as const;
export const jobKindSchema = z.enum(JOB_KINDS);
export type JobKind = z.infer<typeof jobKindSchema>;

/**
 * queued → running ⇄ paused → done, failed or cancelled. A queued job can be paused too, a resumed one may have to
 * wait for a place, queued. After a restart what ran is queued again.
 */
export const JOB_STATES = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export const jobStateSchema = z.enum(JOB_STATES);
export type JobState = z.infer<typeof jobStateSchema>;

/** High runs first; people's own actions before what runs by itself. */
export const jobPrioritySchema = z.enum(['high', 'normal', 'low']);
export type JobPriority = z.infer<typeof jobPrioritySchema>;

const wall = z.number().describe('ms since the epoch');

/** What became of a job on one worker of an instance. */
export const jobOutcomeSchema = z.object({
  instance: z.string(),
  worker: z.number().int(),
  state: z.enum(['confirmed', 'unconfirmed', 'failed']),
  detail: z.string().nullable().describe('Why it is not confirmed'),
});
export type JobOutcome = z.infer<typeof jobOutcomeSchema>;

export const jobSchema = z
  .object({
    id: z.string(),
    kind: jobKindSchema,
    title: z.string().describe('One line for people'),
    state: jobStateSchema,
    priority: jobPrioritySchema,
    progress: z.object({
      done: z.number().min(0),
      total: z.number().min(0).nullable().describe('Null while nobody knows'),
      unit: z.string().describe('What is counted: "instances", "URLs"'),
    }),
    outcomes: z.array(jobOutcomeSchema).describe('What became of it on each worker of each instance'),
    createdAt: wall,
    startedAt: wall.nullable(),
    endedAt: wall.nullable(),
    error: z.string().nullable().describe('Why it failed'),
    input: z.unknown().describe('What it was asked to do, by kind'),
    result: z.unknown().describe("What it found, by kind; null until it's done"),
  })
  .meta({ id: 'Job', description: 'Work under way or done' });
export type Job = z.infer<typeof jobSchema>;

export const jobListSchema = z.object({
  jobs: z.array(jobSchema).describe('Newest first'),
  next: z.string().nullable().default(null).describe('The next page: ?after=…; null at the end'),
  degraded: z.string().nullable().default(null).describe('Why jobs may be missing; null when the list is whole'),
});
export type JobList = z.infer<typeof jobListSchema>;

/** Query of GET /api/jobs: `?state=queued,running&kind=warm&limit=20&after=…`. */
export const jobListQuerySchema = z.object({
  state: z
    .string()
    .max(200)
    .meta({ examples: ['queued,running'] })
    .transform((list) => list.split(','))
    .pipe(z.array(jobStateSchema).max(JOB_STATES.length))
    .optional()
    .describe('One or several states, with commas between'),
  kind: jobKindSchema.optional().describe('Only jobs of this kind'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most jobs of one page'),
  after: z.string().max(100).optional().describe('Where the page begins: "next" of the page before'),
});
export type JobListQuery = z.infer<typeof jobListQuerySchema>;

/** Path of /api/jobs/{id} and what is under it. */
export const jobParamsSchema = z.object({ id: z.string().min(1).max(64).describe('Of the job') });
