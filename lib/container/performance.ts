import type { Bottlenecks } from '../contracts/bottlenecks.ts';
import type { CacheReport } from '../contracts/cache.ts';
import type { Keys, KeysQuery } from '../contracts/keys.ts';
import type { Metric, MetricName, MetricValues } from '../contracts/metrics.ts';
import type { LiveOverview, Overview, OverviewQuery, Watch, WindowWatch } from '../contracts/overview.ts';
import { MAX_HOURS, MAX_TOP } from '../contracts/keys.ts';
import { findBottlenecks } from '../live/bottlenecks.ts';
import { cacheFigures } from '../live/cache-figures.ts';
import { METRICS, metricValues } from '../live/metrics.ts';

/** What scripts ask of the live figures, each out of the overview that the page shows. */
export interface Performance {
  /** What can be asked for by name. */
  readonly metricList: readonly Metric[];
  /** Rejects with `not_found` for a service or route that isn't configured, as all here. */
  metric(name: MetricName, query: OverviewQuery): Promise<MetricValues>;
  bottlenecks(watch: Watch, most: number): Promise<Bottlenecks>;
  /** Rejects with `gateway_unavailable` where no gateway answers. */
  cache(watch: Watch, top: number): Promise<CacheReport>;
}

export function createPerformance({
  overview,
  overviewWindow,
  listKeys,
}: {
  readonly overview: (watch: Watch) => Promise<LiveOverview>;
  readonly overviewWindow: (watch: WindowWatch) => Promise<Overview>;
  readonly listKeys: (query: KeysQuery) => Promise<Keys>;
}): Performance {
  return {
    metricList: METRICS,
    async metric(name, { service, route, range, from, to }) {
      const live = from === undefined || to === undefined;
      const source = live
        ? await overview({ service, route, range })
        : await overviewWindow({ service, route, from, to });
      return metricValues(name, source);
    },
    async bottlenecks(watch, most) {
      const found = await overview(watch);
      const { service, route, range, sample } = found;
      return { service, route, range, at: sample.at, bottlenecks: findBottlenecks(found, most) };
    },
    async cache(watch, top) {
      const figures = cacheFigures(await overview(watch));
      const { rows } = await listKeys({ by: 'missed', top: MAX_TOP, hours: MAX_HOURS });
      const { service, route } = watch;
      const looked = rows.filter(
        (row) => (service === 'all' || row.service === service) && (route ?? row.route) === row.route,
      );
      return { ...figures, topMissed: looked.slice(0, top) };
    },
  };
}
