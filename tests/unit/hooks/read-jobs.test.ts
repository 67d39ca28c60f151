import { expect, test } from 'vitest';
import { isUnderWay } from '@/hooks/job-board';
import { readJobs } from '@/hooks/read-jobs';
import { jobListQuerySchema, type Job, type JobList } from '@/lib/contracts/job';
import { createFixtureJobs } from '../../support/console-jobs';

const NOW = 1_764_000_000_000;
const [, warm, soft] = createFixtureJobs('jobs', NOW).list(NOW) as [Job, Job, Job];

/** Answers as GET /api/jobs does; `jobs` newest first. */
function api(jobs: readonly Job[]) {
  const asked: string[] = [];
  const page = async (text: string): Promise<JobList> => {
    asked.push(text);
    const query = jobListQuerySchema.parse(Object.fromEntries(new URLSearchParams(text)));
    const found = jobs.filter(({ state }) => query.state?.includes(state) ?? true);
    const start = query.after === undefined ? 0 : found.findIndex(({ id }) => id === query.after) + 1;
    const some = found.slice(start, start + query.limit);
    const last = some.at(-1);
    return { jobs: some, next: last === undefined || last === found.at(-1) ? null : last.id, degraded: null };
  };
  return { page, asked };
}

const many = (count: number, job: Job): Job[] =>
  Array.from({ length: count }, (_, i) => ({ ...job, id: `${job.state} ${i}`, createdAt: NOW - i }));

test('a job under way is read however many are newer', async () => {
  const paused: Job = { ...warm, id: 'old', state: 'paused', createdAt: 0 };
  const { page, asked } = api([...many(60, soft), paused]);
  const jobs = await readJobs(page);
  expect(jobs.filter(isUnderWay)).toEqual([paused]);
  expect(jobs).toHaveLength(51);
  expect(asked).toHaveLength(2);
});

test('all that are under way are read, a page after the other', async () => {
  const queued = many(401, { ...warm, state: 'queued' });
  const { page, asked } = api(queued);
  expect(new Set(await readJobs(page))).toEqual(new Set(queued));
  expect(asked.filter((query) => query.includes('state='))).toHaveLength(3);
});

test('a job is shown once, ended where one of the two answers says so', async () => {
  const done: Job = { ...warm, state: 'done', endedAt: NOW };
  const jobs = await readJobs(async (query) => ({
    jobs: [query.includes('state=') ? warm : done],
    next: null,
    degraded: null,
  }));
  expect(jobs).toEqual([done]);
});

test('what can’t be read is said', async () => {
  await expect(readJobs(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
});
