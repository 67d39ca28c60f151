import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import type { JobRecord } from '../../../lib/queue/job.ts';
import { KEPT_JOBS } from '../../../lib/queue/jobs.ts';
import { fakeRepository, jobScene, settled, type JobScene } from '../../support/jobs.ts';

const a = { kind: 'test', title: 'A test', input: { n: 1 } };
const states = async ({ jobs }: JobScene): Promise<string[]> =>
  (await jobs.list({ limit: 200 })).jobs.map(({ state }) => state).reverse();

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
