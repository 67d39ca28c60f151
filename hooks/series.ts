import type { Sample } from '../lib/contracts/overview';
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Requests of a sample, however they were answered. */
export const requestsOf = (sample: Sample): number => sum(RESULTS.map((result) => sample.answered[result] ?? 0));

function pointOf(sample: Sample): Point {
  const known = (value: number): number | null => (sample.known ? value : null);
  const { answered, hit, miss } = sample;
  return {
    at: sample.at,
    l1: known(answered.l1),
    l2: known(answered.l2),
    l3: known(answered.l3),
    stale: known(answered.stale),
    coalesced: known(answered.coalesced),
    origin: known(answered.origin),
    error: known(answered.error),
    requests: known(requestsOf(sample)),
    originCalls: known(sample.originCalls),
    hitP50: hit?.p50 ?? null,
    hitP95: hit?.p95 ?? null,
    missP50: miss?.p50 ?? null,
    missP95: miss?.p95 ?? null,
  };
}

/** Samples as points of the charts, oldest first. */
export const toPoints = (samples: readonly Sample[]): Point[] => samples.map(pointOf);

/** Most points of a sparkline. */
export const SPARK_POINTS = 60;

/**
 * A sparkline's values, oldest first: `numerator` ÷ `denominator` over equal slices of the last `span` ms before the
 * last sample. Null where nothing is known, or where the denominator is 0.
 */
export function toSpark(
  samples: readonly Sample[],
  span: number,
  numerator: (sample: Sample) => number | null,
  denominator: (sample: Sample) => number = () => 1,
): (number | null)[] {
  const end = samples.at(-1)?.at;
  if (end === undefined) return [];
  const slice = span / SPARK_POINTS;
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
