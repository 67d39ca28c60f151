import type { Bottlenecks } from '../contracts/bottlenecks.ts';
import type { CacheReport } from '../contracts/cache.ts';
import type { Keys, KeysQuery } from '../contracts/keys.ts';
import type { Metric, MetricName, MetricValues } from '../contracts/metrics.ts';
import type { LiveOverview, Watch } from '../contracts/overview.ts';
import { MAX_HOURS, MAX_TOP } from '../contracts/keys.ts';
import { findBottlenecks } from '../live/bottlenecks.ts';
import { cacheFigures } from '../live/cache-figures.ts';
import { METRICS, metricValues } from '../live/metrics.ts';

/** What scripts ask of the live figures, each out of the overview that the page shows. */
export interface Performance {
  /** What can be asked for by name. */
  readonly metricList: readonly Metric[];
  /** Throws `not_found` for a service that isn't configured, as all here. */
  metric(name: MetricName, watch: Watch): MetricValues;
  bottlenecks(watch: Watch, most: number): Bottlenecks;
  /** Rejects with `gateway_unavailable` where no gateway answers. */
  cache(watch: Watch, top: number): Promise<CacheReport>;
}

export function createPerformance({
  overview,
  listKeys,
}: {
  readonly overview: (watch: Watch) => LiveOverview;
  readonly listKeys: (query: KeysQuery) => Promise<Keys>;
}): Performance {
  return {
    metricList: METRICS,
    metric: (name, watch) => metricValues(name, overview(watch)),
    bottlenecks(watch, most) {
      const found = overview(watch);
      const { service, range, sample } = found;
      return { service, range, at: sample.at, bottlenecks: findBottlenecks(found, most) };
    },
    async cache(watch, top) {
      const figures = cacheFigures(overview(watch));
      const { rows } = await listKeys({ by: 'missed', top: MAX_TOP, hours: MAX_HOURS });
      const { service, route } = watch;
      const looked = rows.filter(
        (row) => (service === 'all' || row.service === service) && (route ?? row.route) === row.route,
      );
      return { ...figures, topMissed: looked.slice(0, top) };
    },
  };
}
