import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RANGES, STEPS, type Range } from '../../../lib/contracts/overview.ts';
import { RESULTS } from '../../../lib/contracts/traffic.ts';
import { Histogram } from '../../../lib/metrics/histogram.ts';
import { START, histogram, hits, live, worker } from '../../support/live-series.ts';
import { routeReading } from '../../support/snapshot-readings.ts';

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
    second(
      worker([
        routeReading('chats', {
          results: { origin: 10 },
          reasons: { observe: 4, cold: 6 },
          wouldHave: 4,
          observed: 10,
        }),
      ]),
    );
    expect(series.tick('all', '1m').summary).toMatchObject({ wouldHaveSaved: 0.4, originCallsSaved: null });
  });

  it('counts each mode for itself after a switch from observe to cache', () => {
    const { series, second } = live();
    const observed = { observed: 10, wouldHave: 4, reasons: { observe: 4, cold: 6 } };
    second(worker([routeReading('chats', { results: { origin: 10 }, originCalls: { fetch: 10 }, ...observed })]));
    second(
      worker([routeReading('chats', { results: { origin: 12, l2: 8 }, originCalls: { fetch: 12 }, ...observed })]),
    );
    expect(series.tick('all', '1m').summary).toMatchObject({ wouldHaveSaved: 0.4, originCallsSaved: 0.8 });
  });

  it('begins anew on demand: averages are of what came since', () => {
    const { series, second } = live();
    for (let n = 1; n <= 20; n++) second(hits(n * 2));
    series.startAnew();
    expect(series.tick('all', '1m').summary.seconds).toBe(0);
    second(hits(60));
    expect(series.tick('all', '1m').summary).toMatchObject({ seconds: 1, requestsPerSecond: 20 });
    expect(series.overview('all', '1m').samples.filter(({ known }) => known)).toHaveLength(1);
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
    expect(series.overview('all', range).samples).toHaveLength(length / STEPS[range]);
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
