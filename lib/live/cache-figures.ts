import type { CacheFigures } from '../contracts/cache.ts';
import { MISS_REASON, reasonShares } from '../contracts/miss-reason.ts';
import type { LiveTick } from '../contracts/overview.ts';

type Source = Pick<LiveTick, 'service' | 'route' | 'range' | 'sample' | 'summary' | 'levels' | 'routes'>;

/** What the cache does, out of an overview: what the levels hold and answer, and why the rest isn't answered by them. */
export function cacheFigures({ service, route, range, sample, summary, levels, routes }: Source): CacheFigures {
  return {
    service,
    route,
    range,
    at: sample.at,
    requestsPerSecond: summary.requestsPerSecond,
    hitRatio: hitRatioOf(levels),
    staleRatio: summary.staleRatio,
    levels,
    reasons: reasonShares(routes.map(({ missReasons }) => missReasons)).map(({ reason, count, share }) => {
      const { because, remedy } = MISS_REASON[reason];
      return { reason, requests: count, share, why: because, remedy };
    }),
  };
}

/** Each level's share is of the same requests. */
function hitRatioOf(levels: Source['levels']): number | null {
  const answered = levels.flatMap(({ answeredRatio }) => answeredRatio ?? []);
  return answered.length === 0 ? null : answered.reduce((sum, ratio) => sum + ratio, 0);
}
