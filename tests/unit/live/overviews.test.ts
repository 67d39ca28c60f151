import { describe, expect, it } from 'vitest';
import type { Overview, Watch } from '../../../lib/contracts/overview.ts';
import { createOverviews } from '../../../lib/live/overviews.ts';

describe('overviews', () => {
  const asked: Watch[] = [];
  const overviews = createOverviews((watch) => {
    asked.push(watch);
    return { service: watch.service } as Overview;
  });
  const watch = (n: number): Watch => ({ service: `s${n}`, range: '1m' });

  it('are made once for all who ask, until something changes', () => {
    const first = overviews.of(watch(1));
    expect(overviews.of(watch(1))).toBe(first);
    expect(overviews.of({ service: 's1', range: '5m' })).not.toBe(first);
    expect(asked).toHaveLength(2);
    overviews.forget();
    expect(overviews.of(watch(1))).not.toBe(first);
    expect(asked).toHaveLength(3);
    overviews.forget();
    asked.length = 0;
  });

  it('are kept for 32 different questions, not for more', () => {
    for (let round = 0; round < 2; round++) for (let n = 1; n <= 33; n++) overviews.of(watch(n));
    expect(asked).toHaveLength(34);
  });

  it('that fail are asked for again', () => {
    let fails = true;
    const failing = createOverviews(() => {
      if (fails) throw new Error('away');
      return {} as Overview;
    });
    expect(() => failing.of(watch(1))).toThrow('away');
    fails = false;
    expect(failing.of(watch(1))).toBeDefined();
  });
});
