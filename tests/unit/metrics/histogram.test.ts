import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUCKETS,
  Histogram,
  bucketIndex,
  bucketLowerBound,
  bucketMiddle,
  bucketUpperBound,
  difference,
  merge,
  quantile,
  total,
} from '../../../lib/metrics/histogram.ts';

const LOWEST = 0.001024;
const HIGHEST = 137_000;
const duration = fc.double({ min: LOWEST, max: HIGHEST, noNaN: true });
const durations = fc.array(duration, { minLength: 1, maxLength: 300 });

function recorded(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] as number;
}

describe('buckets', () => {
  it('hold exactly what lies between their bounds', () => {
    fc.assert(
      fc.property(duration, (ms) => {
        const index = bucketIndex(ms);
        expect(bucketLowerBound(index)).toBeLessThanOrEqual(ms * (1 + 1e-12));
        expect(bucketUpperBound(index)).toBeGreaterThan(ms * (1 - 1e-12));
      }),
    );
  });

  it('join without gaps and are at most 1/64 wide', () => {
    for (let index = 0; index < BUCKETS; index++) {
      expect(bucketUpperBound(index)).toBe(bucketLowerBound(index + 1));
      expect(bucketUpperBound(index) / bucketLowerBound(index)).toBeLessThanOrEqual(1 + 1 / 64);
    }
    expect(bucketLowerBound(0)).toBeCloseTo(LOWEST, 9);
    expect(bucketUpperBound(BUCKETS - 1)).toBeCloseTo(137_438.953_472, 6);
  });

  it('clamp what lies outside', () => {
    for (const tiny of [0, -1, -Infinity, Number.NaN, 1e-9, 0.001]) expect(bucketIndex(tiny)).toBe(0);
    for (const huge of [137_439, 1e12, Number.MAX_VALUE, Infinity]) expect(bucketIndex(huge)).toBe(BUCKETS - 1);
  });
});

describe('Histogram', () => {
  it('is within 1 % of exact quantiles', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const exact = exactQuantile(values, q);
        const estimate = quantile(recorded(values).sparse(), q) as number;
        expect(Math.abs(estimate - exact) / exact).toBeLessThan(0.01);
      }),
    );
  });

  it('counts each record once, in ascending buckets', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const sparse = recorded(values).sparse();
        const indices = sparse.filter((_, i) => i % 2 === 0);
        expect(total(sparse)).toBe(values.length);
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
      }),
    );
  });

  it('hands out copies', () => {
    const histogram = recorded([1]);
    const before = histogram.sparse();
    histogram.record(1);
    expect(total(before)).toBe(1);
  });
});

describe('sparse arithmetic', () => {
  it('difference undoes merge', () => {
    fc.assert(
      fc.property(durations, durations, (first, second) => {
        const before = recorded(first).sparse();
        const delta = recorded(second).sparse();
        expect(difference(merge([before, delta]), before)).toEqual(delta);
      }),
    );
  });

  it('difference of equal readings is empty', () => {
    const reading = recorded([1, 2, 3]).sparse();
    expect(difference(reading, reading)).toEqual([]);
  });

  it('difference takes a shrunken histogram for a restart', () => {
    const before = recorded([1, 1, 2]).sparse();
    expect(difference(recorded([1]).sparse(), before)).toEqual(recorded([1]).sparse());
    // as many values as before and more, but not the same ones
    expect(difference(recorded([5, 5, 5, 5]).sparse(), before)).toEqual(recorded([5, 5, 5, 5]).sparse());
    expect(difference(recorded([1, 2, 2, 2]).sparse(), before)).toEqual(recorded([1, 2, 2, 2]).sparse());
    expect(difference([], before)).toEqual([]);
  });

  it('merge of none is empty and of one is itself', () => {
    expect(merge([])).toEqual([]);
    expect(merge([[3, 4]])).toEqual([3, 4]);
  });

  it('quantile of nothing is null, and of one value that value', () => {
    expect(quantile([], 0.95)).toBeNull();
    const index = bucketIndex(12);
    for (const q of [0, 0.5, 1]) expect(quantile([index, 1], q)).toBe(bucketMiddle(index));
  });
});
