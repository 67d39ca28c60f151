import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_SAMPLES, STEPS, overviewSchema, rangeSchema } from '../../../lib/contracts/overview.ts';
import { MISS_REASONS, RESULTS, type MissReason } from '../../../lib/contracts/traffic.ts';
import { MOST_FOLLOWED } from '../../../lib/live/followed-routes.ts';
import { windowSpan } from '../../../lib/live/fixed-window.ts';
import { START, histogram, hits, live, worker } from '../../support/live-series.ts';
import { routeReading } from '../../support/snapshot-readings.ts';

describe('steps', () => {
  it('end at multiples of their length, and the newest grows until it is complete', () => {
    const { series, second } = live();
    second(hits(10));
    expect(series.tick('all', '5m').sample).toMatchObject({ at: START + 2_000, answered: { l2: 10 } });
    second(hits(14));
    expect(series.tick('all', '5m').sample).toMatchObject({ at: START + 2_000, answered: { l2: 7 } });
    second(hits(20));
    const { samples, step, from, to, range } = series.overview('all', '5m');
    expect(samples.map(({ at, answered }) => [at - START, answered.l2])).toEqual([
      [2_000, 7],
      [4_000, 6],
    ]);
    expect([step, range, from, to]).toEqual([2, '5m', START + 4_000 - 300_000, START + 4_000]);
  });

  it('have quantiles of all that was measured in them, not the worst of their seconds', () => {
    const { series, second } = live();
    const reading = (...ms: number[]) => worker([routeReading('r', { missLatency: histogram(...ms) })]);
    const first = Array<number>(99).fill(10);
    second(reading(...first));
    second(reading(...first, 900));
    const { miss } = series.tick('all', '5m').sample;
    expect(Math.abs(miss!.p95 / 10 - 1)).toBeLessThan(0.01);
  });

  it('with seconds unknown speak for those that are known', () => {
    const { series, second, gap } = live();
    second(hits(10));
    gap();
    gap();
    gap();
    const known = series.overview('all', '5m').samples.map(({ known: is, answered }) => is && answered.l2);
    expect(known).toEqual([10, false]);
  });

  it.each(rangeSchema.options)('of %s are never more than 180, and add up to what was asked', (range) => {
    const { series, second } = live();
    for (let n = 1; n <= 2_000; n++) second(hits(n * 3));
    const { samples } = series.overview('all', range);
    expect(samples.length).toBeLessThanOrEqual(MOST_SAMPLES);
    expect(samples.every(({ answered }) => answered.l2 === 3)).toBe(true);
    expect(samples.every(({ at }, i) => i === 0 || at - samples[i - 1]!.at === STEPS[range] * 1_000)).toBe(true);
    expect(series.overview('chat', range).samples).toEqual(samples);
    expect(series.overview('chat', range).samples).toEqual(samples);
  });

  it('say why requests missed, zeros left out', () => {
    const { series, second } = live();
    second(worker([routeReading('r', { reasons: { cold: 4, vary: 2 } })]));
    expect(series.tick('all', '5m').sample.reasons).toEqual({ cold: 4, vary: 2 });
    second(worker([routeReading('r', { reasons: { cold: 4, vary: 2 } })]));
    expect(series.tick('all', '5m').sample.reasons).toEqual({ cold: 2, vary: 1 });
    second(worker([routeReading('r', { reasons: { cold: 4, vary: 2 } })]));
    expect(series.tick('all', '5m').sample.reasons).toEqual({});
  });
});

describe('a clock', () => {
  it('that is set forward leaves a gap of that length', () => {
    const { clock, series, second } = live();
    second(hits(1));
    clock.stepWall(5_000);
    second(hits(2));
    expect(series.overview('all', '1m').samples.map(({ at, known }) => [at - START, known])).toEqual([
      [1_000, true],
      ...[2_000, 3_000, 4_000, 5_000, 6_000].map((at) => [at, false]),
      [7_000, true],
    ]);
  });

  it('that is set back a little leaves seconds one after the other', () => {
    const { clock, series, second } = live();
    for (let n = 1; n <= 3; n++) second(hits(n));
    clock.stepWall(-61_000);
    second(hits(4));
    expect(series.overview('all', '1m').samples.map(({ at }) => at - START)).toEqual([1_000, 2_000, 3_000, 4_000]);
  });

  it.each([-62_000, 3_600_000])('that jumps by %s ms begins a new history', (jump) => {
    const { clock, series, second } = live();
    for (let n = 1; n <= 3; n++) second(hits(n));
    clock.stepWall(jump);
    second(hits(4));
    second(hits(9));
    const { samples } = series.overview('all', '1m');
    expect(samples.map(({ at }) => at - START - jump)).toEqual([4_000, 5_000]);
    expect(series.tick('all', '1m').sample.answered.l2).toBe(5);
  });
});

