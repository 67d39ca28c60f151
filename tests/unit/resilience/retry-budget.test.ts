import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetryBudget } from '../../../lib/resilience/retry-budget.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';

describe('retry budget', () => {
  it('starts with a burst, then earns one retry per ten first attempts', () => {
    const budget = createRetryBudget({ clock: manualClock() });
    for (let i = 0; i < 10; i++) expect(budget.withdraw()).toBe(true);
    expect(budget.withdraw()).toBe(false);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 9; i++) budget.deposit();
      expect(budget.withdraw()).toBe(false);
      budget.deposit();
      expect(budget.withdraw()).toBe(true);
      expect(budget.withdraw()).toBe(false);
    }
  });

  it('fills up by itself within a minute', () => {
    const clock = manualClock();
    const budget = createRetryBudget({ burst: 6, clock });
    for (let i = 0; i < 6; i++) budget.withdraw();
    clock.advance(9_999);
    expect(budget.withdraw()).toBe(false);
    clock.advance(1);
    expect(budget.withdraw()).toBe(true);
    clock.advance(1_000_000);
    for (let i = 0; i < 6; i++) expect(budget.withdraw()).toBe(true);
    expect(budget.withdraw()).toBe(false);
  });

  it('never gives more than burst + ratio × attempts + burst × minutes', () => {
    const step = fc.oneof(
      fc.constant('deposit' as const),
      { weight: 2, arbitrary: fc.constant('withdraw' as const) },
      fc.nat(5_000),
    );
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), ratio, fc.nat(5), (steps, share, burst) => {
        const clock = manualClock();
        const budget = createRetryBudget({ ratio: share, burst, clock });
        let attempts = 0;
        let retries = 0;
        for (const each of steps) {
          if (each === 'deposit') {
            attempts++;
            budget.deposit();
          } else if (each === 'withdraw') retries += budget.withdraw() ? 1 : 0;
          else clock.advance(each);
          expect(retries).toBeLessThanOrEqual(burst + share * attempts + (burst * clock.mono()) / 60_000 + 1e-6);
        }
      }),
    );
  });
});
