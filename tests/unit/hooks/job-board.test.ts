import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  actionPath,
  actionsOf,
  foldJobs,
  isUnderWay,
  paceOf,
  partJobs,
  shareOf,
  sortOutcomes,
  summaryOf,
} from '@/hooks/job-board';
import { JOB_STATES, type Job } from '@/lib/contracts/job';
import { createFixtureJobs } from '../../support/console-jobs';

const NOW = 1_764_000_000_000;
const [queued, warm, soft, hard] = createFixtureJobs('jobs', NOW).list(NOW) as [Job, Job, Job, Job];
const [failed] = createFixtureJobs('job-failed', NOW).list(NOW) as [Job];
const at = (job: Job, done: number, total: number | null = 1_000): Job => ({
  ...job,
  progress: { done, total, unit: 'URLs' },
});

test('a pace needs two readings, and tells when the job will be done', () => {
  const first = foldJobs(undefined, [at(warm, 100)], NOW);
  expect(paceOf(first, at(warm, 100))).toBeNull();
  const second = foldJobs(first, [at(warm, 200)], NOW + 2_000);
  expect(paceOf(second, at(warm, 200))).toEqual({ perSecond: 50, leftMs: 16_000 });
  expect(paceOf(second, at(warm, 200, null))).toEqual({ perSecond: 50, leftMs: null });
  const still = foldJobs(foldJobs(undefined, [at(warm, 5)], NOW), [at(warm, 5)], NOW + 2_000);
  expect(paceOf(still, at(warm, 5))).toEqual({ perSecond: 0, leftMs: null });
});

test('a pace is that of the last six readings', () => {
  let board = foldJobs(undefined, [at(warm, 0)], NOW);
  for (let i = 1; i <= 8; i += 1) board = foldJobs(board, [at(warm, i <= 3 ? 0 : (i - 3) * 20)], NOW + i * 2_000);
  expect(board.readings.get(warm.id)).toHaveLength(6);
  expect(paceOf(board, at(warm, 100))?.perSecond).toBe(10);
});

test('readings start anew after a pause, when a job goes back, and when the clock does', () => {
  const board = foldJobs(undefined, [at(warm, 100)], NOW);
  expect(foldJobs(board, [at(warm, 40)], NOW + 2_000).readings.get(warm.id)).toHaveLength(1);
  expect(foldJobs(board, [at(warm, 140)], NOW).readings.get(warm.id)).toHaveLength(1);
  const paused = foldJobs(board, [{ ...at(warm, 110), state: 'paused' }], NOW + 2_000);
  expect(paused.readings.size).toBe(0);
});

