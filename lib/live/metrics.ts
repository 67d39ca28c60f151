import type { Metric, MetricName, MetricValues } from '../contracts/metrics.ts';
import type { RouteRow, Sample, Summary } from '../contracts/overview.ts';
import { RESULTS } from '../contracts/traffic.ts';

/** What a metric is made from: an overview, or what is as good as one. */
export interface MetricSource extends Pick<MetricValues, 'service' | 'route' | 'range' | 'from' | 'to' | 'step'> {
  readonly summary: Summary;
  readonly routes: readonly RouteRow[];
  readonly samples: readonly Sample[];
}

interface Definition extends Omit<Metric, 'name'> {
  /** Within one step. */
  at(sample: Sample): number | null;
  /** Over the whole range. */
  over(source: MetricSource): number | null;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
const requests = ({ answered }: Sample): number => sum(RESULTS.map((result) => answered[result]));
const share =
  (part: (sample: Sample) => number): Definition['at'] =>
  (sample) =>
    ratio(part(sample), requests(sample));

const rate = (
  help: string,
  unit: 'req/s' | 'calls/s' | 'B/s',
  at: (sample: Sample) => number,
  over: Definition['over'],
): Definition => ({ help, type: 'rate', unit, at, over });

const ratioOf = (help: string, at: Definition['at'], over: Definition['over']): Definition => ({
  help,
  type: 'ratio',
  unit: 'ratio',
  at,
  over,
});

const quantile = (which: 'p50' | 'p95' | 'p99', of: 'hit' | 'miss'): Definition => ({
  help: `Time to first byte that ${which.slice(1)} % of ${of === 'hit' ? 'hits' : 'misses'} didn't exceed, streams left out`,
  type: 'duration',
  unit: 'ms',
  at: (sample) => sample[of]?.[which] ?? null,
  over: ({ summary }) => summary[of]?.[which] ?? null,
});

/** Every live figure, as CONSOLE.md defines it: the same numbers as the page's. */
const DEFINITIONS: Readonly<Record<MetricName, Definition>> = {
  requests: rate('Requests of clients', 'req/s', requests, ({ summary }) => summary.requestsPerSecond),
  hit_ratio: ratioOf(
    'Requests answered fresh from the store (L1, L2, L3) ÷ requests',
    share(({ answered }) => answered.l1 + answered.l2 + answered.l3),
    ({ routes }) =>
      ratio(
        sum(routes.map(({ hitRatio, requestsPerSecond }) => (hitRatio ?? 0) * requestsPerSecond)),
        sum(routes.map(({ requestsPerSecond }) => requestsPerSecond)),
      ),
  ),
  origin_calls: rate(
    'Calls to the origin, with retries, refreshes and warming',
    'calls/s',
    ({ originCalls }) => originCalls,
    ({ summary }) => summary.originCallsPerSecond,
  ),
  origin_calls_saved: ratioOf(
    '1 − origin calls ÷ requests; negative where more is called than asked',
    (sample) => {
      const called = ratio(sample.originCalls, requests(sample));
      return called === null ? null : 1 - called;
    },
    ({ summary }) => summary.originCallsSaved,
  ),
  p50_hit: quantile('p50', 'hit'),
  p95_hit: quantile('p95', 'hit'),
  p99_hit: quantile('p99', 'hit'),
  p50_miss: quantile('p50', 'miss'),
  p95_miss: quantile('p95', 'miss'),
  p99_miss: quantile('p99', 'miss'),
  errors: ratioOf(
    '5xx sent to clients ÷ requests',
    share(({ originErrors, gatewayErrors }) => originErrors + gatewayErrors),
    ({ summary: { originErrorRatio, gatewayErrorRatio } }) =>
      originErrorRatio === null || gatewayErrorRatio === null ? null : originErrorRatio + gatewayErrorRatio,
  ),
  origin_errors: ratioOf(
    '5xx sent to clients that came from the origin ÷ requests',
    share(({ originErrors }) => originErrors),
    ({ summary }) => summary.originErrorRatio,
  ),
  gateway_errors: ratioOf(
    '5xx sent to clients that the gateway made itself ÷ requests',
    share(({ gatewayErrors }) => gatewayErrors),
    ({ summary }) => summary.gatewayErrorRatio,
  ),
  aborted: ratioOf(
    'Requests whose client left before the answer was complete ÷ requests',
    share(({ aborted }) => aborted),
    ({ summary }) => summary.abortedRatio,
  ),
  stale: ratioOf(
    'Requests served stale ÷ requests',
    share(({ answered }) => answered.stale),
    ({ summary }) => summary.staleRatio,
  ),
  coalesced: rate(
    'Requests that shared the origin call of another',
    'req/s',
    ({ answered }) => answered.coalesced,
    ({ summary }) => summary.coalescedPerSecond,
  ),
  bytes_saved: rate(
    'Bytes of bodies answered without the origin',
    'B/s',
    ({ bytesSaved }) => bytesSaved,
    ({ summary }) => summary.bytesSavedPerSecond,
  ),
  bytes_sent: rate(
    'Bytes sent to clients',
    'B/s',
    ({ bytesSent }) => bytesSent,
    ({ samples }) => {
      const known = samples.filter((sample) => sample.known);
      return ratio(sum(known.map(({ bytesSent }) => bytesSent)), known.length);
    },
  ),
};

/** What can be asked for. */
export const METRICS: readonly Metric[] = Object.entries(DEFINITIONS).map(([name, { help, type, unit }]) => ({
  name: name as MetricName,
  help,
  type,
  unit,
}));

/** The values of one metric; a step in which nothing was measured is null. */
export function metricValues(name: MetricName, source: MetricSource): MetricValues {
  const { help, type, unit, at, over } = DEFINITIONS[name];
  const { service, route, range, from, to, step, samples } = source;
  return {
    name,
    help,
    type,
    unit,
    service,
    route,
    range,
    from,
    to,
    step,
    value: over(source),
    points: samples.map((sample) => ({ at: sample.at, value: sample.known ? at(sample) : null })),
  };
}
