import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OriginSlots, type Caller } from '../../../lib/gateway/origin-slots.ts';

interface Named extends Caller {
  readonly told: string[];
}

function caller(): Named {
  const told: string[] = [];
  return { told, start: () => told.push('start'), late: () => told.push('late') };
}

describe('origin slots', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('start callers in the order they came, at most `size` at a time', () => {
    const slots = new OriginSlots(2, 10);
    const callers = Array.from({ length: 4 }, caller);
    expect(callers.map((each) => slots.enter(each, 1_000))).toEqual(['go', 'go', 'wait', 'wait']);
    slots.leave(callers[0] as Named);
    slots.leave(callers[0] as Named);
    expect(callers.map(({ told }) => told)).toEqual([[], [], ['start'], []]);
    slots.leave(callers[1] as Named);
    expect(callers[3]?.told).toEqual(['start']);
    vi.advanceTimersByTime(2_000);
    expect(callers.flatMap(({ told }) => told)).toEqual(['start', 'start']);
  });

  it('turn callers away when the queue is full, and tell who waited too long', () => {
    const slots = new OriginSlots(1, 1);
    const [first, second, third] = [caller(), caller(), caller()];
    expect([first, second, third].map((each) => slots.enter(each, 1_000))).toEqual(['go', 'wait', 'full']);
    vi.advanceTimersByTime(999);
    expect(second.told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(second.told).toEqual(['late']);
    expect(slots.enter(third, 1_000)).toBe('wait');
    slots.leave(first);
    expect([second.told, third.told]).toEqual([['late'], ['start']]);
  });

  it('forget a waiting caller that leaves', () => {
    const slots = new OriginSlots(1, 1);
    const [first, second, third] = [caller(), caller(), caller()];
    slots.enter(first, 1_000);
    slots.enter(second, 1_000);
    slots.leave(second);
    expect(slots.enter(third, 1_000)).toBe('wait');
    slots.leave(first);
    expect([second.told, third.told]).toEqual([[], ['start']]);
  });

  it('give streams places of their own, as many, and their slots to the next', () => {
    const slots = new OriginSlots(1, 5);
    const [stream, other, waiting] = [caller(), caller(), caller()];
    slots.enter(stream, 1_000);
    slots.enter(waiting, 1_000);
    expect(slots.enterStream(stream)).toBe(true);
    expect(waiting.told).toEqual(['start']);
    expect(slots.enterStream(other)).toBe(false);
    slots.leave(stream);
    expect(slots.enterStream(other)).toBe(true);
  });
});
