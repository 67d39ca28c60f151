import { PitwallError } from '../kernel/errors.ts';
import type { OpenJob } from './job.ts';
import { withCheckpoint, withOutcome, withProgress, type JobRun } from './job-run.ts';

/** A runner at work, or stopped at a safe point. */
export interface LiveRun {
  readonly run: JobRun;
  /** Whether it waits at a safe point. */
  readonly stopped: boolean;
  /** Goes on with a place, after `stopped`. */
  goOn(): void;
  /** Gives its place back; harmless when it has none. */
  leave(): void;
  abort(reason?: unknown): void;
}

export interface LiveRunOptions {
  /** The job while this run may change it; undefined once it's over or cut off. */
  readonly job: () => OpenJob | undefined;
  readonly change: (job: OpenJob) => void;
  /** Called when it takes (1) or gives back (−1) a place. */
  readonly places: (change: 1 | -1) => void;
}

/** Starts with a place. */
export function createLiveRun(first: OpenJob, { job, change, places }: LiveRunOptions): LiveRun {
  const controller = new AbortController();
  const { signal } = controller;
  let gate: PromiseWithResolvers<void> | undefined;
  /** Whether it takes one of the places. */
  let active = true;
  places(1);

  function leave(): void {
    if (!active) return;
    active = false;
    places(-1);
  }

  function point(): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const now = job();
    if (now === undefined) return Promise.reject(new PitwallError('conflict', 'The job is over.'));
    if (gate === undefined && now.state !== 'paused') return Promise.resolve();
    if (gate === undefined) {
      gate = Promise.withResolvers();
      // A runner that doesn't wait for its safe point isn't told that the job is over.
      gate.promise.catch(() => undefined);
      leave();
    }
    return gate.promise;
  }

  function say(changed: (job: OpenJob) => OpenJob): void {
    const now = job();
    if (now !== undefined) change(changed(now));
  }

  return {
    run: {
      id: first.id,
      input: first.input,
      saved: first.checkpoint,
      signal,
      pausing: {
        get requested() {
          return job()?.state === 'paused';
        },
        point,
      },
      progress: (done, total, unit) => say((now) => withProgress(now, done, total, unit)),
      checkpoint: (state) => say((now) => withCheckpoint(now, state)),
      outcome: (outcome) => say((now) => withOutcome(now, outcome)),
    },
    get stopped() {
      return gate !== undefined;
    },
    goOn() {
      active = true;
      places(1);
      gate?.resolve();
      gate = undefined;
    },
    leave,
    abort(reason) {
      controller.abort(reason);
      gate?.reject(signal.reason);
    },
  };
}
