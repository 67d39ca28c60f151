import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewaySnapshot, RouteSnapshot, ServiceSnapshot } from '../../../lib/contracts/control.ts';
import { overviewSchema, RANGES, type Range } from '../../../lib/contracts/overview.ts';
import { RESULTS } from '../../../lib/contracts/traffic.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createSeries } from '../../../lib/live/series.ts';
import { Histogram } from '../../../lib/metrics/histogram.ts';
import { levelReading, routeReading, serviceReading, workerReading } from '../../support/snapshot-readings.ts';

const START = 1_000_000;

function histogram(...ms: number[]): number[] {
  const counted = new Histogram();
  for (const value of ms) counted.record(value);
  return counted.sparse();
}

/** A series with a clock that moves one second per call. */
function live() {
  const clock = manualClock(START);
  const series = createSeries({ clock });
  return {
    clock,
    series,
    second(...snapshots: GatewaySnapshot[]): void {
      clock.advance(1_000);
      series.add(snapshots, clock.wall());
    },
    gap(): void {
      clock.advance(1_000);
      series.gap(clock.wall());
    },
  };
}

const worker = (routes: RouteSnapshot[], given: Partial<GatewaySnapshot> = {}, of: Partial<ServiceSnapshot> = {}) =>
  workerReading([serviceReading('chat', routes, of)], { startedAt: START, ...given });

/** A worker whose only route has so many requests from L2. */
const hits = (l2: number, given: Partial<GatewaySnapshot> = {}) =>
  worker([routeReading('chats', { results: { l2 } })], given);

describe('seconds', () => {
  it('are what counters grew by', () => {
    const { series, second } = live();
    second(hits(5));
    second(hits(12));
    second(hits(12));
    const { samples } = series.overview('all', '1m');
    expect(samples.map(({ answered }) => answered.l2)).toEqual([5, 7, 0]);
    expect(samples.map(({ at }) => at)).toEqual([START + 1_000, START + 2_000, START + 3_000]);
    expect(samples.every(({ known }) => known)).toBe(true);
  });

  it('sum workers, and one that restarts counts from zero', () => {
    const { series, second } = live();
    second(hits(5), hits(50, { worker: 1 }));
    second(hits(3, { startedAt: START + 1_500 }), hits(60, { worker: 1 }));
    second(hits(1, { startedAt: START + 1_500 }), hits(60, { worker: 1 }));
    expect(series.overview('all', '1m').samples.map(({ answered }) => answered.l2)).toEqual([55, 13, 1]);
  });

  it('take a restart for one even where the new life has already counted more', () => {
    const { series, second } = live();
    second(hits(5));
    second(hits(8, { startedAt: START + 1_500 }));
    expect(series.tick('all', '1m').sample.answered.l2).toBe(8);
  });

  it('leave out what a worker counted before the console watched', () => {
    const { series, second } = live();
    second(hits(1_000_000, { startedAt: START - 60_000 }));
    second(hits(1_000_004, { startedAt: START - 60_000 }));
    expect(series.overview('all', '1m').samples.map(({ answered }) => answered.l2)).toEqual([0, 4]);
  });

  it('without an answer are gaps, not zeros, and what follows is the mean of the time that it covers', () => {
    const { series, second, gap } = live();
    second(hits(10));
    gap();
    gap();
    second(hits(40));
    const { samples, summary } = series.overview('all', '1m');
    expect(samples.map(({ known, answered }) => (known ? answered.l2 : undefined))).toEqual([
      10,
      undefined,
      undefined,
      10,
    ]);
    expect(summary.seconds).toBe(4);
    expect(summary.requestsPerSecond).toBe(10);
  });

  it('that end in silence stay out of the rates', () => {
    const { series, second, gap } = live();
    second(hits(10));
    second(hits(20));
    gap();
    const { summary, gateway } = series.tick('all', '1m');
    expect(summary.seconds).toBe(2);
    expect(summary.requestsPerSecond).toBe(10);
    expect(gateway.workers).toBe(0);
  });

  it('that nobody reported, because the console was held up, are gaps', () => {
    const { clock, series, second } = live();
    second(hits(1));
    clock.advance(3_000);
    second(hits(9));
    expect(series.overview('all', '1m').samples.map(({ known, answered }) => (known ? answered.l2 : -1))).toEqual([
      1, -1, -1, -1, 2,
    ]);
  });

  it('are not torn apart by a gateway that answers late', () => {
    const { clock, series } = live();
    for (let n = 0; n < 20; n++) {
      const late = n % 2 === 0 ? 5 : 890;
      clock.advance(late);
      series.add([hits(n)], clock.wall());
      clock.advance(1_000 - late);
    }
    const { samples, summary } = series.overview('all', '1m');
    expect(samples).toHaveLength(20);
    expect(samples.every(({ known }) => known)).toBe(true);
    expect(summary.seconds).toBe(20);
  });

  it('after a silence of a minute and more start anew', () => {
    const { series, second, gap } = live();
    second(hits(10));
    for (let n = 0; n < 61; n++) gap();
    second(hits(1_000_000));
    second(hits(1_000_003));
    expect(
      series
        .overview('all', '1m')
        .samples.slice(-2)
        .map(({ answered }) => answered.l2),
    ).toEqual([0, 3]);
  });

  it('carry quantiles of hits and of misses apart', () => {
    const { series, second } = live();
    second(
      worker([
        routeReading('a', { hitLatency: histogram(1, 1, 1), missLatency: histogram(100) }),
        routeReading('b', { hitLatency: histogram(9) }),
      ]),
    );
    const { sample } = series.tick('chat', '1m');
    expect(sample.hit?.p50).toBeCloseTo(1, 1);
    expect(sample.hit?.p99).toBeCloseTo(9, 0);
    expect(sample.miss?.p50).toBeCloseTo(100, -1);
    second(worker([routeReading('a'), routeReading('b')], { worker: 1 }));
    expect(series.tick('chat', '1m').sample.miss).toBeNull();
  });
});

