import { RANGES, STEPS, type Range } from '../contracts/overview.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Frame } from './frame.ts';
import { createFollowedRoutes, type FollowedRoutes } from './followed-routes.ts';
import { createRest } from './rest.ts';
import { createRouteIds, type RouteIds } from './route-ids.ts';
import type { Scope } from './scope.ts';
import { createStepSamples, type StepSamples, type Steps } from './step-samples.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** What is remembered of the traffic, second by second, and what has been added up from it. */
export interface History {
  readonly timeline: Timeline;
  readonly ids: RouteIds;
  readonly samples: StepSamples;
  readonly followed: FollowedRoutes;
  push(frame: Frame): void;
  /**
   * Adds up, in slices, what an overview of a scope needs; undefined where so little is left that it can be asked for
   * at once.
   */
  prepare(scope: Scope, range: Range): Promise<void> | undefined;
}

/** Seconds of traffic that are added up at once. */
const AT_ONCE = 30;

export const stepsOf = (range: Range): Steps => ({ step: STEPS[range], count: RANGES[range] / STEPS[range] });

/** @param seconds how long the past reaches */
export function createHistory(seconds: number, clock: Clock): History {
  const ids = createRouteIds();
  const timeline = createTimeline(seconds, ids.serviceOf);
  const samples = createStepSamples(timeline);
  const followed = createFollowedRoutes(timeline);
  const preparing = new Map<string, Promise<void>>();

  async function addUp(scope: Scope, range: Range): Promise<void> {
    const rest = createRest(clock);
    await samples.prepare(scope, stepsOf(range), rest);
    if (scope.only !== undefined) await followed.prepare(scope.only, range, rest);
  }

  return {
    timeline,
    ids,
    samples,
    followed,
    push(frame) {
      timeline.push(frame);
      if (!ids.forget(timeline.count - 1 - timeline.length)) return;
      const left = ids.services();
      timeline.keep(ids.has, (name) => left.has(name));
      samples.keep((key) => !key.startsWith('=') || left.has(key.slice(1)));
    },
    prepare(scope, range) {
      const { only } = scope;
      const toFollow = only === undefined ? 0 : followed.behind(only, range);
      if (samples.behind(scope, stepsOf(range)) + toFollow <= AT_ONCE) return undefined;
      const key = `${scope.key} ${range}`;
      const known = preparing.get(key);
      if (known !== undefined) return known;
      const work = addUp(scope, range).finally(() => preparing.delete(key));
      preparing.set(key, work);
      return work;
    },
  };
}
