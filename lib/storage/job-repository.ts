import { z } from 'zod';
import { jobKindSchema, jobOutcomeSchema, jobStateSchema } from '../contracts/job.ts';
import { JOB_PRIORITIES, type JobPlace, type JobRecord, type JobStatus } from '../queue/job.ts';
import type { JobQuery, JobRepository } from '../queue/job-repository.ts';
import type { DatabaseClient } from './database/driver.ts';
import type { JobModel } from './database/generated/sqlite/models.ts';

const ENDED = ['done', 'failed', 'cancelled'];

const json = z.string().transform((text): unknown => JSON.parse(text));
const time = z.date().transform((date) => date.getTime());
const highest = JOB_PRIORITIES.length - 1;

/** A row that another version or a person wrote may hold anything. */
const rowSchema = z.object({
  id: z.string(),
  owner: z.string(),
  kind: jobKindSchema,
  title: z.string(),
  state: jobStateSchema,
  priority: z.number().int().min(0).max(highest),
  done: z.number().min(0),
  total: z.number().min(0).nullable(),
  unit: z.string(),
  outcomes: json.pipe(z.array(jobOutcomeSchema)),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  restarts: z.number().int().min(0),
  error: z.string().nullable(),
  input: json,
  result: json.nullable(),
  checkpoint: json.nullable(),
});

/** Jobs in the database. A row that can't be read as a job is left out. */
export function createJobRepository(client: DatabaseClient): JobRepository {
  return {
    async save(jobs) {
      await client.$transaction(
        jobs.map((job) => {
          const row = rowOf(job);
          return client.job.upsert({ where: { id: job.id }, create: row, update: row });
        }),
      );
    },
    async find(id) {
      const row = await client.job.findUnique({ where: { id } });
      return row === null ? undefined : jobOf(row);
    },
    async list(query) {
      const jobs: JobRecord[] = [];
      // Rows that can't be read mustn't make a page look like the last one.
      for (let after = query.after; ;) {
        const take = query.limit - jobs.length;
        const rows = await client.job.findMany({
          where: whereOf({ ...query, after }),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take,
        });
        jobs.push(...rows.map(jobOf).filter((job) => job !== undefined));
        const last = rows.at(-1);
        if (last === undefined || rows.length < take || jobs.length >= query.limit) return jobs;
        after = { createdAt: last.createdAt.getTime(), id: last.id };
      }
    },
    async prune({ keep, endedBefore }) {
      const [last] = await client.job.findMany({
        where: { state: { in: ENDED } },
        orderBy: [{ endedAt: 'desc' }, { id: 'desc' }],
        skip: keep,
        take: 1,
        select: { id: true, endedAt: true },
      });
      const before = last?.endedAt ?? null;
      const tooMany = before === null ? [] : [{ endedAt: { lt: before } }, { endedAt: before, id: { lte: last?.id } }];
      await client.job.deleteMany({
        where: { state: { in: ENDED }, OR: [{ endedAt: { lt: new Date(endedBefore) } }, ...tooMany] },
      });
    },
  };
}

function whereOf({ owner, states, kind, after }: Omit<JobQuery, 'after'> & { after: JobPlace | undefined }): object {
  const createdAt = after === undefined ? undefined : new Date(after.createdAt);
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(states === undefined ? {} : { state: { in: [...states] } }),
    ...(kind === undefined ? {} : { kind }),
    ...(after === undefined ? {} : { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: after.id } }] }),
  };
}

function rowOf(job: JobRecord): JobModel {
  const { id, owner, kind, title, state, restarts } = job;
  const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  return {
    id,
    owner,
    kind,
    title,
    state,
    priority: highest - JOB_PRIORITIES.indexOf(job.priority),
    ...job.progress,
    outcomes: JSON.stringify(job.outcomes),
    createdAt: new Date(job.createdAt),
    startedAt: date(job.startedAt),
    endedAt: date('endedAt' in job ? job.endedAt : null),
    restarts,
    error: 'error' in job ? job.error : null,
    input: JSON.stringify(job.input),
    result: text('result' in job ? job.result : null),
    checkpoint: text(job.checkpoint),
  };
}

function jobOf(row: JobModel): JobRecord | undefined {
  const parsed = safely(row);
  if (parsed === undefined) return undefined;
  const { priority, done, total, unit, state, startedAt, endedAt, error, result, ...facts } = parsed;
  const status = statusOf({ state, startedAt, endedAt, error, result });
  return {
    ...facts,
    priority: JOB_PRIORITIES[highest - priority] ?? 'normal',
    progress: { done, total, unit },
    ...status,
  };
}

function safely(row: JobModel): z.infer<typeof rowSchema> | undefined {
  try {
    return rowSchema.safeParse(row).data;
  } catch {
    // Text that isn't JSON.
    return undefined;
  }
}

type StatusColumns = Pick<z.infer<typeof rowSchema>, 'state' | 'startedAt' | 'endedAt' | 'error' | 'result'>;

/** A row with a hole where its state wants a time says the nearest that it knows. */
function statusOf({ state, startedAt, endedAt, error, result }: StatusColumns): JobStatus {
  const started = startedAt ?? endedAt ?? 0;
  const ended = endedAt ?? started;
  switch (state) {
    case 'queued':
    case 'paused':
      return { state, startedAt };
    case 'running':
      return { state, startedAt: started };
    case 'done':
      return { state, startedAt: started, endedAt: ended, result };
    case 'failed':
      return { state, startedAt, endedAt: ended, error: error ?? 'It failed.' };
    case 'cancelled':
      return { state, startedAt, endedAt: ended };
  }
}
