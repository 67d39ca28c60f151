import { describe, expect, it } from 'vitest';
import { growthPerHour, isFlat, settled } from '../../../scripts/soak-trend.mjs';

const reading = (minute: number, more: object = {}) => ({
  minute,
  heap: 10_000,
  nodes: 1_000,
  listeners: 500,
  server: 0,
  ...more,
});
const minutes = Array.from({ length: 61 }, (_, minute) => minute);

describe('the trend of a soak', () => {
  it('is the slope per hour, and its share of what is held', () => {
    const trend = growthPerHour(minutes.map((minute) => reading(minute, { heap: 10_000 + minute * 10 })));
    expect(trend.heap.perHour).toBeCloseTo(600);
    expect(trend.heap.share).toBeCloseTo(600 / 10_300);
    expect(trend.nodes).toEqual({ perHour: 0, share: 0 });
    expect(trend.server).toEqual({ perHour: 0, share: 0 });
    expect(growthPerHour([reading(0)]).heap.perHour).toBe(0);
  });

  it('is flat up to 5 % an hour, of whichever it is', () => {
    const grown = (name: string, start: number, perHour: number) =>
      isFlat(minutes.map((minute) => reading(minute, { [name]: start + (minute / 60) * perHour })));
    expect(grown('heap', 10_000, 0)).toBe(true);
    expect(grown('heap', 10_000, 500)).toBe(true);
    expect(grown('heap', 10_000, 600)).toBe(false);
    expect(grown('nodes', 1_000, 60)).toBe(false);
    expect(grown('listeners', 500, 30)).toBe(false);
    expect(grown('heap', 10_000, -5_000)).toBe(true);
  });

  it('of a short run is what it grew by', () => {
    expect(isFlat([0, 1, 2].map((minute) => reading(minute, { heap: 10_000 + minute * 100 })))).toBe(true);
    expect(isFlat([0, 1, 2].map((minute) => reading(minute, { heap: 10_000 + minute * 400 })))).toBe(false);
  });

  it('leaves out the first quarter, in which the page fills', () => {
    expect(settled(minutes.map((minute) => reading(minute)))[0]?.minute).toBe(15);
  });
});
