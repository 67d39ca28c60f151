import { z } from 'zod';

/** What a job does; each kind has a runner (lib/queue/jobs). */
export const JOB_KINDS = ['clear', 'undo', 'warm', 'benchmark', 'report'] as const;
export const jobKindSchema = z.enum(JOB_KINDS);
export type JobKind = z.infer<typeof jobKindSchema>;

/** queued → running ⇄ paused → done, failed or cancelled. After a restart what ran is queued again. */
export const JOB_STATES = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export const jobStateSchema = z.enum(JOB_STATES);
export type JobState = z.infer<typeof jobStateSchema>;

/** Higher runs first; people's own actions before what runs by itself. */
export const JOB_PRIORITIES = { high: 2, normal: 1, low: 0 } as const;
export const jobPrioritySchema = z.enum(['high', 'normal', 'low']);
export type JobPriority = z.infer<typeof jobPrioritySchema>;

const wall = z.number().describe('ms since the epoch');

/** What became of a job on one instance. */
export const jobOutcomeSchema = z.object({
  instance: z.string(),
  worker: z.number().int(),
  state: z.enum(['confirmed', 'unconfirmed', 'failed']),
  detail: z.string().nullable(),
});
export type JobOutcome = z.infer<typeof jobOutcomeSchema>;

export const jobSchema = z.object({
  id: z.string(),
  kind: jobKindSchema,
  title: z.string().describe('One line for people'),
  state: jobStateSchema,
  priority: jobPrioritySchema,
  progress: z.object({
    done: z.number().min(0),
    /** Null while nobody knows. */
    total: z.number().min(0).nullable(),
    unit: z.string().describe('What is counted: "instances", "URLs"'),
  }),
  outcomes: z.array(jobOutcomeSchema),
  createdAt: wall,
  startedAt: wall.nullable(),
  endedAt: wall.nullable(),
  error: z.string().nullable().describe('Why it failed'),
  /** What it was asked to do, by kind. */
  input: z.unknown(),
  /** What it found, by kind; null until it's done. */
  result: z.unknown(),
});
export type Job = z.infer<typeof jobSchema>;

export const jobListSchema = z.object({ jobs: z.array(jobSchema) });
