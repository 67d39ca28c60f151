import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimebase } from '../../../lib/cache/timebase.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';

describe('the shared time', () => {
  it('starts at the wall clock, or at the latest that was written down', () => {
    expect(createTimebase(manualClock(1_000)).now()).toBe(1_000);
    expect(createTimebase(manualClock(1_000), 5_000).now()).toBe(5_000);
  });

  it('never runs backwards nor slower than the monotonic clock, whatever the wall clock does', () => {
    const step = fc.oneof(
      fc.record({ advance: fc.nat(10_000) }),
      fc.record({ wall: fc.integer({ min: -100_000, max: 100_000 }) }),
      fc.record({ seen: fc.nat(200_000) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const clock = manualClock(50_000);
        const time = createTimebase(clock);
        for (const each of steps) {
          const before = time.now();
          const mono = clock.mono();
          if ('advance' in each) clock.advance(each.advance);
          else if ('wall' in each) clock.stepWall(each.wall);
          else time.atLeast(each.seen);
          expect(time.now() - before).toBeGreaterThanOrEqual(clock.mono() - mono);
          if ('seen' in each) expect(time.now()).toBeGreaterThanOrEqual(each.seen);
          expect(time.toMono(time.toShared(123))).toBe(123);
          expect(time.toShared(clock.mono())).toBe(time.now());
        }
      }),
    );
  });
});
