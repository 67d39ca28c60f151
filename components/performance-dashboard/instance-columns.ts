import type { InstanceState, Overview } from '@/lib/contracts/overview';
import { formatCount, formatNumber, formatPercent, formatRate } from '@/components/ui/format';

const MEBIBYTE = 2 ** 20;

export interface InstanceColumn {
  readonly label: string;
  /** What the numbers count. */
  readonly meaning: string;
  /** Width in px. */
  readonly width: number;
  readonly text: (instance: InstanceState) => string;
  /** What the row of totals says of the workers that answer. */
  readonly total: (answering: readonly InstanceState[]) => string;
}

const sum = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
};

const highest = (values: readonly number[], format: (value: number) => string): string =>
  values.length === 0 ? '–' : `max ${format(Math.max(...values))}`;

/** Of all requests, those answered fresh: each worker's ratio weighs what it was asked. */
export function hitRatioOf(answering: readonly InstanceState[]): number | null {
  const known = answering.flatMap(({ hitRatio, requestsPerSecond }) =>
    hitRatio === null || requestsPerSecond === null ? [] : [{ hitRatio, requestsPerSecond }],
  );
  const asked = known.reduce((total, { requestsPerSecond }) => total + requestsPerSecond, 0);
  if (asked === 0) return null;
  return known.reduce((total, { hitRatio, requestsPerSecond }) => total + hitRatio * requestsPerSecond, 0) / asked;
}

/** Columns of numbers, between the state and the third level. */
export const INSTANCE_COLUMNS: readonly InstanceColumn[] = [
  {
    label: 'Req/s',
    meaning: 'Requests from clients per second',
    width: 80,
    text: ({ requestsPerSecond }) => formatRate(requestsPerSecond),
    total: (all) => formatRate(sum(all.map(({ requestsPerSecond }) => requestsPerSecond))),
  },
  {
    label: 'Hit %',
    meaning: 'Requests answered fresh from the store; in total, weighed by requests',
    width: 80,
    text: ({ hitRatio }) => formatPercent(hitRatio),
    total: (all) => formatPercent(hitRatioOf(all)),
  },
  {
    label: 'Origin calls/s',
    meaning: 'All calls to the origin per second: retries and refreshes included',
    width: 112,
    text: ({ originCallsPerSecond }) => formatRate(originCallsPerSecond),
    total: (all) => formatRate(sum(all.map(({ originCallsPerSecond }) => originCallsPerSecond))),
  },
  {
    label: 'Connections',
    meaning: 'Open connections of clients',
    width: 104,
    text: ({ connections }) => formatCount(connections),
    total: (all) => formatCount(sum(all.map(({ connections }) => connections))),
  },
  {
    label: 'Loop p99 ms',
    meaning: 'Event-loop delay: 99 of 100 turns were no later than this; in total, the highest',
    width: 112,
    text: ({ eventLoopP99Ms }) => formatNumber(eventLoopP99Ms),
    total: (all) =>
      highest(
        all.map(({ eventLoopP99Ms }) => eventLoopP99Ms),
        formatNumber,
      ),
  },
  {
    label: 'Busy %',
    meaning: 'Share of time that the event loop worked; in total, the highest',
    width: 96,
    text: ({ utilisation }) => formatPercent(utilisation),
    total: (all) =>
      highest(
        all.map(({ utilisation }) => utilisation),
        formatPercent,
      ),
  },
  {
    label: 'Heap MiB',
    meaning: 'JavaScript heap in use; bodies lie outside of it',
    width: 88,
    text: ({ heapBytes }) => formatNumber(heapBytes / MEBIBYTE),
    total: (all) => formatNumber((sum(all.map(({ heapBytes }) => heapBytes)) ?? NaN) / MEBIBYTE),
  },
];

export const instanceId = ({ instance, worker }: InstanceState): string => `${instance} ${worker}`;

/** By instance, numbers in names as numbers, then by worker. */
export const sortInstances = (instances: readonly InstanceState[]): InstanceState[] =>
  [...instances].sort((a, b) => a.instance.localeCompare(b.instance, 'en', { numeric: true }) || a.worker - b.worker);

/** One worker that is well needs no table: the page's numbers are its own. */
export const areInstancesShown = (instances: readonly InstanceState[]): boolean =>
  instances.length > 1 || instances.some(({ state, clears }) => state !== 'ok' || clears.state !== 'confirmed');

/** Workers named in a heading. */
const NAMED = 2;

/** "edge-2 worker 1 and 3 more": who is meant by a count. Nobody is "". */
export function namesOf(instances: readonly InstanceState[]): string {
  const named = instances.slice(0, NAMED).map(({ instance, worker }) => `${instance} worker ${worker}`);
  const rest = instances.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

/** The page's present, ms since the epoch: when somebody last answered, whatever stretch of time the charts show. */
export function presentOf({ instances, sample }: Pick<Overview, 'instances' | 'sample'>): number {
  const answered = instances.filter(({ state }) => state === 'ok');
  if (answered.length > 0) return Math.max(...answered.map(({ at }) => at));
  return Math.max(sample.at, ...instances.map(({ at }) => at));
}
