import { BUCKETS, bucketMiddle, type Sparse } from '../kernel/sparse-histogram.ts';

/** Upper bounds of the Prometheus histogram, in seconds; +Inf follows. */
export const BOUNDS_SECONDS: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/** Counters that one histogram takes: one per bound, one beyond the last, and the sum of durations in seconds. */
export const DURATION_COUNTERS = BOUNDS_SECONDS.length + 2;

/** Maps our buckets to Prometheus' bounds, each by its middle; the sum is of middles too, so under 0.8 % off. */
export interface DurationBuckets {
  /** Adds a histogram to `counters[at …]`: not cumulative, as many as DURATION_COUNTERS. */
  write(counters: Float64Array, at: number, histogram: Sparse): void;
}

export function createDurationBuckets(): DurationBuckets {
  const seconds = Float64Array.from({ length: BUCKETS }, (_, index) => bucketMiddle(index) / 1_000);
  const bound = Uint8Array.from(seconds, (middle) => {
    const found = BOUNDS_SECONDS.findIndex((limit) => middle <= limit);
    return found === -1 ? BOUNDS_SECONDS.length : found;
  });
  return {
    write(counters, at, histogram) {
      const sum = at + BOUNDS_SECONDS.length + 1;
      for (let i = 0; i < histogram.length; i += 2) {
        const index = histogram[i] as number;
        const count = histogram[i + 1] as number;
        const slot = at + (bound[index] as number);
        counters[slot] = (counters[slot] as number) + count;
        counters[sum] = (counters[sum] as number) + count * (seconds[index] as number);
      }
    },
  };
}
