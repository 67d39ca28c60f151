import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTick, unknownSample } from '@/hooks/fold-tick';
import { SPARK_POINTS, requestsOf, toPoints, toSpark } from '@/hooks/series';
import { RANGES, rangeSchema, type Sample } from '@/lib/contracts/overview';
import { overviewOf, tickOf, type World } from '../../support/console-scenarios';

const NOW = 1_764_000_000_000;
const world: World = { scenario: 'busy', modes: new Map(), traffic: true };
const overview = overviewOf(world, 'all', '1m', NOW);
const tick = (seconds: number) => tickOf(world, 'all', '1m', NOW + seconds * 1_000);

test('a tick appends its second and drops the oldest', () => {
  const { overview: next, missed } = foldTick(overview, tick(1));
  expect(missed).toBe(0);
  expect(next.samples).toHaveLength(60);
  expect(next.samples.at(-1)).toEqual(tick(1).sample);
  expect(next.samples[0]).toBe(overview.samples[1]);
});

test('a tick for the same second replaces it; an older or foreign one changes nothing', () => {
  expect(foldTick(overview, tick(0)).overview.samples).toHaveLength(60);
  expect(foldTick(overview, tick(-1)).overview).toBe(overview);
  expect(foldTick(overview, { ...tick(1), range: '5m' }).overview).toBe(overview);
  expect(foldTick(overview, { ...tick(1), service: 'chat' }).overview).toBe(overview);
});

test('seconds that ticks skipped are unknown, not zero, and are counted', () => {
  const { overview: next, missed } = foldTick(overview, tick(4));
  expect(missed).toBe(3);
  expect(next.samples.slice(-4, -1).every((sample) => !sample.known)).toBe(true);
});

test('whatever ticks come, samples are in order, within the range, one per second', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 400 }), { maxLength: 20 }), (offsets) => {
      let held = overview;
      for (const offset of offsets) held = foldTick(held, tick(offset)).overview;
      const times = held.samples.map((sample) => sample.at);
      expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) === 1_000)).toBe(true);
      expect(times.length).toBeLessThanOrEqual(60);
      expect(times[0]).toBeGreaterThan(times.at(-1)! - 60_000);
    }),
  );
});

test('a first tick makes the first sample', () => {
  expect(foldTick({ ...overview, samples: [] }, tick(1)).overview.samples).toHaveLength(1);
});

test.each(rangeSchema.options)('points of %s are few, in order, and keep the rates', (range) => {
  const { samples } = overviewOf(world, 'all', range, NOW);
  const points = toPoints(samples, range);
  expect(points.length).toBeLessThanOrEqual(182);
  expect(points.every((point, i) => i === 0 || point.at > points[i - 1]!.at)).toBe(true);
  const inner = points.slice(1, -1);
  const mean = inner.reduce((sum, point) => sum + (point.requests ?? 0), 0) / inner.length;
  const truth = samples.reduce((sum, sample) => sum + requestsOf(sample), 0) / samples.length;
  expect(Math.abs(mean - truth) / truth).toBeLessThan(0.05);
});

test('a point of unknown seconds is a gap; one of mixed seconds speaks for the known', () => {
  const at = Math.ceil(NOW / 2_000) * 2_000;
  const known: Sample = { ...unknownSample(at), known: true, originCalls: 4, miss: { p50: 1, p95: 9, p99: 10 } };
  const mixed = toPoints([unknownSample(at - 1_000), known], '5m');
  expect(mixed).toHaveLength(1);
  expect(mixed[0]).toMatchObject({ at, originCalls: 4, missP95: 9, hitP95: null });
  expect(toPoints([unknownSample(at)], '5m')[0]).toMatchObject({ l1: null, requests: null, missP50: null });
});

test('a point of several seconds shows the worst latency of them', () => {
  const at = Math.ceil(NOW / 2_000) * 2_000;
  const with95 = (time: number, p95: number): Sample => ({
    ...unknownSample(time),
    known: true,
    hit: { p50: 1, p95, p99: p95 },
  });
  expect(toPoints([with95(at - 1_000, 7), with95(at, 3)], '5m')[0]?.hitP95).toBe(7);
});

test('a sparkline has slices of one length, null where nothing is known', () => {
  const at = (ago: number): Sample => ({ ...unknownSample(NOW - ago * 1_000), known: true, originCalls: 2 });
  const spark = toSpark([at(3), { ...at(2), known: false }, at(0)], '1m', (sample) => sample.originCalls);
  expect(spark).toHaveLength(SPARK_POINTS);
  expect(spark.slice(-4)).toEqual([2, null, null, 2]);
  expect(toSpark([], '1m', () => 1)).toEqual([]);
  expect(toSpark([at(RANGES['1m'] + 5), at(0)], '1m', () => 1).filter((value) => value !== null)).toHaveLength(1);
});

test('a ratio over nothing is unknown', () => {
  const quiet = { ...unknownSample(NOW), known: true };
  expect(toSpark([quiet], '1m', () => 0, requestsOf).at(-1)).toBeNull();
});
