import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import type { JobRecord } from './job.ts';
import type { JobRepository } from './job-repository.ts';

/** Least time between two writes of one job's progress, ms: at most 4 a second. */
export const WRITE_INTERVAL_MS = 250;
/** Wait before what couldn't be written is tried again, ms. */
export const WRITE_RETRY_MS = 1_000;

export interface JobWriterOptions {
  readonly repository: Pick<JobRepository, 'save'>;
  /** The newest form of a job; undefined when it's gone from memory. */
  readonly read: (id: string) => JobRecord | undefined;
  /** After each batch that was written. */
  readonly onSaved: (jobs: readonly JobRecord[]) => void;
  readonly clock: Clock;
  readonly after: After;
  readonly logger: Logger;
}

/** Writes jobs behind their changes: one batch at a time, changes of state at once, progress throttled per job. */
export interface JobWriter {
  /** `job` changed; `urgent` = not to be throttled. */
  mark(id: string, urgent: boolean): void;
  /** Resolves when everything that was marked has been tried once. Never rejects. */
  flush(): Promise<void>;
  /** Whether its newest form isn't stored yet. */
  isDirty(id: string): boolean;
  forget(id: string): void;
  /** Tries what is left once more; then nothing is written any longer. */
  close(): Promise<void>;
}

export function createJobWriter({ repository, read, onSaved, clock, after, logger }: JobWriterOptions): JobWriter {
  /** When each dirty job may be written, by the monotonic clock. */
  const due = new Map<string, number>();
  const savedAt = new Map<string, number>();
  let saving: Promise<void> | undefined;
  let cancelTimer = (): void => {};
  /** What the batch under way holds. */
  let writing: readonly string[] = [];
  let failing = false;
  let retryAt = 0;
  let closed = false;

  function schedule(): void {
    cancelTimer();
    if (closed || due.size === 0 || saving !== undefined) return;
    const wait = Math.max(failing ? retryAt : 0, Math.min(...due.values())) - clock.mono();
    if (wait <= 0) void write(false);
    else cancelTimer = after(wait, () => void write(false));
  }

  function write(all: boolean): Promise<void> {
    saving ??= batch(all).finally(() => {
      saving = undefined;
      writing = [];
      schedule();
    });
    return saving;
  }

  async function batch(all: boolean): Promise<void> {
    cancelTimer();
    // A turn later, so that changes that come together are written together.
    await Promise.resolve();
    const now = clock.mono();
    const ids = [...due].flatMap(([id, at]) => (all || at <= now ? [id] : []));
    const jobs = ids.map(read).filter((job) => job !== undefined);
    writing = ids;
    for (const id of ids) {
      due.delete(id);
      savedAt.set(id, now);
    }
    if (jobs.length === 0) return;
    try {
      await repository.save(jobs);
    } catch (error) {
      for (const { id } of jobs) if (read(id) !== undefined) due.set(id, now);
      if (!failing) logger.warn(`Jobs go on in memory, since they can't be stored: ${wordsOf(error)}`);
      failing = true;
      retryAt = clock.mono() + WRITE_RETRY_MS;
      return;
    }
    if (failing) logger.info('Jobs are stored again.');
    failing = false;
    onSaved(jobs);
  }

  return {
    mark(id, urgent) {
      due.set(id, urgent ? 0 : Math.min(due.get(id) ?? Infinity, (savedAt.get(id) ?? -Infinity) + WRITE_INTERVAL_MS));
      schedule();
    },
    async flush() {
      while (saving !== undefined) await saving;
      if (due.size > 0) await write(true);
    },
    isDirty: (id) => due.has(id) || writing.includes(id),
    forget(id) {
      due.delete(id);
      savedAt.delete(id);
    },
    async close() {
      closed = true;
      while (saving !== undefined) await saving;
      await write(true);
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
