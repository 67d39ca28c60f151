import { newestFirst, type JobPlace, type JobRecord } from './job.ts';
import type { JobQuery } from './job-repository.ts';

export interface JobPage {
  /** Newest first; may be shorter than the limit although there is more. */
  readonly jobs: readonly JobRecord[];
  /** Where the next page begins; null at the end. */
  readonly next: JobPlace | null;
}

export function matches(job: JobRecord, { owner, states, kind, after }: JobQuery): boolean {
  return (
    (owner === undefined || job.owner === owner) &&
    (states === undefined || states.includes(job.state)) &&
    (kind === undefined || job.kind === kind) &&
    (after === undefined || newestFirst(job, after) > 0)
  );
}

/**
 * One page out of what is stored and what is held in memory, which is newer.
 *
 * @param stored the answer of the repository to `query`
 * @param held the newest form of a job in memory, by id
 */
export function pageOf(query: JobQuery, stored: readonly JobRecord[], held: ReadonlyMap<string, JobRecord>): JobPage {
  const last = stored.length < query.limit ? undefined : stored.at(-1);
  const known = new Set(stored.map(({ id }) => id));
  const unsaved = [...held.values()].filter(
    (job) => !known.has(job.id) && (last === undefined || newestFirst(job, last) < 0),
  );
  const all = [...stored.map((job) => held.get(job.id) ?? job), ...unsaved]
    .filter((job) => matches(job, query))
    .sort(newestFirst);
  const jobs = all.slice(0, query.limit);
  const end = all.length > jobs.length ? jobs.at(-1) : last;
  return { jobs, next: end === undefined ? null : { createdAt: end.createdAt, id: end.id } };
}
