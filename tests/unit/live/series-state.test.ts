import { describe, expect, it } from 'vitest';
import type { GatewaySnapshot } from '../../../lib/contracts/control.ts';
import { overviewSchema } from '../../../lib/contracts/overview.ts';
import { START, histogram, hits, live, worker } from '../../support/live-series.ts';
import { levelReading, routeReading, serviceReading, workerReading } from '../../support/snapshot-readings.ts';

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
    for (let n = 0; n < 3_610; n++) second(other);
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

  it('are degraded while an instance is missing, and well again 15 s after it is back', () => {
    const { series, second, expected } = live();
    expected.push({ instance: 'a', workers: 1 }, { instance: 'edge-b', workers: 1 });
    const edge = hits(0, { instance: 'edge-b' });
    const health = () => series.tick('chat', '1m').health;
    const seconds = (n: number, ...snapshots: Parameters<typeof second>): void => {
      for (let i = 0; i < n; i++) second(...snapshots);
    };
    second(hits(0), edge);
    seconds(7, hits(0));
    expect(health().state).toBe('healthy');
    second(hits(0));
    const missing = "1 of 2 instances doesn't answer: edge-b";
    expect(health()).toEqual({ state: 'degraded', why: missing, since: START + 4_000 });
    expect(series.tick('all', '1m').health).toEqual(health());
    seconds(600, hits(0));
    expect(health()).toEqual({ state: 'degraded', why: missing, since: START + 4_000 });
    seconds(15, hits(0), edge);
    expect(health().why).toContain(`was: ${missing}`);
    second(hits(0), edge);
    expect(health().state).toBe('healthy');
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
  it('that are degraded on any worker degrade the health, with the reason', () => {
    const { series, second } = live();
    second(hits(1));
    const levels = [levelReading('l3', { state: 'degraded', why: 'Redis doesn’t answer.' })];
    for (let n = 2; n < 9; n++) second(hits(n), hits(0, { worker: 1, levels }));
    expect(series.tick('chat', '1m').health).toMatchObject({
      state: 'degraded',
      why: 'L3 is degraded: Redis doesn’t answer.',
    });
  });

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
    const eventLoop = { p50: 1, p99: 40, max: 50 };
    second(reading(6, 10), reading(0, 0, { worker: 1, levels: [levelReading('l2')], eventLoop }));
    const { levels, gateway } = series.tick('all', '1m');
    const inMemory = { kind: 'memory', why: null, latency: null };
    const nothing = { entries: 0, bytes: 0, budgetBytes: 0, evictionsPerSecond: 0, answeredRatio: 0 };
    const something = { entries: 3, bytes: 10, budgetBytes: 100, evictionsPerSecond: 3, answeredRatio: 0.5 };
    expect(levels).toEqual([
      { level: 'l1', state: 'off', ...inMemory, ...nothing },
      { level: 'l2', state: 'ok', ...inMemory, ...something },
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
    const rest = { sampleTraffic: 'off', configError: null, changes: [], environment: 'local' };
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
