import { describe, expect, it } from 'vitest';
import { bottleneckSchema } from '../../../lib/contracts/bottlenecks.ts';
import { MISS_REASON } from '../../../lib/contracts/miss-reason.ts';
import type { GatewaySnapshot, RouteSnapshot } from '../../../lib/contracts/control.ts';
import { findBottlenecks } from '../../../lib/live/bottlenecks.ts';
import { histogram, live, worker } from '../../support/live-series.ts';
import { levelReading, routeReading } from '../../support/snapshot-readings.ts';

const slow = (route: string, originMs: number, given: Partial<RouteSnapshot> = {}) =>
  routeReading(route, { results: { origin: 2 }, originCalls: { fetch: 2 }, originMs, ...given } as Parameters<
    typeof routeReading
  >[1]);

function found(routes: RouteSnapshot[], given: Partial<GatewaySnapshot> = {}, most = 20) {
  const { series, second } = live();
  second(worker(routes, given));
  return findBottlenecks(series.tick('all', '1m'), most).map((each) => bottleneckSchema.parse(each));
}

describe('routes', () => {
  it('come by the time that they wait for the origin, with the reason and what could be done', () => {
    const routes = [
      slow('small', 100, { reasons: { expired: 2 } }),
      slow('large', 300, { reasons: { 'no-freshness': 2 }, missLatency: histogram(150, 150) }),
      routeReading('stored', { results: { l2: 9 } }),
    ];
    expect(found(routes)).toMatchObject([
      {
        kind: 'route',
        service: 'chat',
        route: 'large',
        originSecondsPerMinute: expect.closeTo(18) as number,
        share: 0.75,
        originCallsPerSecond: 2,
        hitRatio: 0,
        reason: 'no-freshness',
        why: MISS_REASON['no-freshness'].because,
        remedy: MISS_REASON['no-freshness'].remedy,
      },
      { route: 'small', share: 0.25, reason: 'expired' },
    ]);
  });

  it('that are only refreshed say so, and need nothing', () => {
    expect(found([slow('refreshed', 10, { reasons: {} })])).toMatchObject([
      { reason: null, remedy: null, why: expect.stringContaining('refresh') as string },
    ]);
  });

  it('are at most so many', () => {
    const routes = Array.from({ length: 5 }, (_, i) => slow(`r${i}`, 10 + i));
    expect(found(routes, {}, 2).map((each) => 'route' in each && each.route)).toEqual(['r4', 'r3']);
  });
});

describe('workers', () => {
  const loop = (p99: number) => ({ eventLoop: { p50: 1, p99, max: p99 } });

  it('are named when their loop is late or busy, before the routes', () => {
    expect(found([slow('a', 10)], loop(51))).toMatchObject([
      { kind: 'worker', instance: 'a', worker: 0, why: expect.stringContaining('51 ms late') as string },
      { kind: 'route' },
    ]);
    expect(found([], { utilisation: 0.81 })).toMatchObject([
      { kind: 'worker', utilisation: 0.81, why: expect.stringContaining('81 %') as string },
    ]);
    expect(found([], { ...loop(50), utilisation: 0.8 })).toEqual([]);
  });

  it('that are gone are not: their last figures say nothing of now', () => {
    const { series, second } = live();
    second(worker([], loop(500)));
    const tick = series.tick('all', '1m');
    const instances = tick.instances.map((instance) => ({ ...instance, state: 'missing' as const }));
    expect(findBottlenecks(tick, 20)).toHaveLength(1);
    expect(findBottlenecks({ ...tick, instances }, 20)).toEqual([]);
  });
});

describe('levels', () => {
  const l3 = (given: object) => ({ levels: [levelReading('l2'), levelReading('l3', given)] });

  it('are named when they are degraded, in the words that they give, or slow', () => {
    expect(found([], l3({ state: 'degraded', why: 'The disk is full.' }))).toMatchObject([
      {
        kind: 'level',
        level: 'l3',
        state: 'degraded',
        why: 'The disk is full.',
        remedy: expect.stringContaining('disk') as string,
      },
    ]);
    expect(found([], l3({ kind: 'redis', latency: histogram(30, 30) }))).toMatchObject([
      {
        kind: 'level',
        state: 'ok',
        why: expect.stringMatching(/takes (29|30|31) ms/) as string,
        remedy: expect.stringContaining('Redis') as string,
      },
    ]);
    expect(found([], l3({ latency: histogram(5, 5) }))).toEqual([]);
    expect(found([], l3({ state: 'off' }))).toEqual([]);
  });
});
