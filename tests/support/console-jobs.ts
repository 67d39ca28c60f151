import type { ClearInput } from '../../lib/contracts/clear.ts';
import type { Job, JobOutcome } from '../../lib/contracts/job.ts';

/** What a running job of the double gets done in a second. */
const PER_SECOND = 40;

const outcome = (instance: string, worker: number, state: JobOutcome['state'], detail: string | null = null) => ({
  instance,
  worker,
  state,
  detail,
});

const CONFIRMED = [outcome('edge-1', 0, 'confirmed'), outcome('edge-1', 1, 'confirmed')];

function jobOf(id: string, at: number, part: Partial<Job>): Job {
  return {
    id,
    kind: 'clear',
    title: 'Mark tag chat:42 stale',
    state: 'done',
    priority: 'high',
    progress: { done: 2, total: 2, unit: 'instances' },
    outcomes: CONFIRMED,
    createdAt: at - 60_000,
    startedAt: at - 60_000,
    endedAt: at - 59_000,
    error: null,
    input: { scope: { tag: 'chat:42' }, mode: 'soft', record: { id: 'c7', number: 7 } },
    result: null,
    ...part,
  };
}

const ENDED = (at: number): Job[] => [
  jobOf('clear-1', at, {}),
  jobOf('clear-0', at, {
    title: 'Delete https://shop.example/api/search?q=a%20rather%20long%20question%20that%20somebody%20once%20asked',
    createdAt: at - 7_200_000,
    startedAt: at - 7_200_000,
    endedAt: at - 7_199_000,
    input: { scope: { key: 'https://shop.example/api/search' }, mode: 'hard', record: { id: 'c6', number: 6 } },
  }),
];

const WARMING = (at: number): Job =>
  jobOf('warm-1', at, {
    kind: 'warm',
    title: 'Warm 4,120 URLs of sitemap.xml',
    state: 'running',
    priority: 'normal',
    progress: { done: 400, total: 4_120, unit: 'URLs' },
    outcomes: [],
    createdAt: at - 11_000,
    startedAt: at - 10_000,
    endedAt: null,
    input: {},
  });

const QUEUED = (at: number): Job =>
  jobOf('report-1', at, {
    kind: 'report',
    title: 'Report on the last 7 days',
    state: 'queued',
    priority: 'low',
    progress: { done: 0, total: null, unit: 'hours' },
    outcomes: [],
    createdAt: at - 4_000,
    startedAt: null,
    endedAt: null,
    input: {},
  });

const FAILED = (at: number): Job =>
  jobOf('clear-2', at, {
    title: 'Mark prefix https://shop.example/static/ stale',
    state: 'failed',
    progress: { done: 2, total: 4, unit: 'instances' },
    outcomes: [
      ...CONFIRMED,
      outcome('edge-2', 0, 'unconfirmed', 'last answered 41 s ago'),
      outcome('edge-2', 1, 'failed', 'its clear log is full'),
    ],
    createdAt: at - 30_000,
    startedAt: at - 30_000,
    endedAt: at - 20_000,
    error: '2 of 4 gateways didn’t confirm within 10 s.',
  });

export interface FixtureJobs {
  list(now: number): Job[];
  /** Does what a person asked, and answers with the job; undefined when its state doesn't allow it. */
  act(id: string, action: string, now: number): Job | undefined;
  /** Clears, which is done at once. */
  clear(input: ClearInput, now: number): Job;
}

/** The jobs that a scenario has when it starts at `at`; those that run go on with time. */
export function createFixtureJobs(scenario: string, at: number): FixtureJobs {
  const jobs = new Map<string, Job>();
  const known =
    scenario === 'jobs'
      ? [QUEUED(at), WARMING(at), ...ENDED(at)]
      : scenario === 'job-failed'
        ? [FAILED(at), ...ENDED(at)]
        : [];
  for (const job of known) jobs.set(job.id, job);
  let moved = at;

  function move(now: number): void {
    const seconds = (now - moved) / 1_000;
    moved = now;
    for (const job of jobs.values()) {
      if (job.state !== 'running') continue;
      const total = job.progress.total ?? Infinity;
      job.progress = { ...job.progress, done: Math.min(total, Math.round(job.progress.done + seconds * PER_SECOND)) };
    }
  }

  function act(id: string, action: string, now: number): Job | undefined {
    move(now);
    const job = jobs.get(id);
    if (job === undefined) return undefined;
    if (action === 'pause' && job.state === 'running') job.state = 'paused';
    else if (action === 'resume' && job.state === 'paused') job.state = 'running';
    else if (action === 'cancel' && job.endedAt === null) Object.assign(job, { state: 'cancelled', endedAt: now });
    else if (action === 'undo' && job.kind === 'clear' && job.state === 'done') {
      const undo = jobOf(`undo-${id}`, now, {
        kind: 'undo',
        title: `Undo: ${job.title}`,
        endedAt: now,
        input: { job: id },
      });
      jobs.set(undo.id, { ...undo, createdAt: now });
      return undo;
    } else return undefined;
    return job;
  }

  function clear({ scope, mode }: ClearInput, now: number): Job {
    const times = { createdAt: now, startedAt: now, endedAt: now };
    const input = { scope, mode, record: { id: `c${jobs.size}`, number: 8 + jobs.size } };
    const job = jobOf(`cleared-${jobs.size}`, now, {
      title: `Clear ${Object.values(scope).join(' of ')}`,
      input,
      ...times,
    });
    jobs.set(job.id, job);
    return job;
  }

  return {
    clear,
    list(now) {
      move(now);
      return [...jobs.values()].sort((a, b) => b.createdAt - a.createdAt);
    },
    act,
  };
}
