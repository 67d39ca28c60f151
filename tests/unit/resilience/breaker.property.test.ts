import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BreakerCall } from '../../../lib/resilience/breaker.ts';
import { LIMITS, scene } from './breaker-scene.ts';

describe('the bounds', () => {
  type Step = { type: 'admit' | 'succeed' | 'fail' | 'cancel'; call: number } | { type: 'advance'; ms: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      type: fc.constantFrom('admit' as const, 'succeed' as const, 'fail' as const, 'cancel' as const),
      call: fc.nat(20),
    }),
    { weight: 2, arbitrary: fc.record({ type: fc.constant('admit' as const), call: fc.constant(0) }) },
    fc.record({ type: fc.constant('advance' as const), ms: fc.nat(400) }),
  );

  it('hold in any order of calls: probes, pauses, and no call let through while open', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120, size: 'max' }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 }),
        (steps, dice) => {
          let rolled = 0;
          const { breaker, clock, changes } = scene({}, () => dice[rolled++ % dice.length] as number);
          const calls: BreakerCall[] = [];
          const probes = new Set<BreakerCall>();
          let openings = 0;
          for (const each of steps) {
            const before = breaker.state;
            const seen = changes.length;
            if (each.type === 'advance') clock.advance(each.ms);
            else if (each.type === 'admit') {
              const due = before.kind === 'open' && clock.mono() >= before.until;
              const admitted = breaker.admit();
              if (before.kind === 'closed' || due) expect(admitted).toBeDefined();
              if (before.kind === 'open' && !due) expect(admitted).toBeUndefined();
              if (admitted !== undefined) calls.push(admitted);
              if (admitted !== undefined && breaker.state.kind === 'half-open') probes.add(admitted);
            } else {
              const call = calls[each.call % Math.max(1, calls.length)];
              if (call === undefined) continue;
              probes.delete(call);
              call[each.type](each.type);
            }
            for (const change of changes.slice(seen)) {
              if (change.to !== 'half-open') probes.clear();
              if (change.to === 'closed') openings = 0;
              if (change.to !== 'open') continue;
              const usual = Math.min(LIMITS.openFor * 2 ** openings, LIMITS.maxOpenFor * 2);
              expect(breaker.retryAfterMs()).toBeGreaterThanOrEqual(Math.min(LIMITS.maxOpenFor, usual * 0.8) - 1e-6);
              expect(breaker.retryAfterMs()).toBeLessThanOrEqual(Math.min(LIMITS.maxOpenFor, usual * 1.2) + 1e-6);
              openings++;
            }
            const { state } = breaker;
            if (state.kind === 'half-open') {
              expect(state.probing).toBe(probes.size);
              expect(state.probing).toBeLessThanOrEqual(LIMITS.probes);
              expect(state.succeeded).toBeLessThan(LIMITS.probes);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
