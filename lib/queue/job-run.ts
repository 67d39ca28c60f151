import { PitwallError } from '../kernel/errors.ts';
import type { JobOutcome, OpenJob } from './job.ts';
import { STATE_BYTES, asJson, asText } from './job-json.ts';

/** Most outcomes that a job keeps: one per worker of every instance. */
export const MAX_OUTCOMES = 1_000;
/** Longest unit and detail, characters. */
export const UNIT_LENGTH = 40;
const DETAIL_LENGTH = 1_000;

/** How a runner lets itself be paused. */
export interface Pausing {
  /** Whether somebody wants it to pause. */
  readonly requested: boolean;
  /** A safe point: resolves at once, or when a paused job goes on. Rejects once the job is over. */
  point(): Promise<void>;
}

/** What a runner works with. Once the job is over, what it still says is ignored. */
export interface JobRun {
  readonly id: string;
  readonly input: unknown;
  /** What `checkpoint` wrote down before a restart; null at the first start. */
  readonly saved: unknown;
  /** Aborted when the job is cancelled or Pitwall shuts down; then the runner should reject. */
  readonly signal: AbortSignal;
  readonly pausing: Pausing;
  /** @param total null while nobody knows; left out = as before */
  progress(done: number, total?: number | null, unit?: string): void;
  /** Replaces what a restart goes on from: JSON of at most 256 KiB. */
  checkpoint(state: unknown): void;
  /** Replaces what was said of the same worker. */
  outcome(outcome: JobOutcome): void;
}

/** Does one kind of job; its answer is the result, JSON of at most 256 KiB. A job may run again after a restart. */
export type JobRunner = (run: JobRun) => Promise<unknown>;

/** Validates what a runner says; throws `validation_failed`, which ends the job as failed. */
export function withProgress(job: OpenJob, done: number, total = job.progress.total, unit?: string): OpenJob {
  if (!(done >= 0 && done < Infinity) || (total !== null && !(total >= 0 && total < Infinity))) {
    throw new PitwallError('validation_failed', 'Progress is counted in numbers from 0 on.');
  }
  return {
    ...job,
    progress: { done, total, unit: unit === undefined ? job.progress.unit : asText(unit, UNIT_LENGTH) },
  };
}

export function withCheckpoint(job: OpenJob, state: unknown): OpenJob {
  return { ...job, checkpoint: asJson('checkpoint', state, STATE_BYTES) };
}

export function withOutcome(job: OpenJob, { instance, worker, state, detail }: JobOutcome): OpenJob {
  const others = job.outcomes.filter((other) => other.instance !== instance || other.worker !== worker);
  if (others.length >= MAX_OUTCOMES) {
    throw new PitwallError('validation_failed', `A job keeps at most ${MAX_OUTCOMES} outcomes.`);
  }
  const said = detail === null ? null : asText(detail, DETAIL_LENGTH);
  return { ...job, outcomes: [...others, { instance, worker, state, detail: said }] };
}
