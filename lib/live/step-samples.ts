import { MOST_SAMPLES, type Sample } from '../contracts/overview.ts';
import { createSampleMaker } from './sample.ts';
import type { Scope } from './scope.ts';
import type { Timeline } from './timeline.ts';

/** The samples of live ranges. */
export interface StepSamples {
  /**
   * Those of the `count` steps that end with the newest, oldest first; none for steps before the first second.
   * @param step seconds
   */
  last(scope: Scope, step: number, count: number): Sample[];
  /** Drops what is kept for scopes that aren't wanted any more. */
  keep(wanted: (key: string) => boolean): void;
}

/**
 * A complete step doesn't change, so its sample is kept, at most MOST_SAMPLES for each step's length and each scope
 * that has a key: 1 KiB each.
 */
export function createStepSamples(timeline: Timeline): StepSamples {
  const maker = createSampleMaker();
  const complete = new Map<string, Map<number, Map<number, Sample>>>();

  function held(key: string, step: number): Map<number, Sample> {
    let steps = complete.get(key);
    if (steps === undefined) complete.set(key, (steps = new Map()));
    let samples = steps.get(step);
    if (samples === undefined) steps.set(step, (samples = new Map()));
    return samples;
  }

  function sampleAt(scope: Scope, step: number, end: number, newest: number): Sample {
    const samples = scope.key === undefined || end > newest ? undefined : held(scope.key, step);
    const known = samples?.get(end);
    if (known !== undefined) return known;
    for (const frame of timeline.between(end - step * 1_000, end)) maker.add(frame, scope);
    const sample = maker.take(end);
    if (samples === undefined) return sample;
    samples.set(end, sample);
    if (samples.size > MOST_SAMPLES) samples.delete(samples.keys().next().value as number);
    return sample;
  }

  return {
    last(scope, step, count) {
      const newest = timeline.nth(timeline.count - 1);
      const oldest = timeline.nth(Math.max(0, timeline.count - timeline.length));
      if (newest === undefined || oldest === undefined) return [];
      const ms = step * 1_000;
      const last = Math.ceil(newest.at / ms) * ms;
      const first = Math.max(last - (count - 1) * ms, Math.ceil(oldest.at / ms) * ms);
      const samples: Sample[] = [];
      for (let end = first; end <= last; end += ms) samples.push(sampleAt(scope, step, end, newest.at));
      return samples;
    },
    keep(wanted) {
      for (const key of complete.keys()) if (!wanted(key)) complete.delete(key);
    },
  };
}
