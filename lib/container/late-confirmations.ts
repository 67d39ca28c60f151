import type { GatewaySnapshot } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DoneJob, JobOutcome, JobRecord } from '../queue/job.ts';
import { clearResult, recordOf } from './clears.ts';
import type { JobService } from './job-service.ts';

/** How long a clear that wasn't confirmed everywhere is watched, ms, and most that are at once: the newest. */
export const WATCHED_MS = 600_000;
export const MOST_WATCHED = 100;

/** Confirms, in the jobs of clears that have ended, what workers have followed since. */
export interface LateConfirmations {
  /** Once a second: the readings of the workers that answered. */
  see(snapshots: readonly GatewaySnapshot[]): void;
}

export function createLateConfirmations({
  jobs,
  clock,
}: {
  readonly jobs: Pick<JobService, 'events' | 'amend'>;
  readonly clock: Clock;
}): LateConfirmations {
  /** Since when, by the monotonic clock; the oldest first. */
  const watched = new Map<string, number>();

  jobs.events.on(({ job }) => {
    if (!isUnconfirmed(job)) watched.delete(job.id);
    else if (!watched.has(job.id)) watched.set(job.id, clock.mono());
    for (const id of watched.keys()) {
      if (watched.size <= MOST_WATCHED) break;
      watched.delete(id);
    }
  });

  return {
    see(snapshots) {
      if (watched.size === 0) return;
      const followed = new Map<string, number>();
      for (const { instance, worker, clears } of snapshots) {
        if (clears.state === 'confirmed') followed.set(`${instance}/${worker}`, clears.number);
      }
      for (const [id, since] of watched) {
        if (clock.mono() - since > WATCHED_MS) watched.delete(id);
        else jobs.amend(id, (job) => confirmed(job, followed, clock.wall()));
      }
    },
  };
}

function isUnconfirmed(job: JobRecord): boolean {
  const clears = job.kind === 'clear' || job.kind === 'undo';
  return clears && job.state === 'done' && job.outcomes.some(({ state }) => state === 'unconfirmed');
}

/** @param followed by worker, the number up to which it has confirmed; @param now ms since the epoch */
function confirmed(job: DoneJob, followed: ReadonlyMap<string, number>, now: number): DoneJob {
  const record = recordOf(job.input);
  const isLate = ({ instance, worker, state }: JobOutcome): boolean =>
    state === 'unconfirmed' && (followed.get(`${instance}/${worker}`) ?? -1) >= record.number;
  if (!job.outcomes.some(isLate)) return job;
  const detail = `${Math.max(0, Math.round((now - job.endedAt) / 1_000))} s later`;
  const outcomes = job.outcomes.map((outcome) =>
    isLate(outcome) ? { ...outcome, state: 'confirmed' as const, detail } : outcome,
  );
  const result = clearResult(record, outcomes);
  return { ...job, outcomes, progress: { ...job.progress, done: result.confirmed }, result };
}