/** Two routes of a service and one of another, each with requests, misses, reasons and latencies of their own. */
const world = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  { minLength: 1, maxLength: 200 },
);

function play(events: readonly (readonly [number, number, number] | undefined)[]) {
  const made = live();
  const totals = [0, 0, 0];
  for (const event of events) {
    if (event === undefined) {
      made.gap();
      continue;
    }
    event.forEach((count, i) => (totals[i]! += count));
    made.second(
      worker(
        totals.map((count, i) =>
          routeReading(`r${i}`, {
            results: { l1: count },
            reasons: { cold: count },
            hitLatency: count === 0 ? [] : [100 + i, count],
            missLatency: count === 0 ? [] : [200 + i, count],
          }),
        ),
      ),
    );
  }
  return made;
}

describe('one route', () => {
  it('is all of its service where it is the only one', () => {
    const { series, second } = live();
    for (let n = 1; n <= 130; n++) {
      second(worker([routeReading('r', { results: { l1: n }, hitLatency: [n % 50, n], missLatency: [7, n] })]));
      if (n % 7 !== 0) continue;
      const { route, ...ofRoute } = series.overview('chat', '1m', 'r');
      const { route: none, ...ofService } = series.overview('chat', '1m');
      expect([route, none]).toEqual(['r', null]);
      expect(ofRoute).toEqual(ofService);
    }
  });

  it('has its own numbers, and they add up to those of the service', () => {
    fc.assert(
      fc.property(world, (events) => {
        const { series } = play(events);
        const service = series.tick('chat', '1m');
        const routes = ['r0', 'r1', 'r2'].map((route) => series.tick('chat', '1m', route));
        const sum = (of: (tick: typeof service) => number | null) =>
          routes.reduce((total, tick) => total + (of(tick) ?? 0), 0);
        expect(sum((tick) => tick.sample.answered.l1)).toBeCloseTo(service.sample.answered.l1, 9);
        expect(sum((tick) => tick.summary.requestsPerSecond)).toBeCloseTo(service.summary.requestsPerSecond ?? 0, 9);
        expect(sum((tick) => tick.previous.requestsPerSecond)).toBeCloseTo(service.previous.requestsPerSecond ?? 0, 9);
        for (const [i, tick] of routes.entries()) {
          expect(tick.routes.map(({ route }) => route).filter((route) => route !== `r${i}`)).toEqual([]);
          expect(tick.summary.hit === null).toBe((tick.summary.requestsPerSecond ?? 0) === 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is followed second by second as it would be added up anew, however many are', () => {
    const { series, second } = live();
    const seen: unknown[] = [];
    const readings = (n: number) =>
      worker(
        Array.from({ length: MOST_FOLLOWED + 5 }, (_, i) =>
          routeReading(`r${i}`, { results: { l1: n * (i + 1) }, hitLatency: [i, n] }),
        ),
      );
    for (let n = 1; n <= 150; n++) {
      second(readings(n));
      seen.push(series.tick('chat', '1m', 'r0').summary, series.tick('chat', '1m', 'r0').previous);
    }
    // crowds r0 out
    for (let i = 1; i < MOST_FOLLOWED + 5; i++) series.tick('chat', '1m', `r${i}`);
    const { summary, previous } = series.tick('chat', '1m', 'r0');
    expect([summary, previous]).toEqual(seen.slice(-2));
    expect(summary).toMatchObject({ seconds: 60, requestsPerSecond: 1 });
    expect(previous).toMatchObject({ seconds: 60, requestsPerSecond: 1 });
  });

  it('that was not asked for in a long time is right all the same', () => {
    const { series, second } = live();
    for (let n = 1; n <= 10; n++) second(hits(n));
    expect(series.tick('chat', '30m', 'chats').summary.requestsPerSecond).toBe(1);
    for (let n = 1; n <= 3_700; n++) second(hits(10 + n * 2));
    const { summary, previous } = series.tick('chat', '30m', 'chats');
    expect([summary.requestsPerSecond, previous.requestsPerSecond]).toEqual([2, 2]);
  });

  it('that nobody serves is empty, and not served', () => {
    const { series, second } = live();
    second(hits(5));
    const { summary, routes, sample } = series.tick('chat', '1m', 'nothing');
    expect([summary.requestsPerSecond, routes, sample.answered.l2]).toEqual([0, [], 0]);
    expect(['chats', 'nothing'].map((route) => series.serves('chat', route))).toEqual([true, false]);
    expect(series.serves('shop', 'chats')).toBe(false);
  });
});

describe('a fixed window', () => {
  const rest = { sampleTraffic: 'off', configError: null, changes: [], environment: 'local' };

  it('that ends now is what the live range shows', async () => {
    const { series, second } = live();
    for (let n = 1; n <= 400; n++) {
      second(
        worker([routeReading('r', { results: { l1: n, origin: n }, missLatency: [n % 90, n], reasons: { vary: n } })]),
      );
    }
    const now = series.overview('all', '5m');
    const window = await series.window('all', now.from, now.to);
    expect(window).toEqual({ ...now, range: null });
    const { route, ...ofRoute } = await series.window('chat', now.from, now.to, 'r');
    expect(route).toBe('r');
    expect(ofRoute).toMatchObject({ summary: now.summary, previous: now.previous, samples: now.samples });
  });

  it('has every second once, and is unknown where nothing is kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.integer({ min: -90, max: 210 }),
        fc.integer({ min: 1, max: 200 }),
        async (events, from, length) => {
          const { series } = play(events);
          const [start, end] = [START + from * 1_000, START + (from + length) * 1_000];
          const window = await series.window('all', start, end);
          overviewSchema.parse({ ...window, ...rest });
          expect([window.from <= start, window.to >= end, window.samples.length <= MOST_SAMPLES]).toEqual([
            true,
            true,
            true,
          ]);
          expect(window.samples.map(({ at }) => at)).toEqual(
            Array.from(
              { length: (window.to - window.from) / window.step / 1_000 },
              (_, i) => window.from + (i + 1) * window.step * 1_000,
            ),
          );
          const kept = window.samples.filter(({ known }) => known);
          const first = START + (1 + events.findIndex((event) => event !== undefined)) * 1_000;
          if (window.to < first) expect(kept).toEqual([]);
          expect(window.summary.seconds === 0).toBe(kept.length === 0);
          const asked = (sample: (typeof kept)[number]) =>
            RESULTS.reduce((sum, result) => sum + sample.answered[result], 0);
          for (const sample of kept) {
            const reasons: Partial<Record<MissReason, number>> = sample.reasons;
            expect(MISS_REASONS.reduce((sum, reason) => sum + (reasons[reason] ?? 0), 0)).toBeCloseTo(asked(sample), 9);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('compares with the same length before it', async () => {
    const { series, second } = live();
    for (let n = 1; n <= 100; n++) second(hits(n <= 50 ? n : 50 + (n - 50) * 4));
    const { summary, previous } = await series.window('all', START + 50_000, START + 80_000);
    expect([summary.seconds, summary.requestsPerSecond]).toEqual([30, 4]);
    expect([previous.seconds, previous.requestsPerSecond]).toEqual([30, 1]);
  });

  it('takes the finest step with which it has at most 180', () => {
    const span = (from: number, to: number) => windowSpan(from * 1_000, to * 1_000);
    expect(span(1_000, 1_180)).toEqual({ from: 1_000_000, to: 1_180_000, step: 1 });
    expect(span(1_000, 1_181)).toEqual({ from: 1_000_000, to: 1_182_000, step: 2 });
    expect(span(1_001, 1_361)).toEqual({ from: 1_000_000, to: 1_365_000, step: 5 });
    expect(span(3_600, 7_200)).toEqual({ from: 3_600_000, to: 7_200_000, step: 20 });
    expect(span(3_601, 7_201)).toEqual({ from: 3_600_000, to: 7_230_000, step: 30 });
  });
});
