import type { Job, JobKind, JobList, JobListQuery } from '../contracts/job.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { Events } from '../kernel/events.ts';
import type { Logger } from '../kernel/logger.ts';
import { after } from '../kernel/timer.ts';
import type { DoneJob, JobPlace, JobRecord } from '../queue/job.ts';
import type { JobRepository } from '../queue/job-repository.ts';
import type { JobRunner } from '../queue/job-run.ts';
import { createJobs, type JobEvent, type NewJob } from '../queue/jobs.ts';

export interface JobServiceOptions {
  /** What this process can run, by kind. */
  readonly runners: Partial<Record<JobKind, JobRunner>>;
  readonly repository: JobRepository;
  /** Most runners at work at once: MAX_CONCURRENT_TESTS. */
  readonly concurrency: number;
  /** Whose jobs these are: a name that outlives a restart and that no other process has. */
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Jobs as the API and the live hub see them. */
export interface JobService {
  readonly events: Events<JobEvent>;
  /** Takes up the jobs from before the restart; call it once, when every runner can work. */
  open(): Promise<void>;
  add(job: NewJob & { readonly kind: JobKind }): Promise<Job>;
  find(id: string): Promise<Job>;
  list(query: JobListQuery): Promise<JobList>;
  cancel(id: string): Promise<Job>;
  pause(id: string): Promise<Job>;
  resume(id: string): Promise<Job>;
  amend(id: string, change: (job: DoneJob) => DoneJob): void;
  close(graceMs: number): Promise<void>;
}

/** Makes the queue of jobs with the machine's timers and with ids that sort by time. */
export function createJobService({ runners, ...options }: JobServiceOptions): JobService {
  const jobs = createJobs({
    ...options,
    runners: runners as Record<string, JobRunner>,
    after,
    newId: ids(options.clock),
  });
  return {
    events: jobs.events,
    open: () => jobs.open(),
    add: async (job) => jobOf(await jobs.add(job)),
    find: async (id) => jobOf(await jobs.find(id)),
    async list({ state, kind, limit, after: cursor }) {
      const page = await jobs.list({
        limit,
        ...(state === undefined ? {} : { states: state }),
        ...(kind === undefined ? {} : { kind }),
        ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
      });
      return {
        jobs: page.jobs.map(jobOf),
        next: page.next === null ? null : `${page.next.createdAt}.${page.next.id}`,
        degraded: page.degraded,
      };
    },
    cancel: async (id) => jobOf(await jobs.cancel(id)),
    pause: async (id) => jobOf(await jobs.pause(id)),
    resume: async (id) => jobOf(await jobs.resume(id)),
    amend: (id, change) => jobs.amend(id, change),
    close: (graceMs) => jobs.close(graceMs),
  };
}

/** A job in the form of the wire: an impossible field is null. */
export function jobOf(record: JobRecord): Job {
  const { id, kind, title, state, priority, progress, outcomes, createdAt, startedAt, input } = record;
  return {
    id,
    // What is stored or added has a kind of the contract.
    kind: kind as JobKind,
    title,
    state,
    priority,
    progress,
    outcomes: [...outcomes],
    createdAt,
    startedAt,
    endedAt: 'endedAt' in record ? record.endedAt : null,
    error: 'error' in record ? record.error : null,
    input,
    result: 'result' in record ? record.result : null,
  };
}

function placeOf(cursor: string): JobPlace {
  const [, createdAt, id] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) {
    throw new PitwallError('validation_failed', 'query.after: expected what "next" of the page before says');
  }
  return { createdAt: Number(createdAt), id };
}

/** UUIDs of version 7 (RFC 9562), with a counter within the ms: they sort as they were made, also when the clock steps back. */
function ids({ wall }: Clock): () => string {
  let time = 0;
  let count = 0;
  return () => {
    const now = Math.floor(wall());
    count = now > time ? 0 : count + 1;
    time = Math.max(now, time) + (count >> 12);
    count &= 0xfff;
    const hex = time.toString(16).padStart(12, '0');
    const counter = count.toString(16).padStart(3, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7${counter}${crypto.randomUUID().slice(18)}`;
  };
}
