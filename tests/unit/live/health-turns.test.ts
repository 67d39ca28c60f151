import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHealthWatch, type Assessment } from '../../../lib/live/health.ts';

const RANK = { unknown: 0, healthy: 0, degraded: 1, failing: 2 };
type Known = 'healthy' | 'degraded' | 'failing';

/** The state after each second, of a watch that began with the first of `looks`. */
function watched(looks: readonly Known[]): Known[] {
  const assessments: Assessment[] = looks.map((state, i) => ({ state, why: `${state} ${i}` }));
  const watch = createHealthWatch(assessments[0]!, 0);
  return assessments.map((now, i) => watch.update(now, i * 1_000, i * 1_000).state as Known);
}

const runs = (...parts: [Known, number][]): Known[] => parts.flatMap(([state, n]) => Array<Known>(n).fill(state));

describe('health over mixed seconds', () => {
  it('doesn’t turn failing for one failing second after five degraded ones', () => {
    expect(watched(runs(['healthy', 1], ['degraded', 5], ['failing', 1])).at(-1)).toBe('degraded');
    expect(watched(runs(['healthy', 1], ['failing', 1], ['degraded', 5])).at(-1)).toBe('degraded');
    expect(watched(runs(['healthy', 1], ['degraded', 5], ['failing', 7])).at(-1)).toBe('failing');
  });

  it('doesn’t turn healthy for one healthy second after fifteen degraded ones', () => {
    const looks = runs(['failing', 1], ['degraded', 15], ['healthy', 1]);
    expect(watched(looks).at(-1)).toBe('degraded');
    expect(watched([...looks, ...runs(['healthy', 16])]).at(-1)).toBe('healthy');
  });

  it('never turns worse without 5 s that were as bad, nor better without 15 s that were as good', () => {
    const look = fc.constantFrom<Known>('healthy', 'degraded', 'failing');
    const looks = fc
      .array(fc.tuple(look, fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 12 })
      .map((parts) => runs(...parts));
    fc.assert(
      fc.property(looks, (given) => {
        const states = watched(given);
        for (let i = 1; i < states.length; i++) {
          const change = RANK[states[i]!] - RANK[states[i - 1]!];
          if (change === 0) continue;
          const seconds = given.slice(i - (change > 0 ? 5 : 15), i + 1).map((state) => RANK[state]);
          expect(seconds).toHaveLength(change > 0 ? 6 : 16);
          for (const rank of seconds) {
            if (change > 0) expect(rank).toBeGreaterThanOrEqual(RANK[states[i]!]);
            else expect(rank).toBeLessThanOrEqual(RANK[states[i]!]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
