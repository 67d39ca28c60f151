import { expect, test } from 'vitest';
import { timeTicks } from '@/components/charts/axis';
import { momentAt, placeOf } from '@/components/charts/plot-area';

const axis = { start: 1_000_000, end: 1_060_000 };
const box = { left: 100, width: 648 };

test('a pointer is at the moment that is drawn under it, and never outside the axis', () => {
  expect(momentAt(140, box, axis)).toBe(1_000_000);
  expect(momentAt(440, box, axis)).toBe(1_030_000);
  expect(momentAt(740, box, axis)).toBe(1_060_000);
  expect([momentAt(0, box, axis), momentAt(9_999, box, axis)]).toEqual([1_000_000, 1_060_000]);
});

test('a moment is drawn between the value axis and the margin', () => {
  expect(placeOf(1_030_000, axis)).toBe('calc(40px + (100% - 48px) * 0.5)');
  expect(placeOf(0, axis)).toBe('calc(40px + (100% - 48px) * 0)');
});

test.each([10, 60, 300, 320, 900, 1_800, 3_600])('the time axis of %i s has few labels, at round times', (seconds) => {
  const end = 1_764_000_000_000;
  const ticks = timeTicks(end - seconds * 1_000, end);
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(6);
});