describe('summary', () => {
  it('is as CONSOLE.md defines it', () => {
    const { series, second } = live();
    second(
      worker([
        routeReading('chats', {
          results: { l1: 10, l2: 50, stale: 20, coalesced: 10, origin: 8, error: 2 },
          originCalls: { fetch: 8, retry: 1, refresh: 3 },
          originErrors: 1,
          gatewayErrors: 2,
          aborted: 4,
          bytesSaved: 5_000,
        }),
      ]),
    );
    expect(series.tick('all', '5m').summary).toEqual({
      seconds: 1,
      requestsPerSecond: 100,
      originCallsPerSecond: 12,
      originCallsSaved: 1 - 12 / 100,
      wouldHaveSaved: null,
      originErrorRatio: 0.01,
      gatewayErrorRatio: 0.02,
      abortedRatio: 0.04,
      staleRatio: 0.2,
      bytesSavedPerSecond: 5_000,
      coalescedPerSecond: 10,
      hit: null,
      miss: null,
    });
  });

  it('and its routes forget latencies that leave the range', () => {
    const { series, second } = live();
    const slow = [routeReading('r', { hitLatency: histogram(1), missLatency: histogram(900) })];
    for (let n = 0; n < 60; n++) second(worker(slow));
    expect(series.tick('all', '1m').summary.miss?.p95).toBeGreaterThan(890);
    second(worker(slow));
    const { summary, previous, routes } = series.tick('all', '1m');
    expect([summary.hit, summary.miss, routes[0]?.p95MissMs]).toEqual([null, null, null]);
    expect(previous.miss?.p95).toBeGreaterThan(890);
  });

  it('may be negative where Pitwall calls more than it is asked', () => {
    const { series, second } = live();
    second(worker([routeReading('chats', { results: { origin: 2 }, originCalls: { fetch: 2, retry: 2 } })]));
    expect(series.tick('all', '1m').summary.originCallsSaved).toBe(-1);
  });

  it('says in mode observe what would have been saved', () => {
    const { series, second } = live();
    second(worker([routeReading('chats', { results: { origin: 10 }, reasons: { observe: 10 }, wouldHave: 4 })]));
    expect(series.tick('all', '1m').summary.wouldHaveSaved).toBe(0.4);
  });

  it('is null where nothing was measured', () => {
    const { series } = live();
    const { summary, previous, sample, health, gateway, levels } = series.tick('all', '1m');
    expect(summary).toEqual(previous);
    expect(summary.seconds).toBe(0);
    expect(summary.requestsPerSecond).toBeNull();
    expect(summary.originCallsSaved).toBeNull();
    expect(sample.known).toBe(false);
    expect(health).toEqual({ state: 'unknown', why: "The gateway hasn't answered yet", since: START });
    expect([gateway.workers, levels.length]).toEqual([0, 0]);
  });

  it.each(Object.entries(RANGES) as [Range, number][])('compares %s with the same before it', (range, length) => {
    const { series, second } = live();
    let count = 0;
    for (let n = 0; n < 2 * length + 10; n++) second(hits((count += n < length + 10 ? 2 : 5)));
    const { summary, previous } = series.tick('all', range);
    expect([summary.seconds, summary.requestsPerSecond]).toEqual([length, 5]);
    expect([previous.seconds, previous.requestsPerSecond]).toEqual([length, 2]);
    expect(series.overview('all', range).samples).toHaveLength(length);
  });

  it('equals what its samples add up to, whatever comes', () => {
    const event = fc.oneof(
      fc.constant('gap' as const),
      fc.record({
        l2: fc.nat(50),
        origin: fc.nat(50),
        ms: fc.array(fc.double({ min: 0.01, max: 1_000, noNaN: true }), { maxLength: 5 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 150 }), (events) => {
        const { series, second } = live();
        let [l2, origin] = [0, 0];
        const latency = new Histogram();
        for (const each of events) {
          if (each === 'gap') {
            second();
            continue;
          }
          l2 += each.l2;
          origin += each.origin;
          for (const ms of each.ms) latency.record(ms);
          second(worker([routeReading('r', { results: { l2, origin }, missLatency: latency.sparse() })]));
        }
        const { samples, summary, routes } = series.overview('all', '1m');
        // a sample after a gap stands for the gap too
        let weight = 1;
        let requests = 0;
        for (const [i, sample] of samples.entries()) {
          if (!sample.known) {
            weight++;
            continue;
          }
          const before = events.length - samples.length + i;
          if (i + 1 === weight) weight = 1 + countGapsBefore(events, before);
          requests += weight * RESULTS.reduce((sum, result) => sum + sample.answered[result], 0);
          weight = 1;
        }
        if (summary.requestsPerSecond === null) expect(requests).toBe(0);
        else {
          expect(summary.requestsPerSecond * summary.seconds).toBeCloseTo(requests, 6);
          expect(routes[0]?.requestsPerSecond).toBeCloseTo(summary.requestsPerSecond, 9);
          expect(routes[0]?.p95MissMs ?? null).toBe(summary.miss?.p95 ?? null);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Seconds of gap directly before event `at` that count: not those before the first answer. */
function countGapsBefore(events: readonly unknown[], at: number): number {
  let gaps = 0;
  while (at - gaps - 1 >= 0 && events[at - gaps - 1] === 'gap') gaps++;
  return at - gaps - 1 < 0 ? 0 : gaps;
}

describe('routes', () => {
  it('are rows with hit ratio, reasons, errors and the time spent at the origin, the most costly first', () => {
    const { series, second } = live();
    second(
      worker([
        routeReading('cheap', { results: { l1: 4 } }),
        routeReading('dear', {
          results: { l1: 1, l2: 2, stale: 1, coalesced: 2, origin: 4 },
          reasons: { 'no-freshness': 3, cold: 1 },
          originCalls: { fetch: 4 },
          originErrors: 1,
          originMs: 500,
          hitLatency: histogram(1, 1, 1, 1, 5_000, 5_000),
          missLatency: histogram(100, 200),
          unsafe: ['cookie'],
        }),
      ]),
    );
    const [first, other] = series.tick('chat', '1m').routes;
    expect(first).toMatchObject({
      service: 'chat',
      route: 'dear',
      requestsPerSecond: 10,
      hitRatio: 0.3,
      originCallsPerSecond: 4,
      errorRatio: 0.1,
      topMissReason: 'no-freshness',
      missReasons: { 'no-freshness': 3, cold: 1 },
      originSecondsPerMinute: 30,
      unsafe: ['cookie'],
    });
    expect(series.tick('chat', '1m').summary.hit?.p50).toBeCloseTo(1, 1);
    expect(Math.abs(first!.p95MissMs! / 200 - 1)).toBeLessThan(0.01);
    expect(other).toMatchObject({ route: 'cheap', hitRatio: 1, topMissReason: null, p95MissMs: null });
  });

  it('without requests are shown, those that are gone only while they had some in the range', () => {
    const { series, second } = live();
    second(worker([routeReading('old', { results: { l1: 1 } }), routeReading('idle')]));
    second(worker([routeReading('new')]));
    const names = (): string[] => series.tick('all', '1m').routes.map(({ route }) => route);
    expect(names()).toEqual(['old', 'new']);
    expect(series.tick('all', '1m').routes[1]?.hitRatio).toBeNull();
    for (let n = 0; n < 60; n++) second(worker([routeReading('new')]));
    expect(names()).toEqual(['new']);
  });

  it('and services that are gone are forgotten after the time that is kept', () => {
    const { series, second } = live();
    second(hits(5));
    const other = workerReading([serviceReading('shop', [routeReading('cart')])], { startedAt: START });
    for (let n = 0; n < 1_810; n++) second(other);
    expect(series.tick('all', '15m').routes.map(({ route }) => route)).toEqual(['cart']);
    expect(series.overview('chat', '15m').samples.every(({ answered }) => answered.l2 === 0)).toBe(true);
    expect(series.tick('chat', '1m').health.state).toBe('unknown');
    second(hits(7));
    expect(series.tick('chat', '1m').sample.answered.l2).toBe(7);
  });
});

describe('services', () => {
  const both = (real: number, sample: number) =>
    workerReading(
      [
        serviceReading('chat', [routeReading('r', { results: { l2: real } })]),
        serviceReading('demo', [routeReading('r', { results: { l1: sample } })], { sample: true }),
      ],
      { startedAt: START },
    );

  it('are never mixed: all leaves the sample out where there is a real one', () => {
    const { series, second } = live();
    second(both(3, 100));
    const all = series.tick('all', '1m');
    expect([all.sample.answered.l2, all.sample.answered.l1, all.summary.requestsPerSecond]).toEqual([3, 0, 3]);
    expect(all.routes.map(({ service }) => service)).toEqual(['chat']);
    expect(all.services.map(({ service }) => service)).toEqual(['chat', 'demo']);
    expect(series.tick('demo', '1m').summary.requestsPerSecond).toBe(100);
    expect(series.tick('chat', '1m').summary.requestsPerSecond).toBe(3);
  });

  it('that are all sample are all', () => {
    const { series, second } = live();
    second(worker([routeReading('r', { results: { l1: 9 } })], {}, { sample: true }));
    expect(series.tick('all', '1m').summary.requestsPerSecond).toBe(9);
  });

  it('that nobody knows are empty', () => {
    const { series, second } = live();
    second(hits(5));
    const tick = series.tick('nobody', '1m');
    expect([tick.summary.requestsPerSecond, tick.routes.length]).toEqual([0, 0]);
    expect(tick.health).toMatchObject({ state: 'unknown', why: 'No such service is served' });
  });

  it('have a health each', () => {
    const { series, second } = live();
    for (let n = 1; n <= 7; n++) {
      second(
        workerReading(
          [
            serviceReading('chat', [routeReading('r', { results: { l2: n * 100 } })]),
            serviceReading('shop', [routeReading('r', { results: { error: n * 20 }, gatewayErrors: n * 20 })]),
          ],
          { startedAt: START },
        ),
      );
    }
    expect(series.tick('chat', '1m').health.state).toBe('healthy');
    expect(series.tick('shop', '1m').health).toMatchObject({ state: 'failing', since: START + 1_000 });
    expect(series.tick('all', '1m').health.state).toBe('degraded');
  });

  it('are judged by the last 10 s alone', () => {
    const { series, second } = live();
    second(worker([routeReading('r', { results: { error: 100 }, gatewayErrors: 100 })]));
    // the errors leave the window with the 11th second, before 15 s of good make it turn
    for (let n = 0; n < 9; n++) second(worker([routeReading('r', { results: { error: 100 }, gatewayErrors: 100 })]));
    expect(series.tick('all', '1m').health.state).toBe('failing');
    for (let n = 0; n < 16; n++) second(worker([routeReading('r', { results: { error: 100 }, gatewayErrors: 100 })]));
    expect(series.tick('all', '1m').health).toMatchObject({ state: 'healthy', since: START + 11_000 });
  });

  it('are unknown after 3 s of silence and well again with the first answer', () => {
    const { series, second, gap } = live();
    second(hits(1));
    gap();
    gap();
    expect(series.tick('all', '1m').health.state).toBe('healthy');
    gap();
    expect(series.tick('all', '1m').health).toMatchObject({ state: 'unknown', why: "The gateway doesn't answer" });
    second(hits(2));
    expect(series.tick('all', '1m').health.state).toBe('healthy');
  });
});

describe('levels and gateway', () => {
  it('sum workers; evictions per second; the share that a level answered', () => {
    const { series, second } = live();
    const reading = (evictions: number, l2: number, given: Partial<GatewaySnapshot> = {}) =>
      worker([routeReading('r', { results: { l2, origin: l2 } })], {
        levels: [
          levelReading('l1', { state: 'off' }),
          levelReading('l2', { entries: 3, bytes: 10, budgetBytes: 100, evictions }),
        ],
        connections: 2,
        inFlight: 1,
        ...given,
      });
    second(reading(0, 0), reading(0, 0, { worker: 1, levels: [levelReading('l2', { state: 'degraded', bytes: 1 })] }));
    const eventLoop = { p50: 1, p99: 40, max: 50, utilization: 1 };
    second(reading(6, 10), reading(0, 0, { worker: 1, levels: [levelReading('l2')], eventLoop }));
    const { levels, gateway } = series.tick('all', '1m');
    expect(levels).toEqual([
      { level: 'l1', state: 'off', entries: 0, bytes: 0, budgetBytes: 0, evictionsPerSecond: 0, answeredRatio: 0 },
      { level: 'l2', state: 'ok', entries: 3, bytes: 10, budgetBytes: 100, evictionsPerSecond: 3, answeredRatio: 0.5 },
    ]);
    expect(gateway).toEqual({
      url: 'http://127.0.0.1:8080',
      workers: 2,
      connections: 4,
      inFlight: 2,
      eventLoopP99Ms: 40,
    });
  });

  it('show the worst state of several workers, and evictions after a restart from zero', () => {
    const { series, second } = live();
    const level = (evictions: number, state: 'ok' | 'degraded' = 'ok') => ({
      levels: [levelReading('l2', { evictions, state })],
    });
    second(hits(0, level(50)));
    second(hits(0, level(4)), hits(0, { worker: 1, ...level(0, 'degraded') }));
    const [l2] = series.tick('all', '1m').levels;
    expect(l2).toMatchObject({ state: 'degraded', evictionsPerSecond: (50 + 4) / 2, answeredRatio: null });
  });
});

describe('contract', () => {
  it('is kept with traffic, gaps and nothing at all', () => {
    const { series, second, gap } = live();
    const rest = { sampleTraffic: 'off', configError: null };
    for (const prepare of [
      () => undefined,
      gap,
      () => second(worker([routeReading('r', { results: { l1: 3 }, hitLatency: histogram(1) })])),
      gap,
    ]) {
      prepare();
      overviewSchema.parse({ ...series.overview('all', '5m'), ...rest });
    }
  });
});
