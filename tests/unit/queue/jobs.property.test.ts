import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { isOpen, type JobRecord } from '../../../lib/queue/job.ts';
import type { JobRun } from '../../../lib/queue/job-run.ts';
import { CUT_OFF_MS, createJobs, type Jobs } from '../../../lib/queue/jobs.ts';
import { fakeRepository, manualTimers, settled, type FakeRepository, type ManualTimers } from '../../support/jobs.ts';

const CONCURRENCY = 2;

/** One run of a runner, as the outside sees it. */
interface Seen {
  readonly run: JobRun;
  /** Waits at a safe point. */
  stopped: boolean;
  over: boolean;
  /** When it was told to end, by the monotonic clock. */
  told: number | undefined;
  readonly ending: PromiseWithResolvers<unknown>;
}

/** A process: everything in it is lost with a crash, but not what the repository has. */
interface Life {
  readonly jobs: Jobs;
  readonly timers: ManualTimers;
  readonly runs: Seen[];
  /** Whether it has taken up the jobs from before. */
  loaded(): boolean;
  crash(): void;
}

const number = fc.nat(20);
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), n: fc.nat(2) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'pause' as const, 'resume' as const), n: number }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'end' as const,
        'fail' as const,
        'point' as const,
        'progress' as const,
        'checkpoint' as const,
      ),
      n: number,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), n: fc.constantFrom(1, 250, 1_000, 6_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'close' as const, 'away' as const), n: number }),
  },
  // Nothing settles after the next command.
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hurry' as const), n: number }) },
);

it('survives any commands, crashes and losses of its repository', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 80, size: 'max' }), fc.boolean(), async (commands, deaf) => {
      const repository = fakeRepository();
      const clock = manualClock(1_000);
      let ids = 0;
      /** Jobs that can't be lost any longer, as they were last stored before a crash or at the end. */
      const ended = new Map<string, JobRecord>();
      /** Whether a job ever ran twice at the same time. */
      let twice = false;
      let life = await begin();

      async function begin(): Promise<Life> {
        let dead = false;
        const timers = manualTimers(clock);
        const runs: Seen[] = [];
        let loaded = false;
        const mine = mortal(
          repository,
          () => dead,
          () => (loaded = true),
        );
        const jobs = createJobs({
          runners: { test: (run) => work(run, runs) },
          repository: mine,
          concurrency: CONCURRENCY,
          owner: 'one',
          clock,
          after: timers.after,
          newId: () => `job-${String(++ids).padStart(4, '0')}`,
          logger: silentLogger,
        });
        await jobs.open();
        return { jobs, timers, runs, loaded: () => loaded, crash: () => (dead = true) };
      }

      function work(run: JobRun, runs: Seen[]): Promise<unknown> {
        twice ||= runs.some((seen) => seen.run.id === run.id && !seen.over && seen.told === undefined);
        const seen: Seen = { run, stopped: false, over: false, told: undefined, ending: Promise.withResolvers() };
        runs.push(seen);
        run.signal.addEventListener('abort', () => {
          seen.told = clock.mono();
          if (!deaf) seen.ending.reject(new Error('told to end'));
        });
        return seen.ending.promise.finally(() => (seen.over = true));
      }

      /** At work; one that is deaf counts until its place is given away. */
      const atWork = (): Seen[] =>
        life.runs.filter(
          ({ over, stopped, told }) => !over && !stopped && (told === undefined || clock.mono() - told < CUT_OFF_MS),
        );

      async function check(): Promise<void> {
        expect(twice).toBe(false);
        expect(atWork().length).toBeLessThanOrEqual(CONCURRENCY);
        // Nobody waits while there is a place.
        const { jobs } = await life.jobs.list({ limit: 200, states: ['queued'] });
        if (life.loaded() && jobs.length > 0) expect(atWork()).toHaveLength(CONCURRENCY);
        for (const job of repository.rows.values()) {
          const before = ended.get(job.id);
          // The end of a job is its end.
          if (before !== undefined) expect(job).toEqual(before);
          if (!isOpen(job)) ended.set(job.id, job);
        }
      }

      async function change(what: 'cancel' | 'pause' | 'resume', n: number): Promise<void> {
        const id = `job-${String((n % Math.max(ids, 1)) + 1).padStart(4, '0')}`;
        await life.jobs[what](id).catch((error: { code?: string }) => {
          const allowed = ['conflict', 'not_found'];
          if (!repository.away) expect(allowed).toContain(error.code);
        });
      }

      function runner(what: 'end' | 'fail' | 'point' | 'progress' | 'checkpoint', n: number): void {
        // A part of it may end the whole while another waits at a safe point.
        const able = life.runs.filter(({ over, stopped }) => !over && (!stopped || what === 'end' || what === 'fail'));
        const seen = able[n % Math.max(able.length, 1)];
        if (seen === undefined) return;
        if (what === 'end') seen.ending.resolve(n);
        else if (what === 'fail') seen.ending.reject(new Error('broke'));
        else if (what === 'progress') seen.run.progress(n, 20);
        else if (what === 'checkpoint') seen.run.checkpoint({ at: n });
        else if (seen.run.pausing.requested) {
          seen.stopped = true;
          // One that learns here that its job is over only clears up.
          void seen.run.pausing.point().then(
            () => (seen.stopped = false),
            () => undefined,
          );
        }
      }

      async function crash(graceful: boolean): Promise<void> {
        const known = new Map(repository.rows);
        if (graceful) {
          const closing = life.jobs.close(100);
          await life.timers.pass(100);
          await closing;
        }
        life.crash();
        for (const id of known.keys()) expect(repository.rows.has(id)).toBe(true);
        life = await begin();
      }

      let hurry = false;
      for (const { do: what, n } of commands) {
        if (what === 'add') void life.jobs.add({ kind: 'test', title: 't', input: n, priority: priority(n) });
        else if (what === 'cancel' || what === 'pause' || what === 'resume') void change(what, n);
        else if (what === 'pass') await life.timers.pass(n);
        else if (what === 'crash' || what === 'close') await crash(what === 'close');
        else if (what === 'away') repository.away = !repository.away;
        else if (what !== 'hurry') runner(what, n);
        if (!hurry && what !== 'hurry') {
          await settled();
          await check();
        }
        hurry = what === 'hurry';
      }

      // Nothing is stuck: with its repository back, every job comes to an end.
      repository.away = false;
      await life.timers.pass(2_000);
      for (let round = 0; round <= ids; round++) {
        for (const job of repository.rows.values()) if (job.state === 'paused') await life.jobs.resume(job.id);
        await life.timers.pass(CUT_OFF_MS);
        for (const { ending } of atWork()) ending.resolve(null);
        await life.timers.pass(300);
        await check();
      }
      expect([...repository.rows.values()].filter(isOpen)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

const priority = (n: number) => (['high', 'normal', 'low'] as const)[n % 3]!;

/** The repository as one process reaches it: after its crash, not at all. */
function mortal(repository: FakeRepository, dead: () => boolean, onLoaded: () => void): FakeRepository {
  const alive = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (dead()) return new Promise<T>(() => undefined);
    return ask();
  };
  return {
    ...repository,
    save: (jobs) => alive(() => repository.save(jobs)),
    find: (id) => alive(() => repository.find(id)),
    list: (query) =>
      alive(async () => {
        const jobs = await repository.list(query);
        if (query.owner !== undefined) onLoaded();
        return jobs;
      }),
    prune: (bounds) => alive(() => repository.prune(bounds)),
  };
}
