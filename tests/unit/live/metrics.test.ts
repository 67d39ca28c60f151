import { describe, expect, it } from 'vitest';
import { METRIC_NAMES, metricListSchema, metricValuesSchema, type MetricName } from '../../../lib/contracts/metrics.ts';
import { METRICS, metricValues } from '../../../lib/live/metrics.ts';
import { histogram, live, worker } from '../../support/live-series.ts';
import { routeReading } from '../../support/snapshot-readings.ts';

/** Two seconds of traffic on two routes, and a gap between. */
function busy() {
  const { series, second, gap } = live();
  second(
    worker([
      routeReading('chats', {
        results: { l1: 4, l2: 2, l3: 1, stale: 1, coalesced: 2, origin: 8, error: 2 },
        originCalls: { fetch: 8, retry: 2 },
        originErrors: 1,
        gatewayErrors: 3,
        aborted: 5,
        bytesSent: 4_000,
        bytesSaved: 1_000,
        hitLatency: histogram(1, 1, 2),
        missLatency: histogram(40, 50, 60),
      }),
      routeReading('idle'),
    ]),
  );
  gap();
  return { series, second };
}

describe('metrics', () => {
  it('are those that the contract names, each with words and a unit', () => {
    expect(metricListSchema.parse({ metrics: METRICS }).metrics.map(({ name }) => name)).toEqual(METRIC_NAMES);
    for (const { name, help, type, unit } of METRICS) {
      expect(help.length, name).toBeGreaterThan(10);
      expect([name, unit]).toEqual([name, { ratio: 'ratio', duration: 'ms', rate: unit }[type]]);
    }
  });

  it.each<[MetricName, number]>([
    ['requests', 20],
    ['hit_ratio', 0.35],
    ['origin_calls', 10],
    ['origin_calls_saved', 0.5],
    ['errors', 0.2],
    ['origin_errors', 0.05],
    ['gateway_errors', 0.15],
    ['aborted', 0.25],
    ['stale', 0.05],
    ['coalesced', 2],
    ['bytes_saved', 1_000],
    ['bytes_sent', 4_000],
  ])('%s is %d, in its second and over the range; a gap is null', (name, expected) => {
    const { series } = busy();
    const found = metricValuesSchema.parse(metricValues(name, series.overview('chat', '1m')));
    expect(found).toMatchObject({ name, service: 'chat', range: '1m' });
    expect(found.points.map(({ value }) => value)).toEqual([expect.closeTo(expected), null]);
    expect(found.value).toBeCloseTo(expected);
  });

  it('give quantiles of hits and misses apart', () => {
    const { series } = busy();
    const overview = series.overview('chat', '1m');
    const of = (name: MetricName) => metricValues(name, overview);
    expect(of('p50_hit').value).toBeCloseTo(1, 0);
    expect(of('p99_miss').points[0]?.value).toBe(overview.summary.miss?.p99);
    expect(of('p95_miss').value).toBe(overview.summary.miss?.p95);
    expect(of('p99_hit').points[1]?.value).toBeNull();
  });

  it('are the same as those of the page', () => {
    const { series } = busy();
    const overview = series.overview('all', '1m');
    expect(metricValues('requests', overview).value).toBe(overview.summary.requestsPerSecond);
    const byRoute = overview.routes.find(({ route }) => route === 'chats')?.hitRatio ?? 0;
    expect(metricValues('hit_ratio', overview).value).toBeCloseTo(byRoute);
  });

  it('are null where nothing was asked, and 0 only for rates', () => {
    const { series, second } = live();
    second(worker([routeReading('idle')]));
    const overview = series.overview('chat', '1m');
    for (const { name, type } of METRICS) {
      const expected = type === 'rate' ? 0 : null;
      expect([name, metricValues(name, overview).value]).toEqual([name, expected]);
      expect([name, metricValues(name, overview).points[0]?.value]).toEqual([name, expected]);
    }
    const empty = live().series.overview('chat', '1m');
    for (const { name } of METRICS) expect([name, metricValues(name, empty).value]).toEqual([name, null]);
  });
});
