import type { Change, ChangeTone } from '../contracts/changes.ts';
import type { Job } from '../contracts/job.ts';

/** What a clear or an undo changed, as its job reports it now; undefined for other jobs. */
export function changeOfJob(job: Job): Change | undefined {
  const { id, kind, title, createdAt } = job;
  if (kind !== 'clear' && kind !== 'undo') return undefined;
  const [tone, detail] = outcomeOf(job);
  return {
    id: `job-${id}`,
    at: createdAt,
    kind,
    service: serviceOf(job.input),
    tone,
    title,
    detail,
    instance: null,
    jobId: id,
  };
}

function outcomeOf({ state, error, outcomes }: Job): readonly [ChangeTone, string | null] {
  if (state === 'failed') return ['bad', error];
  if (state === 'cancelled') return ['watch', 'Cancelled before every worker had confirmed it.'];
  const confirmed = outcomes.filter((outcome) => outcome.state === 'confirmed').length;
  if (confirmed < outcomes.length) return ['watch', `${confirmed} of ${outcomes.length} workers confirmed it.`];
  if (state !== 'done') return ['neutral', 'Under way.'];
  return ['neutral', outcomes.length < 2 ? 'Confirmed.' : `${confirmed} of ${outcomes.length} workers confirmed it.`];
}

/** The one service that was cleared; null where it may be several. */
function serviceOf(input: unknown): string | null {
  const { scope } = (input ?? {}) as { scope?: { service?: unknown } };
  return typeof scope?.service === 'string' ? scope.service : null;
}
