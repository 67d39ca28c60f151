import { expect, it } from 'vitest';
import type { Job, JobOutcome } from '../../../lib/contracts/job.ts';
import { changeOfJob } from '../../../lib/live/job-change.ts';

const outcome = (state: JobOutcome['state'], worker = 0): JobOutcome => ({
  instance: 'a',
  worker,
  state,
  detail: null,
});
const job = (part: Partial<Job> = {}): Job => ({
  id: '7',
  kind: 'clear',
  title: 'Clear tag x',
  state: 'done',
  priority: 'high',
  progress: { done: 1, total: 1, unit: 'workers' },
  outcomes: [outcome('confirmed')],
  createdAt: 5,
  startedAt: 6,
  endedAt: 7,
  error: null,
  input: { scope: { tag: 'x', service: 'chat' } },
  result: null,
  ...part,
});

it('is the job’s title at the time when somebody asked for it', () => {
  expect(changeOfJob(job())).toEqual({
    id: 'job-7',
    at: 5,
    kind: 'clear',
    service: 'chat',
    tone: 'neutral',
    title: 'Clear tag x',
    detail: 'Confirmed.',
    instance: null,
    jobId: '7',
  });
  expect(changeOfJob(job({ kind: 'undo', input: null }))).toMatchObject({ kind: 'undo', service: null });
  expect(changeOfJob(job({ kind: 'warm' }))).toBeUndefined();
});

it.each([
  [{ state: 'running', outcomes: [] }, 'neutral', 'Under way.'],
  [{ outcomes: [outcome('confirmed'), outcome('confirmed', 1)] }, 'neutral', '2 of 2 workers confirmed it.'],
  [{ outcomes: [outcome('confirmed'), outcome('unconfirmed', 1)] }, 'watch', '1 of 2 workers confirmed it.'],
  [{ state: 'failed', error: 'No room.' }, 'bad', 'No room.'],
  [{ state: 'cancelled' }, 'watch', 'Cancelled before every worker had confirmed it.'],
] as const)('says how it ended: %j', (part, tone, detail) => {
  expect(changeOfJob(job(part as Partial<Job>))).toMatchObject({ tone, detail });
});
