import { describe, expect, it } from 'vitest';
import type { Job } from '../../../lib/contracts/job.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import type { JobRecord } from '../../../lib/queue/job.ts';
import { INPUT_BYTES, STATE_BYTES } from '../../../lib/queue/job-json.ts';
import { MAX_OUTCOMES } from '../../../lib/queue/job-run.ts';
import { CUT_OFF_MS, KEPT_JOBS, KEPT_MS, MAX_OPEN_JOBS, type JobEvent } from '../../../lib/queue/jobs.ts';
import { fakeRepository, jobScene, settled, type JobScene } from '../../support/jobs.ts';

const a = { kind: 'test', title: 'A test', input: { n: 1 } };
const states = async ({ jobs }: JobScene): Promise<string[]> =>
  (await jobs.list({ limit: 200 })).jobs.map(({ state }) => state).reverse();

describe('a job', () => {
  it('is queued, runs and is done', async () => {
    const scene = jobScene();
    const job = await scene.jobs.add({ ...a, unit: 'URLs', total: 3 });
    expect(job).toMatchObject({ id: 'job-0001', owner: 'one', state: 'running', priority: 'normal', startedAt: 1e6 });
    await settled();
    scene.clock.advance(5);
    const { run, end } = scene.runOf(job.id);
    expect(run).toMatchObject({ id: job.id, input: { n: 1 }, saved: null });
    run.progress(2);
    run.outcome({ instance: 'i', worker: 0, state: 'unconfirmed', detail: null });
    run.outcome({ instance: 'i', worker: 1, state: 'confirmed', detail: 'quick' });
    run.outcome({ instance: 'i', worker: 0, state: 'confirmed', detail: null });
    run.checkpoint({ at: 2 });
    expect(await scene.jobs.find(job.id)).toMatchObject({ progress: { done: 2, total: 3, unit: 'URLs' } });
    run.progress(3, null, 'pages');
    end({ cleared: 3 });
    await settled();
    const done = {
      state: 'done',
      result: { cleared: 3 },
      endedAt: 1_000_005,
      progress: { done: 3, total: null, unit: 'pages' },
      checkpoint: { at: 2 },
      outcomes: [
        { instance: 'i', worker: 1, state: 'confirmed', detail: 'quick' },
        { instance: 'i', worker: 0, state: 'confirmed', detail: null },
      ],
    };
    expect(await scene.jobs.find(job.id)).toMatchObject(done);
    expect(scene.repository.rows.get(job.id)).toMatchObject(done);
  });

  it('fails with what its runner threw', async () => {
    const scene = jobScene();
    const [one, other] = [await scene.jobs.add(a), await scene.jobs.add(a)];
    scene.runOf(one.id).fail(new Error('The origin\0 left.'));
    scene.runOf(other.id).fail('words');
    await settled();
    expect(await scene.jobs.find(one.id)).toMatchObject({ state: 'failed', error: 'The origin left.' });
    expect(await scene.jobs.find(other.id)).toMatchObject({ state: 'failed', error: 'words' });
  });

  it('waits for a place, by priority', async () => {
    const scene = jobScene({ concurrency: 1 });
    await scene.jobs.add(a);
    await scene.jobs.add({ ...a, priority: 'low' });
    await scene.jobs.add(a);
    await scene.jobs.add({ ...a, priority: 'high' });
    expect(await states(scene)).toEqual(['running', 'queued', 'queued', 'queued']);
    for (const run of [1, 2, 3, 4]) {
      await settled();
      scene.runs[run - 1]!.end();
      await settled();
    }
    expect(scene.runs.map(({ run }) => run.id)).toEqual(['job-0001', 'job-0004', 'job-0003', 'job-0002']);
    expect(await states(scene)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('is told of, in order, a moment after each change', async () => {
    const scene = jobScene();
    const seen: string[] = [];
    const stop = scene.jobs.events.on(({ type, job }: JobEvent) => seen.push(`${type} ${job.state}`));
    const job = await scene.jobs.add(a);
    await scene.jobs.pause(job.id);
    await scene.jobs.resume(job.id);
    scene.runOf(job.id).end();
    await settled();
    stop();
    await scene.jobs.add(a);
    expect(seen).toEqual(['job queued', 'job running', 'job paused', 'job running', 'job done']);
  });

  it('fits the contract', async () => {
    const scene = jobScene();
    const job: Pick<Job, 'state' | 'priority' | 'progress' | 'startedAt'> & object = await scene.jobs.add(a);
    expect(job.state).toBe('running');
  });
});

describe('pausing', () => {
  it('stops a runner at its next safe point and gives its place away until it goes on', async () => {
    const scene = jobScene({ concurrency: 1 });
    const { id } = await scene.jobs.add(a);
    const { run, end } = scene.runOf(id);
    await run.pausing.point();
    expect(run.pausing.requested).toBe(false);
    expect(await scene.jobs.pause(id)).toMatchObject({ state: 'paused' });
    expect(run.pausing.requested).toBe(true);
    const next = await scene.jobs.add(a);
    // Still at work: the place isn't free.
    expect(next.state).toBe('queued');
    let went = 0;
    void run.pausing.point().then(() => went++);
    void run.pausing.point().then(() => went++);
    await settled();
    expect(await scene.jobs.find(next.id)).toMatchObject({ state: 'running' });
    expect(await scene.jobs.resume(id)).toMatchObject({ state: 'queued' });
    await settled();
    expect(went).toBe(0);
    scene.runOf(next.id).end();
    await settled();
    expect(went).toBe(2);
    expect(await scene.jobs.find(id)).toMatchObject({ state: 'running' });
    expect(scene.runs).toHaveLength(2);
    end('late');
    await settled();
    expect(await scene.jobs.find(id)).toMatchObject({ state: 'done', result: 'late' });
  });

  it('holds nothing up when it is taken back before the safe point', async () => {
    const scene = jobScene({ concurrency: 1 });
    const { id } = await scene.jobs.add(a);
    await scene.jobs.pause(id);
    expect(await scene.jobs.resume(id)).toMatchObject({ state: 'running' });
    await scene.runOf(id).run.pausing.point();
  });

  it('sets a queued job aside, and keeps its turn in its class', async () => {
    const scene = jobScene({ concurrency: 1 });
    const first = await scene.jobs.add(a);
    const waiting = await scene.jobs.add(a);
    const last = await scene.jobs.add(a);
    await scene.jobs.pause(waiting.id);
    expect(await scene.jobs.resume(waiting.id)).toMatchObject({ state: 'queued' });
    scene.runOf(first.id).end();
    await settled();
    expect(await scene.jobs.find(waiting.id)).toMatchObject({ state: 'running' });
    expect(await scene.jobs.find(last.id)).toMatchObject({ state: 'queued' });
  });

  it('keeps a job that is paused before its runner began from beginning', async () => {
    const scene = jobScene({ concurrency: 1 });
    const adding = scene.jobs.add(a);
    await scene.jobs.pause('job-0001');
    await adding;
    await settled();
    expect(scene.runs).toHaveLength(0);
    await scene.jobs.resume('job-0001');
    await settled();
    expect(scene.runs).toHaveLength(1);
  });

  it('lets a runner that never stops end', async () => {
    const scene = jobScene();
    const { id } = await scene.jobs.add(a);
    await scene.jobs.pause(id);
    scene.runOf(id).end(1);
    await settled();
    expect(await scene.jobs.find(id)).toMatchObject({ state: 'done' });
  });
});

describe('cancelling', () => {
  it('takes a queued job out, and tells a running one', async () => {
    const scene = jobScene({ concurrency: 1 });
    const [one, other] = [await scene.jobs.add(a), await scene.jobs.add(a)];
    expect(await scene.jobs.cancel(other.id)).toMatchObject({ state: 'cancelled', startedAt: null });
    expect(await scene.jobs.cancel(one.id)).toMatchObject({ state: 'cancelled', endedAt: 1e6 });
    expect(scene.runOf(one.id).run.signal.aborted).toBe(true);
    await settled();
    const third = await scene.jobs.add(a);
    expect(third.state).toBe('running');
    expect(scene.runs.map(({ run }) => run.id)).toEqual([one.id, third.id]);
  });

  it('ends a paused job at its safe point', async () => {
    const scene = jobScene();
    const { id } = await scene.jobs.add(a);
    await scene.jobs.pause(id);
    const { run } = scene.runOf(id);
    const point = run.pausing.point();
    await scene.jobs.cancel(id);
    await expect(point).rejects.toThrow('aborted');
    await expect(run.pausing.point()).rejects.toThrow('aborted');
  });

  it('cuts a runner that ignores it off from the record, and gives its place away in time', async () => {
    const ignores = Promise.withResolvers<unknown>();
    let heard = '';
    const scene = jobScene({
      concurrency: 1,
      runners: {
        async test(run) {
          await ignores.promise;
          run.progress(99);
          run.checkpoint(1);
          run.outcome({ instance: 'i', worker: 0, state: 'failed', detail: null });
          heard = await run.pausing.point().then(
            () => 'on',
            () => 'over',
          );
          return 'result';
        },
      },
    });
    const { id } = await scene.jobs.add(a);
    await scene.jobs.cancel(id);
    const next = await scene.jobs.add(a);
    await scene.timers.pass(CUT_OFF_MS - 1);
    expect(await scene.jobs.find(next.id)).toMatchObject({ state: 'queued' });
    await scene.timers.pass(1);
    expect(await scene.jobs.find(next.id)).toMatchObject({ state: 'running' });
    ignores.resolve(undefined);
    await settled();
    expect(heard).toBe('on');
    expect(await scene.jobs.find(id)).toMatchObject({ state: 'cancelled', progress: { done: 0 }, outcomes: [] });
    expect(await scene.jobs.find(next.id)).toMatchObject({ state: 'done', result: 'result' });
  });

  it('before the runner began, never begins it', async () => {
    const scene = jobScene();
    const adding = scene.jobs.add(a);
    await scene.jobs.cancel('job-0001');
    expect(await adding).toMatchObject({ state: 'cancelled' });
    await settled();
    expect(scene.runs).toHaveLength(0);
  });
});

describe('a command that does not fit', () => {
  it('is a conflict, in words', async () => {
    const scene = jobScene({ concurrency: 1 });
    const { id } = await scene.jobs.add(a);
    await expect(scene.jobs.resume(id)).rejects.toMatchObject({
      code: 'conflict',
      message: "A job that is running can't be resumed.",
    });
    await scene.jobs.pause(id);
    await expect(scene.jobs.pause(id)).rejects.toMatchObject({ code: 'conflict' });
    await scene.jobs.cancel(id);
    for (const command of ['cancel', 'pause', 'resume'] as const)
      await expect(scene.jobs[command](id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('names a job that is not there', async () => {
    const { jobs } = jobScene();
    for (const command of ['find', 'cancel', 'pause', 'resume'] as const)
      await expect(jobs[command]('gone')).rejects.toMatchObject({
        code: 'not_found',
        message: 'There is no job "gone".',
      });
  });

  it('does not reach over to another instance', async () => {
    const repository = fakeRepository();
    const other = jobScene({ repository, owner: 'two' });
    const { id } = await other.jobs.add(a);
    const { jobs } = jobScene({ repository });
    expect(await jobs.find(id)).toMatchObject({ owner: 'two' });
    await expect(jobs.cancel(id)).rejects.toThrow('This job belongs to the instance two.');
    other.runOf(id).end();
    await settled();
    await expect(jobs.cancel(id)).rejects.toThrow("A job that is done can't be cancelled.");
  });

  it('says so while jobs from before are still being read', async () => {
    const repository = fakeRepository();
    const { id } = await jobScene({ repository }).jobs.add(a);
    await expect(jobScene({ repository }).jobs.cancel(id)).rejects.toMatchObject({ code: 'conflict', retryAfter: 1 });
  });
});

describe('bounds', () => {
  it('takes MAX_OPEN_JOBS open jobs, and no more', async () => {
    const scene = jobScene();
    await Promise.all(Array.from({ length: MAX_OPEN_JOBS }, () => scene.jobs.add(a)));
    await expect(scene.jobs.add(a)).rejects.toMatchObject({ code: 'too_many_requests', retryAfter: 10 });
    await scene.jobs.cancel('job-0500');
    expect(await scene.jobs.add(a)).toMatchObject({ state: 'queued' });
  });

  it('takes an input, and a result, of exactly so many bytes', async () => {
    const scene = jobScene();
    const text = (bytes: number): string => 'x'.repeat(bytes - 2);
    const { id } = await scene.jobs.add({ ...a, input: text(INPUT_BYTES) });
    await expect(scene.jobs.add({ ...a, input: text(INPUT_BYTES + 1) })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(scene.jobs.add({ ...a, input: 1n })).rejects.toThrow('The input of a job has to be JSON.');
    scene.runOf(id).run.checkpoint(text(STATE_BYTES));
    expect(() => scene.runOf(id).run.checkpoint(text(STATE_BYTES + 1))).toThrow('at most 262144 bytes');
    scene.runOf(id).end(text(STATE_BYTES + 1));
    await settled();
    expect(await scene.jobs.find(id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('262144') as string,
    });
  });

  it('refuses a kind without a runner, and progress that is no number', async () => {
    const scene = jobScene();
    await expect(scene.jobs.add({ ...a, kind: 'other' })).rejects.toMatchObject({ code: 'validation_failed' });
    const { id } = await scene.jobs.add(a);
    const { run } = scene.runOf(id);
    for (const progress of [[-1], [Number.NaN], [Infinity], [1, -1], [1, Infinity]] as const)
      expect(() => run.progress(...(progress as [number, number]))).toThrow('Progress is counted');
  });

  it('keeps MAX_OUTCOMES outcomes', async () => {
    const scene = jobScene();
    const { id } = await scene.jobs.add(a);
    const outcome = (worker: number) =>
      scene.runOf(id).run.outcome({ instance: 'i', worker, state: 'confirmed', detail: 'x'.repeat(2_000) });
    for (let worker = 0; worker < MAX_OUTCOMES; worker++) outcome(worker);
    outcome(0);
    expect(() => outcome(MAX_OUTCOMES)).toThrow(`at most ${MAX_OUTCOMES} outcomes`);
    expect((await scene.jobs.find(id)).outcomes.at(-1)?.detail).toHaveLength(1_000);
  });

  it('cuts titles', async () => {
    const { jobs } = jobScene();
    expect((await jobs.add({ ...a, title: 'x'.repeat(300), unit: 'y'.repeat(300) })).title).toHaveLength(200);
  });

  it('writes progress at most four times a second, and the last of it always', async () => {
    const scene = jobScene();
    const { id } = await scene.jobs.add(a);
    const before = scene.repository.batches.length;
    for (let step = 0; step < 100; step++) {
      scene.runOf(id).run.progress(step);
      await scene.timers.pass(10);
    }
    const writes = scene.repository.batches.length - before;
    expect(writes).toBeGreaterThanOrEqual(3);
    expect(writes).toBeLessThanOrEqual(4);
    await scene.timers.pass(250);
    expect(scene.repository.rows.get(id)).toMatchObject({ progress: { done: 99 } });
    scene.runOf(id).run.progress(100);
    scene.runOf(id).end();
    await settled();
    expect(scene.repository.rows.get(id)).toMatchObject({ state: 'done', progress: { done: 100 } });
  });

  it('keeps the ended jobs of 30 days, at most KEPT_JOBS', async () => {
    const scene = jobScene();
    const end = async (): Promise<string> => {
      const { id } = await scene.jobs.add(a);
      scene.runOf(id).end();
      await settled();
      return id;
    };
    const first = await end();
    scene.clock.advance(1);
    const second = await end();
    scene.clock.advance(KEPT_MS);
    const third = await end();
    expect([...scene.repository.rows.keys()]).toEqual([second, third]);
    for (let more = 2; more < KEPT_JOBS + 2; more++) {
      scene.clock.advance(1);
      await end();
    }
    expect(scene.repository.rows.size).toBe(KEPT_JOBS);
    await expect(scene.jobs.find(first)).rejects.toMatchObject({ code: 'not_found' });
    expect((await scene.jobs.list({ limit: 200 })).jobs).toHaveLength(200);
  });
});

describe('without its repository', () => {
  it('goes on in memory, says so once, and writes everything down when it is back', async () => {
    const lines: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (line: string) => void lines.push(line),
      info: (line: string) => void lines.push(line),
    };
    const scene = jobScene({ logger });
    scene.repository.away = true;
    await scene.jobs.open();
    const [one, two, three] = [await scene.jobs.add(a), await scene.jobs.add(a), await scene.jobs.add(a)];
    scene.runOf(one.id).end();
    await scene.timers.pass(10_000);
    const page = await scene.jobs.list({ limit: 10 });
    expect(page).toMatchObject({ next: null, degraded: "Stored jobs can't be read: away" });
    expect(page.jobs.map(({ id, state }) => [id, state])).toEqual([
      [three.id, 'running'],
      [two.id, 'running'],
      [one.id, 'done'],
    ]);
    expect(scene.repository.rows.size).toBe(0);
    scene.repository.away = false;
    await scene.timers.pass(1_000);
    expect([...scene.repository.rows.values()].map(({ state }) => state).sort()).toEqual([
      'done',
      'running',
      'running',
    ]);
    expect(lines).toEqual(["Jobs go on in memory, since they can't be stored: away", 'Jobs are stored again.']);
  });

  it('keeps at most KEPT_JOBS ended ones in memory', async () => {
    const scene = jobScene({ runners: { test: () => Promise.resolve() } });
    scene.repository.away = true;
    for (let n = 0; n < KEPT_JOBS + 5; n++) await scene.jobs.add(a);
    await settled();
    const all = await scene.jobs.list({ limit: 5_000 });
    expect(all.jobs).toHaveLength(KEPT_JOBS);
    expect(all.jobs.at(-1)?.id).toBe('job-0006');
  });
});

describe('a restart', () => {
  const crash = async (repository = fakeRepository()): Promise<JobScene> => {
    const scene = jobScene({ repository });
    await scene.jobs.open();
    await settled();
    return scene;
  };

  it('queues what ran again, from its checkpoint, three times; then it has failed', async () => {
    const first = await crash();
    const { id } = await first.jobs.add(a);
    first.runOf(id).run.checkpoint({ at: 7 });
    await first.timers.pass(250);
    for (let restarts = 1; restarts <= 3; restarts++) {
      const next = await crash(first.repository);
      expect(next.runOf(id).run.saved).toEqual({ at: 7 });
      expect(await next.jobs.find(id)).toMatchObject({ state: 'running', restarts, startedAt: 1e6 });
    }
    const last = await crash(first.repository);
    expect(last.runs).toHaveLength(0);
    expect(await last.jobs.find(id)).toMatchObject({
      state: 'failed',
      error: "Pitwall ended 4 times while it ran: it isn't tried again.",
    });
  });

  it('leaves paused jobs paused, and queued ones queued in their order', async () => {
    const first = await crash();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push((await first.jobs.add(a)).id);
      first.clock.advance(1);
    }
    await first.jobs.pause(ids[0]!);
    await settled();
    const next = await crash(first.repository);
    expect(await states(next)).toEqual(['paused', 'running', 'running', 'queued', 'queued']);
    await next.jobs.resume(ids[0]!);
    next.runOf(ids[1]!).end();
    await settled();
    expect(next.runs.map(({ run }) => run.id)).toEqual([ids[1], ids[2], ids[0]]);
  });

  it('takes up only its own jobs, once they can be read', async () => {
    const first = jobScene({ owner: 'two' });
    await first.jobs.add(a);
    const mine = jobScene({ repository: first.repository });
    const { id } = await mine.jobs.add(a);
    mine.repository.away = true;
    const next = jobScene({ repository: first.repository });
    await next.jobs.open();
    expect(next.runs).toHaveLength(0);
    next.repository.away = false;
    await next.timers.pass(1_000);
    expect(next.runs.map(({ run }) => run.id)).toEqual([id]);
  });

  it('fails a job whose kind nothing runs any longer', async () => {
    const first = await crash();
    const { id } = await first.jobs.add(a);
    const next = jobScene({ repository: first.repository, runners: {} });
    await next.jobs.open();
    await settled();
    expect(await next.jobs.find(id)).toMatchObject({ state: 'failed', error: 'Nothing here runs jobs of kind test.' });
  });
});

describe('closing', () => {
  it('queues what runs for the next start without counting it, and leaves the rest', async () => {
    const scene = jobScene();
    const [one, two, three] = [await scene.jobs.add(a), await scene.jobs.add(a), await scene.jobs.add(a)];
    await scene.jobs.pause(two.id);
    void scene
      .runOf(two.id)
      .run.pausing.point()
      .catch(() => undefined);
    await settled();
    scene.runOf(one.id).run.checkpoint(5);
    await scene.jobs.close(1_000);
    const row = (id: string): JobRecord | undefined => scene.repository.rows.get(id);
    expect(row(one.id)).toMatchObject({ state: 'queued', restarts: 0, checkpoint: 5 });
    expect(row(two.id)).toMatchObject({ state: 'paused' });
    expect(row(three.id)).toMatchObject({ state: 'queued', restarts: 0 });
    await expect(scene.jobs.add(a)).rejects.toMatchObject({ code: 'draining' });
    await expect(scene.jobs.resume(two.id)).rejects.toMatchObject({ code: 'draining' });
  });

  it('does not wait longer than its grace for a runner that ignores it', async () => {
    const scene = jobScene({ runners: { test: () => new Promise(() => undefined) } });
    const { id } = await scene.jobs.add(a);
    let closed = false;
    const closing = scene.jobs.close(500).then(() => (closed = true));
    await scene.timers.pass(499);
    expect(closed).toBe(false);
    await scene.timers.pass(1);
    await closing;
    expect(scene.repository.rows.get(id)).toMatchObject({ state: 'queued', restarts: 0 });
  });

  it('lets what ends in time be done', async () => {
    const scene = jobScene({
      runners: { test: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(1))) },
    });
    const { id } = await scene.jobs.add(a);
    await scene.jobs.close(500);
    expect(scene.repository.rows.get(id)).toMatchObject({ state: 'done', result: 1 });
  });

  it('stops asking for jobs from before', async () => {
    const scene = jobScene();
    scene.repository.away = true;
    await scene.jobs.open();
    await scene.jobs.close(10);
    scene.repository.away = false;
    await scene.timers.pass(5_000);
    expect(scene.repository.batches).toEqual([]);
  });
});
