import { expect, test } from 'vitest';
import { timeLabel, timeTicks } from '@/components/charts/axis';
import { pointAt } from '@/components/charts/legend';
import { effectOf } from '@/components/performance-dashboard/hero';
import { MISS_REASON } from '@/lib/contracts/miss-reason';
import { ROUTE_COLUMNS, sortRoutes } from '@/components/performance-dashboard/route-columns';
import { TILES, errorRatio } from '@/components/performance-dashboard/tile-list';
import { sparkPath } from '@/components/ui/sparkline';
import { SORT_KEYS } from '@/hooks/view';
import { MISS_REASONS } from '@/lib/contracts/traffic';
import { overviewOf, type Scenario } from '../../support/console-scenarios';

const NOW = 1_764_000_000_000;
const overview = (scenario: Scenario) => overviewOf({ scenario, modes: new Map(), traffic: true }, 'all', '5m', NOW);

test('routes sort by every column, unknown values last either way', () => {
  const { routes } = overview('busy');
  for (const key of SORT_KEYS) {
    const column = ROUTE_COLUMNS.find((each) => each.key === key)!;
    for (const descending of [true, false]) {
      const values = sortRoutes(routes, key, descending).map(column.value);
      const known = values.filter((value) => value !== null);
      expect(values.slice(known.length).every((value) => value === null)).toBe(true);
      const inOrder = known.every(
        (value, i) => i === 0 || (descending ? known[i - 1]! >= value : known[i - 1]! <= value),
      );
      expect(inOrder, `${key} ${descending}`).toBe(true);
    }
  }
});

test('sorting keeps every row and leaves the list that it was given', () => {
  const { routes } = overview('busy');
  const before = [...routes];
  expect(new Set(sortRoutes(routes, 'hit', true))).toEqual(new Set(before));
  expect(routes).toEqual(before);
});

test('every reason of a miss has words of its own', () => {
  const words = MISS_REASONS.map((reason) => MISS_REASON[reason].words);
  expect(new Set(words).size).toBe(MISS_REASONS.length);
});

test('errors are unknown only when neither part is known', () => {
  const { summary } = overview('busy');
  expect(errorRatio({ ...summary, originErrorRatio: null, gatewayErrorRatio: null })).toBeNull();
  expect(errorRatio({ ...summary, originErrorRatio: 0.1, gatewayErrorRatio: null })).toBe(0.1);
  expect(errorRatio({ ...summary, originErrorRatio: 0.1, gatewayErrorRatio: 0.2 })).toBeCloseTo(0.3);
});

test('tiles say "–" before anything is known', () => {
  const { summary } = overview('empty');
  const unknown = Object.fromEntries(Object.keys(summary).map((key) => [key, key === 'seconds' ? 0 : null]));
  for (const tile of TILES) {
    expect(tile.quantity(unknown as unknown as typeof summary).value, tile.label).toBe('–');
    expect(tile.change(unknown as unknown as typeof summary, summary)).toBeNull();
  }
});

test('the hero knows what the services shown do', () => {
  expect(effectOf(overview('busy'))).toBe('saves');
  expect(effectOf(overview('observe'))).toBe('observes');
  const bypassed = overviewOf(
    { scenario: 'busy', modes: new Map([['chat', 'bypass'] as const]), traffic: true },
    'chat',
    '5m',
    NOW,
  );
  expect(effectOf(bypassed)).toBe('bypasses');
});

test('a sparkline breaks at what is unknown, and shows a lone value as a dot', () => {
  expect(sparkPath([1, 2, null, 3, null])).toBe('M0.0 15.5L30.0 8.5M90.0 1.5h0.01');
  expect(sparkPath([0, 0])).toBe('M0.0 22.5L120.0 22.5');
  expect(sparkPath([])).toBe('');
  expect(sparkPath([null, null])).toBe('');
});

test('marks of the time axis are at round times, away from its ends', () => {
  const end = Date.UTC(2026, 10, 21, 12, 0, 30);
  const ticks = timeTicks(end - 300_000, end);
  expect(ticks).toHaveLength(5);
  expect(ticks.every((at) => at % 60_000 === 0 && end - at >= 15_000)).toBe(true);
  expect(timeLabel(300_000)(ticks[0]!)).toMatch(/^\d\d:\d\d$/);
  expect(timeLabel(60_000)(ticks[0]!)).toMatch(/^\d\d:\d\d:\d\d$/);
});

test('a legend shows the point under the crosshair, else the last', () => {
  const points = [{ at: 1 }, { at: 2 }];
  expect(pointAt(points, 1)).toBe(points[0]);
  expect(pointAt(points, null)).toBe(points[1]);
  expect(pointAt(points, 7)).toBe(points[1]);
  expect(pointAt([], null)).toBeUndefined();
});
