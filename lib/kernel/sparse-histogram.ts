/**
 * The arithmetic of latency histograms: buckets with a bounded relative error, and sums, differences and quantiles
 * of what was counted in them. Pure; the counting itself is lib/metrics/histogram.
 *
 * Buckets are log-linear: 27 octaves from 1.024 µs (2^10 ns) to 137 s (2^37 ns), each cut into 64 equal parts.
 * A bucket is at most 1/64 wide relative to its lower bound, so its geometric middle is off by less than 0.8 %.
 * Values outside are counted in the first or the last bucket.
 *
 * A sparse histogram is [index, count, index, count…] with indices ascending and counts above zero.
 */
export type Sparse = readonly number[];

const SUB_BITS = 6;
const LOWEST_EXPONENT = 10;
const OCTAVES = 27;
const NS_PER_MS = 1e6;

/** Number of buckets; indices are 0 … BUCKETS − 1. */
export const BUCKETS = OCTAVES << SUB_BITS;

// IEEE 754: the high word is sign, 11 bits of exponent, 20 of mantissa; shifted right by 14 it's exponent and 6 bits of mantissa.
const SHIFT = 20 - SUB_BITS;
const BASE = (1023 + LOWEST_EXPONENT) << SUB_BITS;
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The bucket of a duration in ms. Negative values and NaN count as 0. */
export function bucketIndex(ms: number): number {
  if (!(ms > 0)) return 0;
  float[0] = ms * NS_PER_MS;
  const index = ((words[HIGH_WORD] as number) >>> SHIFT) - BASE;
  if (index < 0) return 0;
  return index < BUCKETS ? index : BUCKETS - 1;
}

/** Lower bound (inclusive) of a bucket in ms. */
export function bucketLowerBound(index: number): number {
  const part = 1 + (index & ((1 << SUB_BITS) - 1)) / (1 << SUB_BITS);
  return (part * 2 ** (LOWEST_EXPONENT + (index >> SUB_BITS))) / NS_PER_MS;
}

/** Upper bound (exclusive) of a bucket in ms. */
export function bucketUpperBound(index: number): number {
  return bucketLowerBound(index + 1);
}

/** The value that stands for a bucket: its geometric middle, in ms. */
export function bucketMiddle(index: number): number {
  return Math.sqrt(bucketLowerBound(index) * bucketUpperBound(index));
}

/** The non-empty buckets of an array of counts per bucket. */
export function toSparse(counts: Float64Array): number[] {
  const sparse: number[] = [];
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] as number;
    if (count > 0) sparse.push(index, count);
  }
  return sparse;
}

/** Adds (`sign` 1) or takes away (`sign` −1) a sparse histogram from an array of counts per bucket. */
export function accumulate(counts: Float64Array, sparse: Sparse, sign: 1 | -1 = 1): void {
  for (let i = 0; i < sparse.length; i += 2) {
    const index = sparse[i] as number;
    counts[index] = (counts[index] as number) + sign * (sparse[i + 1] as number);
  }
}

/** How many values a sparse histogram holds. */
export function total(sparse: Sparse): number {
  let sum = 0;
  for (let i = 1; i < sparse.length; i += 2) sum += sparse[i] as number;
  return sum;
}

/** What was recorded between two readings of one histogram. A bucket that shrank means a restart: then all of `now`. */
export function difference(now: Sparse, before: Sparse): Sparse {
  const result: number[] = [];
  let b = 0;
  for (let n = 0; n < now.length; n += 2) {
    const index = now[n] as number;
    const count = now[n + 1] as number;
    if (b < before.length && (before[b] as number) < index) return now;
    if (b < before.length && before[b] === index) {
      const grown = count - (before[b + 1] as number);
      if (grown < 0) return now;
      if (grown > 0) result.push(index, grown);
      b += 2;
    } else {
      result.push(index, count);
    }
  }
  return b < before.length ? now : result;
}

/** The sum of several histograms. */
export function merge(list: readonly Sparse[]): Sparse {
  if (list.length === 1) return list[0] as Sparse;
  const counts = new Float64Array(BUCKETS);
  for (const sparse of list) accumulate(counts, sparse);
  return toSparse(counts);
}

/**
 * The value in ms that a share `q` (0…1) of all values doesn't exceed (nearest rank), at most 0.8 % off;
 * null when the histogram is empty.
 */
export function quantile(sparse: Sparse, q: number): number | null {
  const count = total(sparse);
  if (count === 0) return null;
  const rank = Math.max(1, Math.ceil(q * count));
  let seen = 0;
  let index = 0;
  for (let i = 0; i < sparse.length && seen < rank; i += 2) {
    index = sparse[i] as number;
    seen += sparse[i + 1] as number;
  }
  return bucketMiddle(index);
}
