import { BUCKETS, bucketIndex, toSparse } from '../kernel/sparse-histogram.ts';

export {
  BUCKETS,
  accumulate,
  bucketIndex,
  bucketLowerBound,
  bucketMiddle,
  bucketUpperBound,
  difference,
  merge,
  quantile,
  toSparse,
  total,
  type Sparse,
} from '../kernel/sparse-histogram.ts';

/** Counts durations. `record` allocates nothing; a Float64Array counts exactly to 2^53, where 32 bits wrap within a day. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);

  /** @param ms duration in milliseconds */
  record(ms: number): void {
    (this.#counts[bucketIndex(ms)] as number)++;
  }

  /** A copy of the non-empty buckets. */
  sparse(): number[] {
    return toSparse(this.#counts);
  }
}
