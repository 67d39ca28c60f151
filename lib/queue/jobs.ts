// Over 300 lines, since it's one machine: queue, places and every command change the same few maps.
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import { createEvents, type Events } from '../kernel/events.ts';
import { correlated } from '../kernel/correlation.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import {
  JOB_PRIORITIES,
  OPEN_STATES,
  isOpen,
  type DoneJob,
  type JobPriority,
  type JobRecord,
  type OpenJob,
} from './job.ts';
import { INPUT_BYTES, STATE_BYTES, asJson, asText } from './job-json.ts';
import { pageOf, type JobPage } from './job-page.ts';
import type { JobQuery, JobRepository } from './job-repository.ts';
import { UNIT_LENGTH, type JobRunner } from './job-run.ts';
import {
  afterRestart,
  cancelled,
  done,
  failed,
  paused,
  queuedAgain,
  requirePaused,
  started,
} from './job-transitions.ts';
import { createJobWriter } from './job-writer.ts';
import { createLiveRun, type LiveRun } from './live-run.ts';
import { createPriorityQueue } from './priority-queue.ts';

/** Most jobs that are queued, running or paused at once. */
export const MAX_OPEN_JOBS = 1_000;
/** Ended jobs that are kept: so many, and not longer than so many ms. */
export const KEPT_JOBS = 1_000;
export const KEPT_MS = 30 * 86_400_000;
/** Ended jobs that stay in memory once they are stored. */
export const RECENT_JOBS = 100;
/** A cancelled runner gets so long to end; then its place is given away, ms. */
export const CUT_OFF_MS = 5_000;
/** Wait before jobs from before a restart are asked for again, ms. */
const LOAD_RETRY_MS = 1_000;
/** Longest title and error, characters. */
const TITLE_LENGTH = 200;
const ERROR_LENGTH = 1_000;

export interface NewJob {
  readonly kind: string;
  /** One line for people. */
  readonly title: string;
  readonly input: unknown;
  /** Default normal. */
  readonly priority?: JobPriority;
  /** What is counted; default "steps". */
  readonly unit?: string;
  readonly total?: number | null;
}

/** A job is new or changed; one event per change, in order, a moment after it. */
export interface JobEvent {
  readonly type: 'job';
  readonly job: JobRecord;
}

export interface JobList extends JobPage {
  /** Why jobs may be missing from the list, in words; null when it's whole. */
  readonly degraded: string | null;
}

export interface JobsOptions {
  readonly runners: Readonly<Record<string, JobRunner>>;
  readonly repository: JobRepository;
  /** Most runners at work at once, at least 1. */
  readonly concurrency: number;
  /** Whose jobs these are: a name that outlives a restart, and that no other process has. */
  readonly owner: string;
  readonly clock: Clock;
  readonly after: After;
  readonly newId: () => string;
  readonly logger: Logger;
}

/**
 * The queue of long work. At most `concurrency` runners work at once; a paused one gives its place to the next.
 * What a crash interrupts is queued again from its checkpoint. Without its repository it goes on in memory.
 */
export interface Jobs {
  readonly events: Events<JobEvent>;
  /** Takes up the owner's jobs from before the restart; goes on trying while they can't be read. */
  open(): Promise<void>;
  /** Resolves once it's written down, or can't be. Throws `too_many_requests`, `validation_failed`, `draining`. */
  add(job: NewJob): Promise<JobRecord>;
  /** Throws `not_found`. */
  find(id: string): Promise<JobRecord>;
  list(query: JobQuery): Promise<JobList>;
  /** These throw `not_found`, and `conflict` where the job's state doesn't allow it or another instance runs it. */
  cancel(id: string): Promise<JobRecord>;
  pause(id: string): Promise<JobRecord>;
  resume(id: string): Promise<JobRecord>;
  /**
   * Replaces what a job found, where `change` answers with another; only of those that are done and among the
   * RECENT_JOBS, else it does nothing.
   */
  amend(id: string, change: (job: DoneJob) => DoneJob): void;
  /** Runners are told and get `graceMs`; what doesn't end by then is queued for the next start. */
  close(graceMs: number): Promise<void>;
}

