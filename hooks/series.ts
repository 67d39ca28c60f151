import { RANGES, type Range, type Sample } from '../lib/contracts/overview';
import { RESULTS, type Result } from '../lib/contracts/traffic';

/** One place on the charts' time axis. Rates per second, latencies in ms; null = unknown, drawn as a gap. */
export type Point = { readonly at: number } & Readonly<Record<Result, number | null>> & {
    readonly requests: number | null;
    readonly originCalls: number | null;
    readonly hitP50: number | null;
    readonly hitP95: number | null;
    readonly missP50: number | null;
    readonly missP95: number | null;
  };

const SECOND = 1_000;
/** Seconds per point: no range draws more than 180. */
export const STEP: Readonly<Record<Range, number>> = { '1m': 1, '5m': 2, '15m': 5 };

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Requests of a sample, however they were answered. */
export const requestsOf = (sample: Sample): number => sum(RESULTS.map((result) => sample.answered[result] ?? 0));

function pointOf(at: number, samples: readonly Sample[]): Point {
  const known = samples.filter((sample) => sample.known);
  const mean = (value: (sample: Sample) => number) =>
    known.length === 0 ? null : sum(known.map(value)) / known.length;
  // Quantiles can't be averaged: a point that stands for several seconds shows the worst of them.
  const worst = (kind: 'hit' | 'miss', quantile: 'p50' | 'p95') => {
    const values = known.flatMap((sample) => sample[kind]?.[quantile] ?? []);
    return values.length === 0 ? null : Math.max(...values);
  };
  const answered = (result: Result) => mean((sample) => sample.answered[result] ?? 0);
  return {
    at,
    l1: answered('l1'),
    l2: answered('l2'),
    l3: answered('l3'),
    stale: answered('stale'),
    coalesced: answered('coalesced'),
    origin: answered('origin'),
    error: answered('error'),
    requests: mean(requestsOf),
    originCalls: mean((sample) => sample.originCalls),
    hitP50: worst('hit', 'p50'),
    hitP95: worst('hit', 'p95'),
    missP50: worst('miss', 'p50'),
    missP95: worst('miss', 'p95'),
  };
}

/**
 * Samples as points of the charts, oldest first. Longer ranges put several seconds into one point, at multiples
 * of the step since the epoch, so that a point doesn't change its neighbours when time moves on.
 */
export function toPoints(samples: readonly Sample[], range: Range): Point[] {
  const step = STEP[range] * SECOND;
  if (step === SECOND) return samples.map((sample) => pointOf(sample.at, [sample]));
  const groups = Map.groupBy(samples, (sample) => Math.ceil(sample.at / step) * step);
  return [...groups].map(([at, members]) => pointOf(at, members));
}

/** Most points of a sparkline. */
export const SPARK_POINTS = 60;

/**
 * A sparkline's values, oldest first: `numerator` ÷ `denominator` over equal slices of the range that ends at the
 * last sample. Null where nothing is known, or where the denominator is 0.
 */
export function toSpark(
  samples: readonly Sample[],
  range: Range,
  numerator: (sample: Sample) => number | null,
  denominator: (sample: Sample) => number = () => 1,
): (number | null)[] {
  const end = samples.at(-1)?.at;
  if (end === undefined) return [];
  const slice = (RANGES[range] / SPARK_POINTS) * SECOND;
  const above = new Array<number>(SPARK_POINTS).fill(0);
  const below = new Array<number>(SPARK_POINTS).fill(0);
  for (const sample of samples) {
    const index = SPARK_POINTS - 1 - Math.round((end - sample.at) / slice);
    const value = sample.known && index >= 0 ? numerator(sample) : null;
    if (value === null) continue;
    above[index] = (above[index] ?? 0) + value;
    below[index] = (below[index] ?? 0) + denominator(sample);
  }
  return above.map((value, i) => ((below[i] ?? 0) > 0 ? value / (below[i] ?? 1) : null));
}
