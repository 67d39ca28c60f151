import { clearModeSchema } from '../lib/contracts/clear';
import type { Job, JobKind, JobOutcome } from '../lib/contracts/job';
import { z } from 'zod';

/** How far a job was at a time, ms since the epoch. */
interface Reading {
  readonly at: number;
  readonly done: number;
}

/** The newest jobs and all under way, when they were read, and how far running ones were on the readings before. */
export interface JobBoard {
  readonly at: number;
  readonly jobs: readonly Job[];
  readonly readings: ReadonlyMap<string, readonly Reading[]>;
}

/** Readings kept of one job: at one every 2 s, the rate is that of the last 10 s. */
const READINGS = 6;

/** Whether it has yet to end. */
export const isUnderWay = (job: Job): boolean =>
  job.state === 'queued' || job.state === 'running' || job.state === 'paused';

const FIRST = { running: 0, paused: 1, queued: 2, done: 3, failed: 3, cancelled: 3 } as const;

/** Jobs under way, what runs first; and those that ended, the newest first. */
export function partJobs(jobs: readonly Job[]): { readonly underWay: readonly Job[]; readonly ended: readonly Job[] } {
  return {
    underWay: jobs.filter(isUnderWay).sort((a, b) => FIRST[a.state] - FIRST[b.state] || b.createdAt - a.createdAt),
    ended: jobs
      .filter((job) => !isUnderWay(job))
      .sort((a, b) => (b.endedAt ?? b.createdAt) - (a.endedAt ?? a.createdAt)),
  };
}

/** A board one reading later. A job that isn't running, or that went back, starts its readings anew. */
export function foldJobs(before: JobBoard | undefined, jobs: readonly Job[], at: number): JobBoard {
  const readings = new Map<string, readonly Reading[]>();
  for (const job of jobs) {
    if (job.state !== 'running') continue;
    const { done } = job.progress;
    const known = before?.readings.get(job.id) ?? [];
    const last = known.at(-1);
    const kept = last !== undefined && (last.done > done || last.at >= at) ? [] : known;
    readings.set(job.id, [...kept, { at, done }].slice(-READINGS));
  }
  return { at, jobs, readings };
}

export interface Pace {
  /** In the job's unit. */
  readonly perSecond: number;
  /** ms until it's done at this pace; null while nobody knows the total, or nothing moves. */
  readonly leftMs: number | null;
}

/** How fast a running job goes; null before there are two readings. */
export function paceOf(board: JobBoard, job: Job): Pace | null {
  const readings = board.readings.get(job.id) ?? [];
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) return null;
  const perSecond = ((last.done - first.done) * 1_000) / (last.at - first.at);
  const { total } = job.progress;
  const left = total === null || perSecond === 0 ? null : (Math.max(0, total - last.done) / perSecond) * 1_000;
  return { perSecond, leftMs: left };
}

/** 0..1, or null while nobody knows the total. */
export function shareOf({ progress: { done, total } }: Job): number | null {
  return total === null || total === 0 ? null : Math.min(done / total, 1);
}

const ORDER = { failed: 0, unconfirmed: 1, confirmed: 2 } as const;

/** Outcomes with trouble first, then by instance and worker. */
export const sortOutcomes = (outcomes: readonly JobOutcome[]): JobOutcome[] =>
  [...outcomes].sort(
    (a, b) =>
      ORDER[a.state] - ORDER[b.state] ||
      a.instance.localeCompare(b.instance, 'en', { numeric: true }) ||
      a.worker - b.worker,
  );

/** What is read here of a clear's input, and of an undo's: the job that it undoes. */
const clearInput = z.object({ mode: clearModeSchema });
const undoInput = z.object({ job: z.string() });

/** Clears that an undo on the board names, unless that undo came to nothing. */
function undone(jobs: readonly Job[]): ReadonlySet<string> {
  const named = jobs.flatMap((job) => {
    if (job.kind !== 'undo' || job.state === 'failed' || job.state === 'cancelled') return [];
    const input = undoInput.safeParse(job.input);
    return input.success ? [input.data.job] : [];
  });
  return new Set(named);
}

export const JOB_ACTIONS = ['pause', 'resume', 'cancel', 'undo'] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

/** Kinds whose runner has no safe point at which it could stop: it has told everybody before anybody could ask. */
const UNPAUSABLE: ReadonlySet<string> = new Set<JobKind>(['clear', 'undo']);

/** What a person may ask of a job now. Only a soft clear that is done and not undone can be undone. */
export function actionsOf(job: Job, jobs: readonly Job[]): readonly JobAction[] {
  if (job.state === 'running') return UNPAUSABLE.has(job.kind) ? ['cancel'] : ['pause', 'cancel'];
  if (job.state === 'paused') return ['resume', 'cancel'];
  if (job.state === 'queued') return ['cancel'];
  if (job.state !== 'done' || job.kind !== 'clear' || undone(jobs).has(job.id)) return [];
  const input = clearInput.safeParse(job.input);
  return input.success && input.data.mode === 'soft' ? ['undo'] : [];
}

/** Where an action is sent to. */
export const actionPath = (job: Job, action: JobAction): string =>
  `/api/${action === 'undo' ? 'cache/clear' : 'jobs'}/${encodeURIComponent(job.id)}/${action}`;

/** ms for which a job that ended badly asks for attention. */
const ATTENTION = 15 * 60_000;

/** What the button on top says of all jobs. Trouble counts what ended since `seenAt`, ms since the epoch, and lately. */
export interface JobsSummary {
  readonly underWay: number;
  readonly paused: number;
  readonly failed: number;
  /** Ended, but not confirmed everywhere. */
  readonly unconfirmed: number;
  /** Of the one job under way; null with several, or while nobody knows. */
  readonly share: number | null;
}

const isBad = (job: Job): boolean => job.state === 'failed' || job.outcomes.some(({ state }) => state === 'failed');
const isOpen = (job: Job): boolean =>
  job.state === 'done' && !isBad(job) && job.outcomes.some(({ state }) => state === 'unconfirmed');

/** Jobs that ended badly, or not confirmed everywhere, lately before `at`, ms since the epoch. */
export const needAttention = (jobs: readonly Job[], at: number): Job[] =>
  jobs.filter((job) => job.endedAt !== null && job.endedAt > at - ATTENTION && (isBad(job) || isOpen(job)));

export function summaryOf({ jobs, at }: JobBoard, seenAt: number): JobsSummary {
  const underWay = jobs.filter(isUnderWay);
  const fresh = needAttention(jobs, at).filter(({ endedAt }) => endedAt !== null && endedAt > seenAt);
  const [only] = underWay;
  return {
    underWay: underWay.length,
    paused: underWay.filter(({ state }) => state === 'paused').length,
    failed: fresh.filter(isBad).length,
    unconfirmed: fresh.filter(isOpen).length,
    share: underWay.length === 1 && only !== undefined ? shareOf(only) : null,
  };
}
