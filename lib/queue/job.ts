/** People's own actions before what runs by itself. */
export const JOB_PRIORITIES = ['high', 'normal', 'low'] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

export interface JobProgress {
  readonly done: number;
  /** Null while nobody knows. */
  readonly total: number | null;
  /** What is counted: "instances", "URLs". */
  readonly unit: string;
}

/** What became of a job on one worker of one instance. */
export interface JobOutcome {
  readonly instance: string;
  readonly worker: number;
  readonly state: 'confirmed' | 'unconfirmed' | 'failed';
  readonly detail: string | null;
}

interface JobFacts {
  readonly id: string;
  /** The instance that runs it, by a name that outlives a restart. */
  readonly owner: string;
  readonly kind: string;
  readonly title: string;
  readonly priority: JobPriority;
  readonly progress: JobProgress;
  readonly outcomes: readonly JobOutcome[];
  /** Times in ms since the epoch. */
  readonly createdAt: number;
  /** How often a restart queued it again. */
  readonly restarts: number;
  /** JSON, by kind. */
  readonly input: unknown;
  /** JSON that its runner wrote down to go on from; null = from the start. */
  readonly checkpoint: unknown;
}

/** `startedAt` is when it first started. */
export type JobStatus =
  | { readonly state: 'queued' | 'paused'; readonly startedAt: number | null }
  | { readonly state: 'running'; readonly startedAt: number }
  | { readonly state: 'done'; readonly startedAt: number; readonly endedAt: number; readonly result: unknown }
  | {
      readonly state: 'failed';
      readonly startedAt: number | null;
      readonly endedAt: number;
      /** One sentence. */
      readonly error: string;
    }
  | { readonly state: 'cancelled'; readonly startedAt: number | null; readonly endedAt: number };

export type JobRecord = JobFacts & JobStatus;
export type JobState = JobStatus['state'];
export type DoneJob = Extract<JobRecord, { readonly state: 'done' }>;

export const OPEN_STATES = ['queued', 'running', 'paused'] as const satisfies readonly JobState[];
export type OpenJob = Extract<JobRecord, { readonly state: (typeof OPEN_STATES)[number] }>;

export function isOpen(job: JobRecord): job is OpenJob {
  return job.state === 'queued' || job.state === 'running' || job.state === 'paused';
}

/** Where a job stands in the order of newestFirst. */
export interface JobPlace {
  readonly createdAt: number;
  readonly id: string;
}

/** Newest first; of two created in one millisecond, the one with the greater id. */
export function newestFirst(a: JobPlace, b: JobPlace): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
