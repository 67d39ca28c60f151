import type { JobPlace, JobRecord, JobState } from './job.ts';

export interface JobQuery {
  /** Default: every owner's. */
  readonly owner?: string;
  /** Default: all. */
  readonly states?: readonly JobState[];
  readonly kind?: string;
  /** At least 1. */
  readonly limit: number;
  /** Only what comes after this place in the order of newestFirst. */
  readonly after?: JobPlace;
}

/** Where jobs are written down. Every method may reject, with `storage_unavailable` where the database is away. */
export interface JobRepository {
  /** Writes all or none, over what was there. */
  save(jobs: readonly JobRecord[]): Promise<void>;
  find(id: string): Promise<JobRecord | undefined>;
  /** Newest first. */
  list(query: JobQuery): Promise<JobRecord[]>;
  /** Drops ended jobs: all that ended before `endedBefore` (ms since the epoch), and all but the `keep` that ended last. */
  prune(bounds: { readonly keep: number; readonly endedBefore: number }): Promise<void>;
}
