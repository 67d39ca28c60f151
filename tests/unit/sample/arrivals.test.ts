import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArrivals } from '../../../sample/arrivals.ts';
import { createZipf } from '../../../sample/zipf.ts';
import { seeded } from './seeded.ts';

describe('arrivals', () => {
  it('come at the asked rate, at uneven distances', () => {
    const arrivals = createArrivals({ rate: 50, random: seeded(1) });
    let now = 0;
    let count = 0;
    const gaps: number[] = [];
    while (now < 100_000) {
      const due = arrivals.due(now);
      count += due.count;
      gaps.push(due.waitMs);
      now += due.waitMs;
    }
    expect(count / 100).toBeGreaterThan(48);
    expect(count / 100).toBeLessThan(52);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // An exponential distribution's deviation is its mean.
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.9);
  });

  it('make up for a timer that fires late', () => {
    const arrivals = createArrivals({ rate: 1_000, random: () => 0.5 });
    const { waitMs } = arrivals.due(0);
    expect(waitMs).toBeCloseTo(0.693, 2);
    expect(arrivals.due(10).count).toBe(14);
  });

  it('never burst after a stall', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 100, max: 1e9 }), (seed, stallMs) => {
        const arrivals = createArrivals({ rate: 50, random: seeded(seed) });
        arrivals.due(0);
        // 50 ms are made up for: 2.5 requests in the mean, and one that is due.
        expect(arrivals.due(stallMs).count).toBeLessThan(20);
      }),
    );
    const arrivals = createArrivals({ rate: 1_000, random: () => 0.5 });
    arrivals.due(0);
    expect(arrivals.due(60_000).count).toBe(1);
  });
});

describe('zipf', () => {
  it('stays within its ranks and favours the first ones', () => {
    const draw = createZipf({ size: 500, skew: 1, random: seeded(7) });
    const counts = new Map<number, number>();
    for (let i = 0; i < 50_000; i++) {
      const rank = draw();
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
    }
    expect(Math.min(...counts.keys())).toBe(1);
    expect(Math.max(...counts.keys())).toBeLessThanOrEqual(500);
    const first = counts.get(1) as number;
    const second = counts.get(2) as number;
    expect(first / second).toBeGreaterThan(1.8);
    expect(first / second).toBeLessThan(2.2);
  });

  it('takes any number that a random source may give', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        (r, n) => {
          const rank = createZipf({ size: n, skew: 1.2, random: () => r })();
          expect(rank).toBeGreaterThanOrEqual(1);
          expect(rank).toBeLessThanOrEqual(n);
        },
      ),
    );
  });
});
