import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHarvest, HARVEST_MS, HARVEST_PAUSE_MS, HARVEST_PORTION } from '../../../lib/gateway/harvest.ts';

/** Most of each portion. */
let portions: number[];
/** Portions of a round. */
let round: number;
let harvest: { close(): void };

beforeEach(() => {
  vi.useFakeTimers();
  portions = [];
  round = 1;
  harvest = createHarvest({ harvest: (most) => portions.push(most) % round === 0 });
});

afterEach(() => {
  harvest.close();
  vi.useRealTimers();
});

it('goes over all slots once a second', () => {
  vi.advanceTimersByTime(HARVEST_MS - 1);
  expect(portions).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(portions).toEqual([HARVEST_PORTION]);
  vi.advanceTimersByTime(HARVEST_MS - 1);
  expect(portions).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(portions).toHaveLength(2);
});

it('takes one portion at a time, and rests after the last', () => {
  round = 3;
  vi.advanceTimersByTime(HARVEST_MS);
  for (let taken = 1; taken < 3; taken++) {
    expect(portions).toHaveLength(taken);
    vi.advanceTimersByTime(HARVEST_PAUSE_MS);
  }
  expect(portions).toHaveLength(3);
  vi.advanceTimersByTime(HARVEST_MS - 1);
  expect(portions).toHaveLength(3);
});

it('stops when it’s closed, within a round too', () => {
  round = 3;
  vi.advanceTimersByTime(HARVEST_MS);
  harvest.close();
  vi.advanceTimersByTime(3 * HARVEST_MS);
  expect(portions).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
