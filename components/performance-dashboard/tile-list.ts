import type { Sample, Summary } from '@/lib/contracts/overview';
import {
  changeOf,
  formatByteRate,
  formatLatency,
  formatPercent,
  formatRate,
  withUnit,
  type Change,
  type Quantity,
} from '@/components/ui/format';
import { requestsOf, toSpark } from '@/hooks/series';

export interface Tile {
  readonly label: string;
  /** What the number counts. */
  readonly meaning: string;
  readonly quantity: (summary: Summary) => Quantity;
  readonly change: (now: Summary, before: Summary) => Change | null;
  readonly spark: (samples: readonly Sample[], span: number) => readonly (number | null)[];
  /** Parts of the number, where it has parts. */
  readonly parts?: (summary: Summary) => readonly (readonly [name: string, value: string])[];
}

/** Errors of both kinds; null only when neither is known. */
export function errorRatio({ originErrorRatio, gatewayErrorRatio }: Summary): number | null {
  if (originErrorRatio === null && gatewayErrorRatio === null) return null;
  return (originErrorRatio ?? 0) + (gatewayErrorRatio ?? 0);
}

const percent = (ratio: number | null): Quantity => ({ value: formatPercent(ratio), unit: '%' });
const rate = (perSecond: number | null): Quantity => ({ value: formatRate(perSecond), unit: 'req/s' });

export const TILES: readonly Tile[] = [
  {
    label: 'Requests',
    meaning: 'Requests from clients per second, however they were answered.',
    quantity: (s) => rate(s.requestsPerSecond),
    change: (now, before) => changeOf(now.requestsPerSecond, before.requestsPerSecond, 'relative'),
    spark: (samples, span) => toSpark(samples, span, requestsOf),
  },
  {
    label: 'Errors',
    meaning:
      'Requests answered with a 5xx status, from the origin or by the gateway itself. Clients that left aren’t errors.',
    quantity: (s) => percent(errorRatio(s)),
    change: (now, before) => changeOf(errorRatio(now), errorRatio(before), 'points'),
    spark: (samples, span) => toSpark(samples, span, (s) => s.originErrors + s.gatewayErrors, requestsOf),
    parts: (s) => [
      ['From the origin', `${formatPercent(s.originErrorRatio)} %`],
      ['By the gateway', `${formatPercent(s.gatewayErrorRatio)} %`],
      ['Clients that left', `${formatPercent(s.abortedRatio)} %`],
    ],
  },
  {
    label: 'p95 hit',
    meaning: '95 of 100 requests answered without the origin had their first byte within this time.',
    quantity: (s) => formatLatency(s.hit?.p95),
    change: (now, before) => changeOf(now.hit?.p95, before.hit?.p95, 'relative'),
    spark: (samples, span) => toSpark(samples, span, (s) => s.hit?.p95 ?? null),
    parts: (s) => [
      ['p50', withUnit(formatLatency(s.hit?.p50))],
      ['p99', withUnit(formatLatency(s.hit?.p99))],
    ],
  },
  {
    label: 'p95 miss',
    meaning: '95 of 100 requests that needed the origin had their first byte within this time. Streams are left out.',
    quantity: (s) => formatLatency(s.miss?.p95),
    change: (now, before) => changeOf(now.miss?.p95, before.miss?.p95, 'relative'),
    spark: (samples, span) => toSpark(samples, span, (s) => s.miss?.p95 ?? null),
    parts: (s) => [
      ['p50', withUnit(formatLatency(s.miss?.p50))],
      ['p99', withUnit(formatLatency(s.miss?.p99))],
    ],
  },
  {
    label: 'Served stale',
    meaning: 'Requests answered with a response past its freshness, within its grace.',
    quantity: (s) => percent(s.staleRatio),
    change: (now, before) => changeOf(now.staleRatio, before.staleRatio, 'points'),
    spark: (samples, span) => toSpark(samples, span, (s) => s.answered.stale, requestsOf),
  },
  {
    label: 'Bytes saved',
    meaning: 'Body bytes per second that were answered without the origin.',
    quantity: (s) => formatByteRate(s.bytesSavedPerSecond),
    change: (now, before) => changeOf(now.bytesSavedPerSecond, before.bytesSavedPerSecond, 'relative'),
    spark: (samples, span) => toSpark(samples, span, (s) => s.bytesSaved),
  },
  {
    label: 'Coalesced',
    meaning: 'Requests per second that shared the origin call of an identical one in flight.',
    quantity: (s) => rate(s.coalescedPerSecond),
    change: (now, before) => changeOf(now.coalescedPerSecond, before.coalescedPerSecond, 'relative'),
    spark: (samples, span) => toSpark(samples, span, (s) => s.answered.coalesced),
  },
];
