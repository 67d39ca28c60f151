import { expect, test } from 'vitest';
import { valueTicks, valueTop } from '@/components/charts/axis';
import { nearestMoment } from '@/components/charts/plot-area';
import { areaShape, layersOf, lineShape, mostOf, mostOfLayers } from '@/components/charts/shapes';

interface Place {
  readonly at: number;
  readonly a: number | null;
  readonly b: number | null;
}

const SERIES = [
  { key: 'a', name: 'A', colour: 'red' },
  { key: 'b', name: 'B', colour: 'blue' },
] as const;
const places = (...values: readonly (readonly [number | null, number | null])[]): Place[] =>
  values.map(([a, b], i) => ({ at: i * 100, a, b }));
/** 100 px high, 10 at the top: a unit of value is 10 px; with five points 250 units lie between two. */
const scale = { start: 0, end: 400, top: 10, height: 100 };

test.each([
  [67, 132, 80, [0, 20, 40, 60, 80]],
  [0.53, 60, 0.6, [0, 0.2, 0.4, 0.6]],
  [860, 60, 1_000, [0, 500, 1_000]],
  [40, 132, 40, [0, 10, 20, 30, 40]],
  [0, 132, 1, [0, 0.5, 1]],
])('a value axis up to %d on %d px ends at %d, with round marks', (most, height, top, marks) => {
  expect(valueTop(most, height)).toBe(top);
  expect(valueTicks(top, height)).toEqual(marks);
});

test.each([0.0003, 0.7, 1, 3, 7, 9.99, 12_345, 8.1e9])(
  '%d and its axis: a few marks, from 0 to at least it',
  (most) => {
    for (const height of [60, 132]) {
      const top = valueTop(most, height);
      const marks = valueTicks(top, height);
      expect(top).toBeGreaterThanOrEqual(most);
      expect([marks[0], marks.at(-1)]).toEqual([0, top]);
      expect(marks.length).toBeGreaterThanOrEqual(3);
      // Letters are 11 px high.
      expect(height / (marks.length - 1)).toBeGreaterThanOrEqual(12);
    }
  },
);

test('a line goes through what is known, and a gap is never bridged', () => {
  const points = places([1, null], [2, null], [null, null], [4, null], [5, null]);
  expect(lineShape(points, 'a', scale)).toEqual({ line: 'M0,90L250,80M750,60L1000,50', lone: '' });
  expect(lineShape(points, 'b', scale)).toEqual({ line: '', lone: '' });
  expect(lineShape([], 'a', scale)).toEqual({ line: '', lone: '' });
});

test('each value alone between two gaps, or at an end, has a dot', () => {
  const points = places([1, null], [null, null], [3, null], [null, null], [5, null]);
  expect(lineShape(points, 'a', scale).lone).toBe('M0,90ZM500,70ZM1000,50Z');
});

test('layers stand on one another; what one of them doesn’t know adds nothing to those above it', () => {
  const points = places([1, 2], [null, 3], [2, null]);
  const layers = layersOf(points, SERIES);
  expect(layers).toEqual([
    {
      key: 'a',
      spans: [
        [0, 1],
        [0, Number.NaN],
        [0, 2],
      ],
    },
    {
      key: 'b',
      spans: [
        [1, 3],
        [0, 3],
        [2, Number.NaN],
      ],
    },
  ]);
  expect(mostOfLayers(layers)).toBe(3);
  expect(layers.map((layer) => areaShape(points, layer, scale))).toEqual([
    'M0,90L0,100ZM500,80L500,100Z',
    'M0,70L250,70L250,100L0,90Z',
  ]);
});

test('a point of nulls is a gap in every layer', () => {
  const points = places([1, 1], [1, 1], [null, null], [1, 1], [1, 1]);
  for (const layer of layersOf(points, SERIES)) {
    expect(areaShape(points, layer, scale).match(/M/g)).toHaveLength(2);
  }
});

test('the greatest value is that of any series; 0 where nothing is known', () => {
  expect(mostOf(places([1, 7], [3, null]), SERIES)).toBe(7);
  expect(mostOf(places([null, null]), SERIES)).toBe(0);
  expect(mostOf([], SERIES)).toBe(0);
  expect(mostOfLayers(layersOf([], SERIES))).toBe(0);
});

test('the crosshair stands on the nearest point', () => {
  const points = places([1, 1], [1, 1], [1, 1]);
  expect([-50, 40, 60, 199, 999].map((at) => nearestMoment(points, at))).toEqual([0, 0, 100, 200, 200]);
  expect(nearestMoment([], 5)).toBeNull();
});
