import { MOST_SAMPLES, type Sample } from '../contracts/overview.ts';
import { createSampleMaker } from './sample.ts';
import type { Rest } from './rest.ts';
import type { Scope } from './scope.ts';
import type { Timeline } from './timeline.ts';

/** The steps of a live range: `count` of them, `step` seconds each, that end with the newest. */
export interface Steps {
  readonly step: number;
  readonly count: number;
}

/** The samples of live ranges. */
export interface StepSamples {
  /** Those of the steps, oldest first; none for steps before the first second. */
  last(scope: Scope, steps: Steps): Sample[];
  /** How many seconds `last` would have to add up. */
  behind(scope: Scope, steps: Steps): number;
  /** Makes those that `last` would have to, resting after each. */
  prepare(scope: Scope, steps: Steps, rest: Rest): Promise<void>;
  /** Drops what is kept for scopes of services that aren't wanted any more. */
  keep(wanted: (key: string) => boolean): void;
}

/** Single routes whose samples are kept; the one that nobody asked for longest makes room. */
const MOST_ROUTES = 16;

type Samples = Map<number, Sample>;

/**
 * A complete step doesn't change, so its sample is kept, at most MOST_SAMPLES for each step's length and each scope:
 * 1 KiB each.
 */
export function createStepSamples(timeline: Timeline): StepSamples {
  const maker = createSampleMaker();
  const services = new Map<string, Map<number, Samples>>();
  const routes = new Map<string, Map<number, Samples>>();

  function held({ key, only }: Scope, step: number): Samples {
    const kept = only === undefined ? services : routes;
    const steps = kept.get(key) ?? new Map<number, Samples>();
    kept.delete(key);
    kept.set(key, steps);
    if (routes.size > MOST_ROUTES) routes.delete(routes.keys().next().value as string);
    const samples = steps.get(step) ?? new Map<number, Sample>();
    steps.set(step, samples);
    return samples;
  }

  /** When the steps end. */
  function ends({ step, count }: Steps): number[] {
    const newest = timeline.nth(timeline.count - 1);
    const oldest = timeline.nth(Math.max(0, timeline.count - timeline.length));
    if (newest === undefined || oldest === undefined) return [];
    const ms = step * 1_000;
    const last = Math.ceil(newest.at / ms) * ms;
    const first = Math.max(last - (count - 1) * ms, Math.ceil(oldest.at / ms) * ms);
    return Array.from({ length: (last - first) / ms + 1 }, (_, i) => first + i * ms);
  }

  function sampleAt(samples: Samples, scope: Scope, step: number, end: number): Sample {
    const known = samples.get(end);
    if (known !== undefined) return known;
    for (const frame of timeline.between(end - step * 1_000, end)) maker.add(frame, scope);
    const sample = maker.take(end);
    // The newest step may go on.
    if (end > (timeline.nth(timeline.count - 1)?.at ?? end)) return sample;
    samples.set(end, sample);
    if (samples.size > MOST_SAMPLES) samples.delete(samples.keys().next().value as number);
    return sample;
  }

  return {
    last(scope, steps) {
      const samples = held(scope, steps.step);
      return ends(steps).map((end) => sampleAt(samples, scope, steps.step, end));
    },
    behind(scope, steps) {
      const samples = held(scope, steps.step);
      return ends(steps).filter((end) => !samples.has(end)).length * steps.step;
    },
    async prepare(scope, steps, rest) {
      const samples = held(scope, steps.step);
      for (const end of ends(steps)) {
        sampleAt(samples, scope, steps.step, end);
        await rest();
      }
    },
    keep(wanted) {
      for (const key of services.keys()) if (!wanted(key)) services.delete(key);
    },
  };
}
