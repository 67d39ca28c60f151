import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as jobRoute from '../../../../app/api/jobs/[id]/route.ts';
import * as cancelRoute from '../../../../app/api/jobs/[id]/cancel/route.ts';
import * as pauseRoute from '../../../../app/api/jobs/[id]/pause/route.ts';
import * as resumeRoute from '../../../../app/api/jobs/[id]/resume/route.ts';
import * as listRoute from '../../../../app/api/jobs/route.ts';
import { createJobService, type JobService } from '../../../../lib/container/job-service.ts';
import type { Job, JobList } from '../../../../lib/contracts/job.ts';
import type { Problem } from '../../../../lib/contracts/problem.ts';
import { systemClock } from '../../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../../lib/kernel/logger.ts';
import { publishContainer, type Container } from '../../../../lib/runtime.ts';
import { fromMachine, unjournaled } from '../../../support/caller.ts';
import { fakeRepository } from '../../../support/jobs.ts';

describe('/api/jobs', () => {
  let jobs: JobService;
  let unpublish = (): void => {};

  beforeEach(() => {
    jobs = createJobService({
      runners: { warm: () => new Promise(() => undefined) },
      repository: fakeRepository(),
      concurrency: 1,
      owner: 'one',
      clock: systemClock,
      logger: silentLogger,
    });
    unpublish = publishContainer({ jobs, journal: unjournaled, logger: silentLogger } as unknown as Container);
  });
  afterEach(() => unpublish());

  type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;
  async function ask<T>(handler: Handler, path: string, params: object = {}, method = 'GET') {
    const request = new Request(`http://console.test/api/jobs${path}`, { method, headers: fromMachine });
    const response = await handler(request, { params: Promise.resolve(params) });
    return { status: response.status, body: (await response.json()) as T };
  }

  it('lists by state and page, and shows one', async () => {
    const [first, second] = [
      await jobs.add({ kind: 'warm', title: 'First', input: null }),
      await jobs.add({ kind: 'warm', title: 'Second', input: null }),
    ];
    const { status, body } = await ask<JobList>(listRoute.GET, '?state=running,queued&limit=1');
    expect(status).toBe(200);
    expect(body).toMatchObject({ jobs: [{ id: second.id, state: 'queued' }], degraded: null });
    const next = await ask<JobList>(listRoute.GET, `?limit=1&after=${body.next}`);
    expect(next.body.jobs).toMatchObject([{ id: first.id, state: 'running' }]);
    expect((await ask<JobList>(listRoute.GET, '?state=done')).body.jobs).toEqual([]);
    const one = await ask<Job>(jobRoute.GET, `/${first.id}`, { id: first.id });
    expect(one.body).toMatchObject({ id: first.id, title: 'First' });
  });

  it('pauses, resumes and cancels; what does not fit is a 409', async () => {
    const { id } = await jobs.add({ kind: 'warm', title: 'First', input: null });
    const post = (handler: Handler, verb: string) => ask<Job & Problem>(handler, `/${id}/${verb}`, { id }, 'POST');
    expect((await post(pauseRoute.POST, 'pause')).body.state).toBe('paused');
    expect((await post(resumeRoute.POST, 'resume')).body.state).toBe('running');
    expect((await post(cancelRoute.POST, 'cancel')).body.state).toBe('cancelled');
    expect(await post(cancelRoute.POST, 'cancel')).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: "A job that is cancelled can't be cancelled." },
    });
  });

  it('answers in problem details', async () => {
    expect(await ask(jobRoute.GET, '/gone', { id: 'gone' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect(await ask(listRoute.GET, '?limit=0')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await ask(listRoute.POST, '', {}, 'POST')).toMatchObject({ status: 405 });
  });
});
