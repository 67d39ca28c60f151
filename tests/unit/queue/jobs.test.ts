import { describe, expect, it } from 'vitest';
import type { Job } from '../../../lib/contracts/job.ts';
import { CUT_OFF_MS, type JobEvent } from '../../../lib/queue/jobs.ts';
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

  it('lets a job end while it waits for its place again', async () => {
    const scene = jobScene({ concurrency: 1 });
    const { id } = await scene.jobs.add(a);
    await scene.jobs.pause(id);
    void scene.runOf(id).run.pausing.point();
    const next = await scene.jobs.add(a);
    expect(await scene.jobs.resume(id)).toMatchObject({ state: 'queued' });
    scene.runOf(id).end();
    await settled();
    scene.runOf(next.id).end();
    await settled();
    expect(await states(scene)).toEqual(['done', 'done']);
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