export function createJobs(options: JobsOptions): Jobs {
  const { runners, repository, concurrency, owner, clock, after, newId, logger } = options;
  const events = createEvents<JobEvent>();
  /** Every open job of ours, and the ended ones that aren't stored or are recent. */
  const held = new Map<string, JobRecord>();
  const ended = new Set<string>();
  const live = new Map<string, LiveRun>();
  const endings = new Set<Promise<void>>();
  const queue = createPriorityQueue<string>(JOB_PRIORITIES.length);
  let places = 0;
  let loading = false;
  let pruning = false;
  let closing = false;
  let cancelLoad = (): void => {};

  const writer = createJobWriter({ repository, read: (id) => held.get(id), onSaved: saved, clock, after, logger });
  const rankOf = ({ priority }: JobRecord): number => JOB_PRIORITIES.indexOf(priority);

  function put<J extends JobRecord>(job: J, urgent = true): J {
    held.set(job.id, job);
    if (!isOpen(job)) ended.add(job.id);
    writer.mark(job.id, urgent);
    queueMicrotask(() => events.emit({ type: 'job', job }));
    trim();
    return job;
  }

  /** Forgets the oldest ended jobs that are stored; with the database away, all but KEPT_JOBS. */
  function trim(): void {
    if (loading) return;
    for (const id of ended) {
      if (ended.size <= RECENT_JOBS) return;
      if (ended.size <= KEPT_JOBS && writer.isDirty(id)) continue;
      ended.delete(id);
      held.delete(id);
      writer.forget(id);
    }
  }

  function saved(jobs: readonly JobRecord[]): void {
    trim();
    if (jobs.some((job) => !isOpen(job))) void prune();
  }

  async function prune(): Promise<void> {
    if (pruning) return;
    pruning = true;
    // What can't be pruned now is pruned after the next job.
    await repository.prune({ keep: KEPT_JOBS, endedBefore: clock.wall() - KEPT_MS }).catch(() => undefined);
    pruning = false;
  }

  /** Gives free places to those who wait. */
  function pump(): void {
    while (!closing && places < concurrency) {
      const id = queue.take();
      if (id === undefined) return;
      // What is in the queue is held, and queued.
      const now = put(started(held.get(id) as OpenJob, clock.wall())) as OpenJob;
      const stopped = live.get(id);
      if (stopped === undefined) begin(now);
      else stopped.goOn();
    }
  }

  function begin(job: OpenJob): void {
    const run = createLiveRun(job, {
      job() {
        const now = live.get(job.id) === run ? held.get(job.id) : undefined;
        return now !== undefined && isOpen(now) ? now : undefined;
      },
      change: (now) => void put(now, false),
      places(change) {
        places += change;
        if (change === -1) pump();
      },
    });
    live.set(job.id, run);
    const ending = work(job, run).then((end) => settle(job.id, run, end));
    endings.add(ending);
    void ending.finally(() => endings.delete(ending));
  }

  /** Runs the runner to its end; resolves with what that makes of the job. */
  async function work(job: OpenJob, { run }: LiveRun): Promise<(now: OpenJob) => JobRecord> {
    try {
      // That it runs is written down first: a job that ends the process each time isn't tried for ever.
      await writer.flush();
      await run.pausing.point();
      const runner = runners[job.kind];
      if (runner === undefined) throw new PitwallError('not_found', `Nothing here runs jobs of kind ${job.kind}.`);
      const result = asJson('result', await correlated(job.id, () => runner(run)), STATE_BYTES);
      return (now) => done(now, clock.wall(), result);
    } catch (error) {
      if (closing && run.signal.aborted) return interrupted;
      const words = error instanceof Error ? error.message : String(error);
      return (now) => failed(now, clock.wall(), asText(words, ERROR_LENGTH));
    }
  }

  /** What a shutdown leaves of a job. */
  function interrupted(job: OpenJob): JobRecord {
    return job.state === 'running' ? queuedAgain(job) : job;
  }

  /** The end of a run, unless it has been cut off before. */
  function settle(id: string, run: LiveRun, end: (now: OpenJob) => JobRecord): void {
    if (live.get(id) !== run) return;
    live.delete(id);
    const job = held.get(id);
    if (job !== undefined && isOpen(job)) {
      queue.remove(id);
      put(end(job));
    }
    run.leave();
  }

  function cutOff(id: string, run: LiveRun): void {
    if (live.get(id) !== run) return;
    logger.warn(`The job ${id} was cancelled and doesn't end: its place is given away.`, {
      correlationId: id,
    });
    live.delete(id);
    run.leave();
  }

  async function load(): Promise<void> {
    loading = true;
    try {
      const stored = await repository.list({ owner, states: OPEN_STATES, limit: MAX_OPEN_JOBS });
      for (const job of stored.reverse()) if (isOpen(job) && !held.has(job.id)) takeUp(job);
    } catch (error) {
      if (!closing) cancelLoad = after(LOAD_RETRY_MS, () => void load());
      logger.debug(`Jobs from before can't be read yet: ${String(error)}`);
    }
    loading = false;
    pump();
  }

  function takeUp(job: OpenJob): void {
    const now = afterRestart(job, clock.wall());
    if (now === job) held.set(job.id, job);
    else put(now);
    if (now.state === 'queued') queue.push(now.id, rankOf(now));
    if (job.state === 'running')
      logger.info(`The job "${job.title}" was interrupted by a restart and is ${now.state}.`, {
        correlationId: job.id,
      });
  }

  /** Why a job that isn't in memory can't be commanded; or, where it's over, the job. */
  async function elsewhere(id: string): Promise<JobRecord> {
    const job = await jobs.find(id);
    if (!isOpen(job)) return job;
    if (job.owner !== owner) throw new PitwallError('conflict', `This job belongs to the instance ${job.owner}.`);
    throw new PitwallError('conflict', 'Jobs from before the restart are still being read.', { retryAfter: 1 });
  }

  function refuseWhileClosing(): void {
    if (closing) throw new PitwallError('draining', 'Pitwall is shutting down.');
  }

  const jobs: Jobs = {
    events,
    async open() {
      await load();
      await prune();
    },
    async add({ kind, title, input, priority = 'normal', unit = 'steps', total = null }) {
      refuseWhileClosing();
      if (held.size - ended.size >= MAX_OPEN_JOBS) {
        const words = `${MAX_OPEN_JOBS} jobs wait or run already; cancel some, or try again later.`;
        throw new PitwallError('too_many_requests', words, { retryAfter: 10 });
      }
      if (runners[kind] === undefined)
        throw new PitwallError('validation_failed', `Nothing here runs jobs of kind ${kind}.`);
      const job = put<OpenJob>({
        id: newId(),
        owner,
        kind,
        title: asText(title, TITLE_LENGTH),
        priority,
        progress: { done: 0, total, unit: asText(unit, UNIT_LENGTH) },
        outcomes: [],
        createdAt: clock.wall(),
        restarts: 0,
        input: asJson('input', input, INPUT_BYTES),
        checkpoint: null,
        state: 'queued',
        startedAt: null,
      });
      queue.push(job.id, rankOf(job));
      pump();
      await writer.flush();
      return held.get(job.id) ?? job;
    },
    async find(id) {
      const job = held.get(id) ?? (await repository.find(id));
      if (job === undefined) throw new PitwallError('not_found', `There is no job ${JSON.stringify(id)}.`);
      return job;
    },
    async list(query) {
      try {
        return { ...pageOf(query, await repository.list(query), held), degraded: null };
      } catch (error) {
        const degraded = `Stored jobs can't be read: ${error instanceof Error ? error.message : String(error)}`;
        return { ...pageOf(query, [], held), degraded };
      }
    },
    async cancel(id) {
      const job = put(cancelled(held.get(id) ?? (await elsewhere(id)), clock.wall()));
      queue.remove(id);
      const run = live.get(id);
      run?.abort();
      if (run !== undefined) after(CUT_OFF_MS, () => cutOff(id, run));
      return job;
    },
    async pause(id) {
      const job = put(paused(held.get(id) ?? (await elsewhere(id))));
      queue.remove(id);
      return job;
    },
    async resume(id) {
      refuseWhileClosing();
      const job = held.get(id) ?? (await elsewhere(id));
      requirePaused(job);
      if (live.get(id)?.stopped === false) return put(started(job, clock.wall()));
      put(queuedAgain(job));
      queue.unshift(id, rankOf(job));
      pump();
      return held.get(id) ?? job;
    },
    amend(id, change) {
      const job = held.get(id);
      if (job?.state !== 'done') return;
      const now = change(job);
      if (now !== job) put(now);
    },
    async close(graceMs) {
      closing = true;
      cancelLoad();
      for (const run of live.values()) run.abort(new PitwallError('draining', 'Pitwall is shutting down.'));
      const grace = Promise.withResolvers<undefined>();
      const cancelGrace = after(graceMs, () => grace.resolve(undefined));
      await Promise.race([Promise.allSettled(endings), grace.promise]);
      cancelGrace();
      for (const [id, run] of live) settle(id, run, interrupted);
      await writer.close();
    },
  };
  return jobs;
}