test('a pace is never negative, and what is left neither, whatever is read', () => {
  const reading = fc.record({ done: fc.nat(2_000), pass: fc.integer({ min: -5_000, max: 5_000 }) });
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 12 }), (readings) => {
      let board = foldJobs(undefined, [], NOW);
      let time = NOW;
      for (const { done, pass } of readings) {
        time += pass;
        const job = at(warm, done);
        board = foldJobs(board, [job], time);
        expect(board.readings.get(job.id)!.length).toBeLessThanOrEqual(6);
        const pace = paceOf(board, job);
        if (pace === null) continue;
        expect(pace.perSecond).toBeGreaterThanOrEqual(0);
        expect(pace.leftMs ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a share is known only with a total, and never more than all', () => {
  expect(shareOf(at(warm, 5, null))).toBeNull();
  expect(shareOf(at(warm, 0, 0))).toBeNull();
  expect(shareOf(at(warm, 5, 10))).toBe(0.5);
  expect(shareOf(at(warm, 11, 10))).toBe(1);
});

test('what can be done depends on the state', () => {
  const jobs = [queued, warm, soft, hard, failed];
  expect(actionsOf(warm, jobs)).toEqual(['pause', 'cancel']);
  expect(actionsOf({ ...warm, state: 'paused' }, jobs)).toEqual(['resume', 'cancel']);
  for (const kind of ['clear', 'undo'] as const) {
    expect(actionsOf({ ...warm, kind }, jobs)).toEqual(['cancel']);
  }
  expect(actionsOf(queued, jobs)).toEqual(['cancel']);
  expect(actionsOf(soft, jobs)).toEqual(['undo']);
  for (const job of [hard, failed, { ...soft, state: 'cancelled' as const }, { ...soft, input: null }]) {
    expect(actionsOf(job, jobs)).toEqual([]);
  }
});

test('a clear is undone once, unless the undo came to nothing', () => {
  const undo: Job = { ...soft, id: 'undo', kind: 'undo', input: { job: soft.id } };
  expect(actionsOf(soft, [soft, undo])).toEqual([]);
  expect(actionsOf(soft, [soft, { ...undo, state: 'failed' }])).toEqual(['undo']);
  expect(actionsOf(soft, [soft, { ...undo, state: 'cancelled' }])).toEqual(['undo']);
  expect(actionsOf(soft, [soft, { ...undo, input: 'odd' }])).toEqual(['undo']);
});

test('actions are sent to the job, and an undo to the clear', () => {
  expect(actionPath({ ...warm, id: 'a/b' }, 'pause')).toBe('/api/jobs/a%2Fb/pause');
  expect(actionPath(soft, 'undo')).toBe(`/api/cache/clear/${soft.id}/undo`);
});

test('every job is in one of the two lists: what runs first, and what ended last first', () => {
  const jobs = JOB_STATES.flatMap((state) => [
    { ...soft, id: `${state}-1`, state },
    { ...soft, id: `${state}-2`, state, createdAt: NOW, endedAt: null },
  ]);
  const { underWay, ended } = partJobs(jobs);
  expect([...underWay, ...ended]).toHaveLength(jobs.length);
  expect(underWay.every(isUnderWay)).toBe(true);
  expect(underWay.map(({ id }) => id)).toEqual([
    'running-2',
    'running-1',
    'paused-2',
    'paused-1',
    'queued-2',
    'queued-1',
  ]);
  expect(ended.slice(0, 3).every(({ id }) => id.endsWith('-2'))).toBe(true);
});

test('outcomes list trouble first, then by instance and worker', () => {
  const outcome = (instance: string, worker: number, state: 'confirmed' | 'unconfirmed' | 'failed') => ({
    instance,
    worker,
    state,
    detail: null,
  });
  const sorted = sortOutcomes([
    outcome('edge-10', 0, 'confirmed'),
    outcome('edge-9', 1, 'confirmed'),
    outcome('edge-9', 0, 'confirmed'),
    outcome('edge-2', 0, 'unconfirmed'),
    outcome('edge-3', 0, 'failed'),
  ]);
  expect(sorted.map(({ instance, worker }) => `${instance} ${worker}`)).toEqual([
    'edge-3 0',
    'edge-2 0',
    'edge-9 0',
    'edge-9 1',
    'edge-10 0',
  ]);
});

test('a summary counts what is under way, and trouble that is fresh and unseen', () => {
  const of = (jobs: Job[], seenAt = 0, at = NOW) => summaryOf(foldJobs(undefined, jobs, at), seenAt);
  expect(of([queued, warm, soft, hard])).toEqual({ underWay: 2, paused: 0, failed: 0, unconfirmed: 0, share: null });
  expect(of([at(warm, 5, 10)]).share).toBe(0.5);
  expect(of([{ ...warm, state: 'paused' }]).paused).toBe(1);
  expect(of([failed]).failed).toBe(1);
  expect(of([failed], failed.endedAt!).failed).toBe(0);
  expect(of([failed], 0, failed.endedAt! + 15 * 60_000 - 1).failed).toBe(1);
  expect(of([failed], 0, failed.endedAt! + 15 * 60_000).failed).toBe(0);
  const late = { ...soft, outcomes: [{ instance: 'edge-1', worker: 0, state: 'unconfirmed' as const, detail: null }] };
  expect(of([late])).toMatchObject({ failed: 0, unconfirmed: 1 });
});
