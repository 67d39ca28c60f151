import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createMessageLimit } from '../../../lib/live/message-limit.ts';

describe('createMessageLimit', () => {
  it('allows so many in 10 s, and again in the next 10', () => {
    const clock = manualClock();
    const limit = createMessageLimit(3, clock);
    const four = (): boolean[] => Array.from({ length: 4 }, () => limit.allows());
    expect(four()).toEqual([true, true, true, false]);
    clock.advance(9_999);
    expect(limit.allows()).toBe(false);
    clock.advance(1);
    expect(four()).toEqual([true, true, true, false]);
  });
});
