import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobRecord, JobStatus } from '../../lib/queue/job.ts';
import type { JobRepository } from '../../lib/queue/job-repository.ts';

type Change = Partial<Omit<JobRecord, 'state'>>;

/** A job as the engine would hold it. */
export function sampleJob(change: Change = {}, status: JobStatus = { state: 'queued', startedAt: null }): JobRecord {
  return {
    id: 'a',
    owner: 'one',
    kind: 'clear',
    title: 'Clear /shop/*',
    priority: 'normal',
    progress: { done: 0, total: null, unit: 'instances' },
    outcomes: [],
    createdAt: 1_000,
    restarts: 0,
    input: null,
    checkpoint: null,
    ...change,
    ...status,
  };
}

const ended = (id: string, endedAt: number): JobRecord =>
  sampleJob({ id, createdAt: endedAt - 10 }, { state: 'done', startedAt: endedAt - 5, endedAt, result: null });

/** What every JobRepository keeps. `create` makes an empty one, and what closes it. */
export function jobRepositorySuite(
  name: string,
  create: () => Promise<{ repository: JobRepository; close: () => Promise<void> }>,
): void {
  describe(`job repository: ${name}`, () => {
    let close = async (): Promise<void> => {};

    afterEach(async () => {
      await close();
      close = async () => {};
    });

    async function make(): Promise<JobRepository> {
      const made = await create();
      close = made.close;
      return made.repository;
    }

    it('starts empty', async () => {
      const repository = await make();
      expect(await repository.find('a')).toBeUndefined();
      expect(await repository.list({ limit: 10 })).toEqual([]);
      await repository.save([]);
      await repository.prune({ keep: 0, endedBefore: 1 });
    });

    it('gives back a job of every state, whole', async () => {
      const repository = await make();
      const statuses: JobStatus[] = [
        { state: 'queued', startedAt: null },
        { state: 'queued', startedAt: 5 },
        { state: 'running', startedAt: 6 },
        { state: 'paused', startedAt: null },
        { state: 'done', startedAt: 7, endedAt: 9, result: { found: [1, 'zwei', null] } },
        { state: 'failed', startedAt: null, endedAt: 10, error: 'It broke: "why?"' },
        { state: 'cancelled', startedAt: 11, endedAt: 12 },
      ];
      const jobs = statuses.map((status, index) =>
        sampleJob(
          {
            id: `job-${index}`,
            createdAt: 1_700_000_000_000 - index,
            priority: (['high', 'normal', 'low'] as const)[index % 3]!,
            progress: { done: index + 0.5, total: index % 2 === 0 ? null : 1e9, unit: 'URLs' },
            outcomes: [{ instance: 'i', worker: index, state: 'unconfirmed', detail: index % 2 === 0 ? null : 'late' }],
            input: { scope: { glob: 'https://*/ü' } },
            checkpoint: index,
            restarts: index,
          },
          status,
        ),
      );
      await repository.save(jobs);
      expect(await repository.list({ limit: 10 })).toEqual(jobs);
      for (const job of jobs) expect(await repository.find(job.id)).toEqual(job);
    });

    it('keeps any JSON as it is', async () => {
      const repository = await make();
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (input, checkpoint) => {
          const as = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
          const job = sampleJob({ input: as(input), checkpoint: as(checkpoint) });
          await repository.save([job]);
          expect(await repository.find('a')).toEqual(job);
        }),
        { numRuns: 30 },
      );
    });

    it('writes over what was there', async () => {
      const repository = await make();
      await repository.save([sampleJob({ progress: { done: 1, total: 2, unit: 'URLs' } })]);
      const last = sampleJob({}, { state: 'failed', startedAt: 1, endedAt: 2, error: 'No.' });
      await repository.save([sampleJob({ id: 'b' }), last]);
      expect(await repository.find('a')).toEqual(last);
      expect(await repository.list({ limit: 10 })).toHaveLength(2);
    });

    it('writes all or none', async () => {
      const repository = await make();
      const broken = { ...sampleJob({ id: 'b' }), title: null } as unknown as JobRecord;
      await expect(repository.save([sampleJob(), broken])).rejects.toThrow();
      expect(await repository.find('a')).toBeUndefined();
    });

    it('lists newest first, by owner, state and kind, page by page', async () => {
      const repository = await make();
      const jobs = Array.from({ length: 12 }, (_, index) =>
        sampleJob(
          {
            id: `job-${String(index).padStart(2, '0')}`,
            // Three to each millisecond.
            createdAt: 1_000 + Math.floor(index / 3),
            owner: index % 2 === 0 ? 'one' : 'two',
            kind: index % 4 === 0 ? 'warm' : 'clear',
          },
          index % 3 === 0 ? { state: 'running', startedAt: 1 } : { state: 'queued', startedAt: null },
        ),
      );
      await repository.save(jobs);
      const newest = jobs.toReversed();
      expect(await repository.list({ limit: 5 })).toEqual(newest.slice(0, 5));
      const pages: JobRecord[] = [];
      for (let page = await repository.list({ limit: 5 }); page.length > 0;) {
        pages.push(...page);
        page = await repository.list({ limit: 5, after: page.at(-1)! });
      }
      expect(pages).toEqual(newest);
      expect(await repository.list({ limit: 20, owner: 'two' })).toEqual(newest.filter(({ owner }) => owner === 'two'));
      expect(await repository.list({ limit: 20, kind: 'warm', states: ['running', 'paused'] })).toEqual(
        newest.filter(({ kind, state }) => kind === 'warm' && state === 'running'),
      );
    });

    it('prunes what ended long ago, and all but the last', async () => {
      const repository = await make();
      const open = sampleJob({ id: 'open', createdAt: 1 });
      await repository.save([open, ...[1, 2, 3, 4, 4, 5].map((at, index) => ended(`job-${index}`, at * 1_000))]);
      await repository.prune({ keep: 6, endedBefore: 0 });
      expect(await repository.list({ limit: 10 })).toHaveLength(7);
      await repository.prune({ keep: 6, endedBefore: 2_000 });
      expect(await repository.find('job-0')).toBeUndefined();
      expect(await repository.find('job-1')).toBeDefined();
      await repository.prune({ keep: 2, endedBefore: 0 });
      const left = await repository.list({ limit: 10 });
      expect(left.map(({ id }) => id)).toEqual(['job-5', 'job-4', 'open']);
    });
  });
}
