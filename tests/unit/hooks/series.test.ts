import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTick, unknownSample } from '@/hooks/fold-tick';
import { SPARK_POINTS, requestsOf, toPoints, toSpark } from '@/hooks/series';
import { RANGES, STEPS, rangeSchema, type Sample } from '@/lib/contracts/overview';
import { overviewOf, tickOf, type World } from '../../support/console-scenarios';

const NOW = 1_764_000_000_000;
const MINUTE = 60_000;
const world: World = { scenario: 'busy', modes: new Map(), traffic: true };
const overview = overviewOf(world, 'all', '1m', NOW);
const tick = (seconds: number) => tickOf(world, 'all', '1m', NOW + seconds * 1_000);

test('a tick appends its step and drops the oldest', () => {
  const { overview: next, missed } = foldTick(overview, tick(1));
  expect(missed).toBe(0);
  expect(next.samples).toHaveLength(60);
  expect(next.samples.at(-1)).toEqual(tick(1).sample);
  expect(next.samples[0]).toBe(overview.samples[1]);
});

test('a tick for the same step replaces it; an older or foreign one changes nothing', () => {
  const grown = { ...tick(0), sample: { ...tick(0).sample, originCalls: 77 } };
  const { samples } = foldTick(overview, grown).overview;
  expect([samples.length, samples.at(-1)?.originCalls]).toEqual([60, 77]);
  expect(foldTick(overview, tick(-1)).overview).toBe(overview);
  expect(foldTick(overview, { ...tick(1), range: '5m' }).overview).toBe(overview);
  expect(foldTick(overview, { ...tick(1), service: 'chat' }).overview).toBe(overview);
  expect(foldTick(overview, { ...tick(1), route: '/x' }).overview).toBe(overview);
});

test('steps that ticks skipped are unknown, not zero, and are counted', () => {
  const { overview: next, missed } = foldTick(overview, tick(4));
  expect(missed).toBe(3);
  expect(next.samples.slice(-4, -1).every((sample) => !sample.known)).toBe(true);
});

test.each(rangeSchema.options)(
  'whatever ticks of %s come, samples are in order, within the range, a step apart',
  (range) => {
    const step = STEPS[range] * 1_000;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 4_000 }), { maxLength: 20 }), (offsets) => {
        let held = overviewOf(world, 'all', range, NOW);
        for (const offset of offsets) held = foldTick(held, tickOf(world, 'all', range, NOW + offset * 1_000)).overview;
        const times = held.samples.map((sample) => sample.at);
        expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) === step)).toBe(true);
        expect(times.length).toBe((RANGES[range] * 1_000) / step);
        expect([held.to, held.from + step]).toEqual([times.at(-1), times[0]]);
      }),
      { numRuns: 30 },
    );
  },
);

test('a first tick makes the first sample', () => {
  expect(foldTick({ ...overview, samples: [] }, tick(1)).overview.samples).toHaveLength(1);
});

test('a sample is a point: of an unknown step a gap, not a zero', () => {
  const known: Sample = { ...unknownSample(NOW), known: true, originCalls: 4, miss: { p50: 1, p95: 9, p99: 10 } };
  const [gap, point] = toPoints([unknownSample(NOW - 2_000), known]);
  expect(gap).toMatchObject({ at: NOW - 2_000, l1: null, requests: null, missP50: null });
  expect(point).toMatchObject({ at: NOW, originCalls: 4, requests: 0, missP95: 9, hitP95: null });
});

test('a sparkline has slices of one length, null where nothing is known', () => {
  const at = (ago: number): Sample => ({ ...unknownSample(NOW - ago * 1_000), known: true, originCalls: 2 });
  const spark = toSpark([at(3), { ...at(2), known: false }, at(0)], MINUTE, (sample) => sample.originCalls);
  expect(spark).toHaveLength(SPARK_POINTS);
  expect(spark.slice(-4)).toEqual([2, null, null, 2]);
  expect(toSpark([], MINUTE, () => 1)).toEqual([]);
  expect(toSpark([at(RANGES['1m'] + 5), at(0)], MINUTE, () => 1).filter((value) => value !== null)).toHaveLength(1);
});

test('a ratio over nothing is unknown', () => {
  const quiet = { ...unknownSample(NOW), known: true };
  expect(toSpark([quiet], MINUTE, () => 0, requestsOf).at(-1)).toBeNull();
});
