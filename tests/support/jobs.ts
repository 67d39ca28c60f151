import { manualClock, type ManualClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { newestFirst, isOpen, type JobRecord } from '../../lib/queue/job.ts';
import { matches } from '../../lib/queue/job-page.ts';
import type { JobRepository } from '../../lib/queue/job-repository.ts';
import { createJobs, type Jobs, type JobsOptions } from '../../lib/queue/jobs.ts';
import type { JobRun } from '../../lib/queue/job-run.ts';

/** A repository in memory that can be away, and that counts writes. */
export interface FakeRepository extends JobRepository {
  readonly rows: Map<string, JobRecord>;
  /** Ids of every batch that was written. */
  readonly batches: string[][];
  away: boolean;
}

export function fakeRepository(): FakeRepository {
  const rows = new Map<string, JobRecord>();
  const batches: string[][] = [];
  const repository: FakeRepository = {
    rows,
    batches,
    away: false,
    async save(jobs) {
      await reach();
      for (const job of jobs) rows.set(job.id, job);
      batches.push(jobs.map(({ id }) => id));
    },
    async find(id) {
      await reach();
      return rows.get(id);
    },
    async list(query) {
      await reach();
      return [...rows.values()]
        .filter((job) => matches(job, query))
        .sort(newestFirst)
        .slice(0, query.limit);
    },
    async prune({ keep, endedBefore }) {
      await reach();
      const over = [...rows.values()].flatMap((job) => (isOpen(job) ? [] : [job]));
      over.sort((a, b) => b.endedAt - a.endedAt);
      over.forEach((job, index) => {
        if (index >= keep || job.endedAt < endedBefore) rows.delete(job.id);
      });
    },
  };
  async function reach(): Promise<void> {
    await Promise.resolve();
    if (repository.away) throw new Error('away');
  }
  return repository;
}

/** Timers that fire when told to. */
export interface ManualTimers {
  after: JobsOptions['after'];
  /** Moves the clock, and fires what is due in order. */
  pass(ms: number): Promise<void>;
}

/** Lets everything that is ready go on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export function manualTimers(clock: ManualClock): ManualTimers {
  let timers: { at: number; run: () => void }[] = [];
  return {
    after(ms, run) {
      const timer = { at: clock.mono() + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const end = clock.mono() + ms;
      for (;;) {
        await settled();
        timers.sort((a, b) => a.at - b.at);
        const next = timers[0];
        if (next === undefined || next.at > end) break;
        timers.shift();
        clock.advance(Math.max(0, next.at - clock.mono()));
        next.run();
      }
      clock.advance(end - clock.mono());
      await settled();
    },
  };
}

/** A runner whose jobs end when the test says so. */
export interface ManualRun {
  readonly run: JobRun;
  end(result?: unknown): void;
  fail(error: unknown): void;
}

export interface JobScene {
  readonly jobs: Jobs;
  readonly clock: ManualClock;
  readonly timers: ManualTimers;
  readonly repository: FakeRepository;
  /** Every run that was started, in order. */
  readonly runs: ManualRun[];
  /** The latest run of a job. */
  runOf(id: string): ManualRun;
}

/** Jobs of kind "test" over a fake repository and a clock that stands still. Ids are job-1, job-2, … */
export function jobScene(options: Partial<JobsOptions> & { repository?: FakeRepository } = {}): JobScene {
  const clock = manualClock(1_000_000);
  const timers = manualTimers(clock);
  const repository = options.repository ?? fakeRepository();
  const runs: ManualRun[] = [];
  let ids = repository.rows.size;
  const jobs = createJobs({
    runners: {
      test(run) {
        const ending = Promise.withResolvers<unknown>();
        runs.push({ run, end: (result) => ending.resolve(result), fail: (error) => ending.reject(error as Error) });
        run.signal.addEventListener('abort', () => ending.reject(run.signal.reason as Error));
        return ending.promise;
      },
    },
    concurrency: 2,
    owner: 'one',
    clock,
    after: timers.after,
    newId: () => `job-${String(++ids).padStart(4, '0')}`,
    logger: silentLogger,
    ...options,
    repository,
  });
  return {
    jobs,
    clock,
    timers,
    repository,
    runs,
    runOf(id) {
      const found = runs.findLast(({ run }) => run.id === id);
      if (found === undefined) throw new Error(`${id} never ran`);
      return found;
    },
  };
}
