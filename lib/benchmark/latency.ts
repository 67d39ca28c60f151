import { BUCKETS, bucketIndex, quantile, toSparse } from '../kernel/sparse-histogram.ts';

/** p50, p95 and p99 in ms. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Collects durations in bounded memory. */
export interface Latency {
  record(ms: number): void;
  /** null while nothing was recorded. */
  quantiles(): Quantiles | null;
}

export function createLatency(): Latency {
  const counts = new Float64Array(BUCKETS);
  return {
    record(ms) {
      (counts[bucketIndex(ms)] as number)++;
    },
    quantiles() {
      const sparse = toSparse(counts);
      if (sparse.length === 0) return null;
      const at = (q: number): number => quantile(sparse, q) as number;
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
  };
}
