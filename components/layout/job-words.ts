import type { JobOutcome, JobState } from '@/lib/contracts/job';
import type { State } from '@/components/ui/state';

/** A job's state in words; only those that say how it ended are one of the four states. */
export const JOB_STATE: Readonly<Record<JobState, { readonly state: State | null; readonly word: string }>> = {
  queued: { state: null, word: 'Queued' },
  running: { state: null, word: 'Running' },
  paused: { state: null, word: 'Paused' },
  done: { state: 'good', word: 'Done' },
  failed: { state: 'bad', word: 'Failed' },
  cancelled: { state: null, word: 'Cancelled' },
};

export const OUTCOME_STATE: Readonly<Record<JobOutcome['state'], State>> = {
  confirmed: 'good',
  unconfirmed: 'watch',
  failed: 'bad',
};
