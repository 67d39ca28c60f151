import { describe, expect, it } from 'vitest';
import { createJobService } from '../../../lib/container/job-service.ts';
import { jobListQuerySchema, jobListSchema, jobSchema } from '../../../lib/contracts/job.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { isOpen } from '../../../lib/queue/job.ts';
import { fakeRepository, settled } from '../../support/jobs.ts';

describe('the service of jobs', () => {
  function scene() {
    const clock = manualClock(1_700_000_000_000);
    const ends = new Map<string, () => void>();
    const jobs = createJobService({
      runners: {
        clear: ({ id, pausing }) =>
          new Promise((resolve) => {
            ends.set(id, () => resolve('cleared'));
            void pausing.point();
          }),
      },
      repository: fakeRepository(),
      concurrency: 10,
      owner: 'one',
      clock,
      logger: silentLogger,
    });
    return { jobs, clock, ends };
  }
  const a = { kind: 'clear', title: 'Clear everything', input: null } as const;
  const ask = (query: object) => jobListQuerySchema.parse(query);

  it('speaks the contract', async () => {
    const { jobs, ends } = scene();
    const job = await jobs.add(a);
    expect(jobSchema.parse(job)).toEqual(job);
    expect(job).toMatchObject({ state: 'running', endedAt: null, error: null, result: null });
    ends.get(job.id)?.();
    await settled();
    expect(jobSchema.parse(await jobs.find(job.id))).toMatchObject({ state: 'done', result: 'cleared' });
  });

  it('pauses, resumes and cancels', async () => {
    const { jobs } = scene();
    await jobs.open();
    const seen: boolean[] = [];
    jobs.events.on(({ job }) => seen.push(isOpen(job)));
    const { id } = await jobs.add(a);
    expect(await jobs.pause(id)).toMatchObject({ state: 'paused' });
    expect(await jobs.resume(id)).toMatchObject({ state: 'running' });
    expect(await jobs.cancel(id)).toMatchObject({ state: 'cancelled' });
    await settled();
    expect(seen).toEqual([true, true, true, true, false]);
  });

  it('lists page by page, newest first, also of one moment', async () => {
    const { jobs, clock } = scene();
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) ids.unshift((await jobs.add(a)).id);
    clock.stepWall(-5);
    expect([...ids].sort().reverse()).toEqual(ids);
    const first = await jobs.list(ask({ limit: '3' }));
    expect(jobListSchema.parse(first)).toEqual(first);
    const second = await jobs.list(ask({ limit: '3', after: first.next }));
    const third = await jobs.list(ask({ limit: '3', after: second.next }));
    expect([first, second, third].flatMap((page) => page.jobs.map(({ id }) => id))).toEqual(ids);
    expect(third.next).toBeNull();
    expect((await jobs.list(ask({ state: 'done,failed', kind: 'clear' }))).jobs).toEqual([]);
    await expect(jobs.list(ask({ after: 'nonsense' }))).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('makes ids that sort as they were made, whatever the clock does', async () => {
    const { jobs, clock } = scene();
    const ids: string[] = [];
    for (const step of [0, 0, 1, -1_000, 0, 2_000]) {
      clock.stepWall(clock.wall() + step);
      ids.push((await jobs.add(a)).id);
    }
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('closes within its grace', async () => {
    const { jobs } = scene();
    const { id } = await jobs.add(a);
    await jobs.close(1);
    expect(await jobs.find(id)).toMatchObject({ state: 'queued' });
  });

  it.each([{ limit: '0' }, { limit: '201' }, { limit: 'x' }, { state: 'gone' }, { kind: 'x' }, { state: 'done,,' }])(
    'refuses the query %o',
    (query) => {
      expect(jobListQuerySchema.safeParse(query).success).toBe(false);
    },
  );
});
