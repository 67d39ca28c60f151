import type { CacheFigures } from '../contracts/cache.ts';
import { MISS_REASON } from '../contracts/miss-reason.ts';
import type { LiveTick } from '../contracts/overview.ts';
import { MISS_REASONS } from '../contracts/traffic.ts';

type Source = Pick<LiveTick, 'service' | 'route' | 'range' | 'sample' | 'summary' | 'levels' | 'routes'>;

/** What the cache does, out of an overview: what the levels hold and answer, and why the rest isn't answered by them. */
export function cacheFigures({ service, route, range, sample, summary, levels, routes }: Source): CacheFigures {
  const counted = MISS_REASONS.map((reason) => ({
    reason,
    requests: routes.reduce((sum, { missReasons }) => sum + (missReasons[reason] ?? 0), 0),
  })).filter(({ requests }) => requests > 0);
  const all = counted.reduce((sum, { requests }) => sum + requests, 0);
  return {
    service,
    route,
    range,
    at: sample.at,
    requestsPerSecond: summary.requestsPerSecond,
    hitRatio: hitRatioOf(levels),
    staleRatio: summary.staleRatio,
    levels,
    reasons: counted
      .sort((a, b) => b.requests - a.requests)
      .map(({ reason, requests }) => {
        const { because, remedy } = MISS_REASON[reason];
        return { reason, requests, share: requests / all, why: because, remedy };
      }),
  };
}

/** Each level's share is of the same requests. */
function hitRatioOf(levels: Source['levels']): number | null {
  const answered = levels.flatMap(({ answeredRatio }) => answeredRatio ?? []);
  return answered.length === 0 ? null : answered.reduce((sum, ratio) => sum + ratio, 0);
}
