import { describe, expect, it } from 'vitest';
import { INPUT_BYTES, STATE_BYTES } from '../../../lib/queue/job-json.ts';
import { MAX_OUTCOMES } from '../../../lib/queue/job-run.ts';
import { KEPT_JOBS, KEPT_MS, MAX_OPEN_JOBS, RECENT_JOBS } from '../../../lib/queue/jobs.ts';
import { jobScene, settled } from '../../support/jobs.ts';

const a = { kind: 'test', title: 'A test', input: { n: 1 } };

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

  it('amends what a job found while it is one of the RECENT_JOBS, and only once it is done', async () => {
    const scene = jobScene({ concurrency: 1_000 });
    const { id } = await scene.jobs.add(a);
    const amend = (of: string, result: unknown): void => scene.jobs.amend(of, (job) => ({ ...job, result }));
    const events: unknown[] = [];
    scene.jobs.events.on(({ job }) => job.state === 'done' && events.push(job.result));
    amend(id, 'early');
    amend('nobody', 'x');
    scene.runOf(id).end('first');
    await settled();
    scene.jobs.amend(id, (job) => job);
    amend(id, 'second');
    await settled();
    expect(events).toEqual(['first', 'second']);
    expect(scene.repository.rows.get(id)).toMatchObject({ state: 'done', result: 'second' });
    for (let i = 1; i < RECENT_JOBS; i++) {
      scene.runOf((await scene.jobs.add(a)).id).end();
      await settled();
    }
    amend(id, 'third');
    scene.runOf((await scene.jobs.add(a)).id).end();
    await settled();
    amend(id, 'fourth');
    await settled();
    expect(await scene.jobs.find(id)).toMatchObject({ result: 'third' });
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
