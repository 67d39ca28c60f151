import { PitwallError } from '../kernel/errors.ts';
import { isOpen, type JobRecord, type OpenJob } from './job.ts';

/** How often a job that a restart interrupted is queued again. */
export const MAX_RESTARTS = 3;

/** Every way in which a job changes its state. Pure; times in ms since the epoch. Throws `conflict` where it can't. */

/** A queued or resumed job goes to work. */
export function started(job: OpenJob, now: number): JobRecord {
  return { ...job, state: 'running', startedAt: job.startedAt ?? now };
}

/** A queued job waits aside; a running one stops at its next safe point. */
export function paused(job: JobRecord): JobRecord {
  if (job.state !== 'queued' && job.state !== 'running') throw unfit(job, 'paused');
  return { ...job, state: 'paused' };
}

/** Back into the queue: a resumed job without a free place, or one that a shutdown interrupts. */
export function queuedAgain(job: OpenJob): JobRecord {
  return { ...job, state: 'queued' };
}

/** Throws `conflict` unless `job` is paused. */
export function requirePaused(job: JobRecord): asserts job is OpenJob {
  if (job.state !== 'paused') throw unfit(job, 'resumed');
}

export function cancelled(job: JobRecord, now: number): JobRecord {
  if (!isOpen(job)) throw unfit(job, 'cancelled');
  return { ...job, state: 'cancelled', endedAt: now };
}

export function done(job: OpenJob, now: number, result: unknown): JobRecord {
  return { ...job, state: 'done', startedAt: job.startedAt ?? now, endedAt: now, result };
}

export function failed(job: OpenJob, now: number, error: string): JobRecord {
  return { ...job, state: 'failed', endedAt: now, error };
}

/** An open job as it is after its process ended without a word: what ran is queued again, MAX_RESTARTS times. */
export function afterRestart(job: OpenJob, now: number): JobRecord {
  if (job.state !== 'running') return job;
  if (job.restarts < MAX_RESTARTS) return { ...queuedAgain(job), restarts: job.restarts + 1 };
  return failed(job, now, `Pitwall ended ${MAX_RESTARTS + 1} times while it ran: it isn't tried again.`);
}

function unfit(job: JobRecord, change: string): PitwallError {
  return new PitwallError('conflict', `A job that is ${job.state} can't be ${change}.`);
}
