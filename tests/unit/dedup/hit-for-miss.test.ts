import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHitForMiss } from '../../../lib/dedup/hit-for-miss.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';

describe('hit-for-miss', () => {
  it('remembers a key for two minutes from its last mark', () => {
    const clock = manualClock();
    const marks = createHitForMiss({ clock });
    expect(marks.has('a')).toBe(false);
    marks.mark('a');
    clock.advance(119_999);
    expect(marks.has('a')).toBe(true);
    expect(marks.has('b')).toBe(false);
    marks.mark('a');
    clock.advance(119_999);
    expect(marks.has('a')).toBe(true);
    clock.advance(1);
    expect(marks.has('a')).toBe(false);
    expect(marks.has('a')).toBe(false);
  });

  it('remembers why for as long as it remembers', () => {
    const clock = manualClock();
    const marks = createHitForMiss({ ttlMs: 10, clock });
    marks.mark('a', 'private');
    marks.mark('b');
    expect([marks.why('a'), marks.why('b'), marks.why('c')]).toEqual(['private', undefined, undefined]);
    clock.advance(10);
    expect(marks.why('a')).toBeUndefined();
  });

  it('doesn’t go by the wall clock', () => {
    const clock = manualClock(1_000_000);
    const marks = createHitForMiss({ ttlMs: 10, clock });
    marks.mark('a');
    clock.stepWall(-500_000);
    clock.advance(10);
    expect(marks.has('a')).toBe(false);
  });

  it('forgets when told', () => {
    const marks = createHitForMiss({ clock: manualClock() });
    marks.mark('a');
    marks.forget('a');
    expect(marks.has('a')).toBe(false);
  });

  it('holds the keys marked last, and no more than its bound', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (marked, maxKeys) => {
        const marks = createHitForMiss({ maxKeys, clock: manualClock() });
        for (const key of marked) marks.mark(`k${key}`);
        const latest = new Set([...new Set(marked.toReversed())].slice(0, maxKeys));
        for (let key = 0; key < 10; key++) expect(marks.has(`k${key}`)).toBe(latest.has(key));
      }),
    );
  });
});
