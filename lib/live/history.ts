import type { Frame } from './frame.ts';
import { createFollowedRoutes, type FollowedRoutes } from './followed-routes.ts';
import { createRouteIds, type RouteIds } from './route-ids.ts';
import { createStepSamples, type StepSamples } from './step-samples.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** What is remembered of the traffic, second by second, and what has been added up from it. */
export interface History {
  readonly timeline: Timeline;
  readonly ids: RouteIds;
  readonly samples: StepSamples;
  readonly followed: FollowedRoutes;
  push(frame: Frame): void;
}

/** @param seconds how long the past reaches */
export function createHistory(seconds: number): History {
  const ids = createRouteIds();
  const timeline = createTimeline(seconds, ids.serviceOf);
  const samples = createStepSamples(timeline);
  return {
    timeline,
    ids,
    samples,
    followed: createFollowedRoutes(timeline),
    push(frame) {
      timeline.push(frame);
      if (!ids.forget(timeline.count - 1 - timeline.length)) return;
      const left = ids.services();
      timeline.keep(ids.has, (name) => left.has(name));
      samples.keep((key) => !key.startsWith('=') || left.has(key.slice(1)));
    },
  };
}
