import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHarvest, HARVEST_MS, HARVEST_PORTION } from '../../../lib/gateway/harvest.ts';

let portions: number[];
/** Portions until a round is done. */
let left: number;
let harvest: { close(): void };

beforeEach(() => {
  vi.useFakeTimers();
  portions = [];
  left = 3;
  harvest = createHarvest({
    harvest(most) {
      portions.push(most);
      return --left <= 0;
    },
  });
});

afterEach(() => {
  harvest.close();
  vi.useRealTimers();
});

it('takes one portion a turn, about once a second', () => {
  vi.advanceTimersByTime(HARVEST_MS - 1);
  expect(portions).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(portions).toEqual([HARVEST_PORTION]);
  vi.advanceTimersToNextTimer();
  expect(portions).toHaveLength(2);
  vi.advanceTimersToNextTimer();
  expect(portions).toHaveLength(3);
  vi.advanceTimersByTime(HARVEST_MS - 10);
  expect(portions).toHaveLength(3);
  vi.advanceTimersByTime(10);
  expect(portions).toHaveLength(4);
});

it('starts no second round beside one that takes longer, and stops when it’s closed', () => {
  left = Infinity;
  vi.advanceTimersByTime(HARVEST_MS);
  expect(vi.getTimerCount()).toBe(2);
  vi.advanceTimersByTime(HARVEST_MS);
  expect(vi.getTimerCount()).toBe(2);
  harvest.close();
  const before = portions.length;
  vi.advanceTimersByTime(3 * HARVEST_MS);
  expect(portions).toHaveLength(before);
});
