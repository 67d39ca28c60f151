import type { GatewaySnapshot, RouteSnapshot, ServiceSnapshot } from '../../lib/contracts/control.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import type { ExpectedInstance } from '../../lib/live/roster.ts';
import { createSeries } from '../../lib/live/series.ts';
import { Histogram } from '../../lib/metrics/histogram.ts';
import { routeReading, serviceReading, workerReading } from './snapshot-readings.ts';

export const START = 1_000_000;

export function histogram(...ms: number[]): number[] {
  const counted = new Histogram();
  for (const value of ms) counted.record(value);
  return counted.sparse();
}

/** A series with a clock that moves one second per call, and whom it expects to answer. */
export function live() {
  const expected: ExpectedInstance[] = [];
  const clock = manualClock(START);
  const series = createSeries({
    clock,
    gatewayUrl: () => 'http://127.0.0.1:8080',
    instance: 'a',
    expected: () => expected,
  });
  return {
    clock,
    series,
    expected,
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

export const worker = (
  routes: RouteSnapshot[],
  given: Partial<GatewaySnapshot> = {},
  of: Partial<ServiceSnapshot> = {},
) => workerReading([serviceReading('chat', routes, of)], { startedAt: START, ...given });

/** A worker whose only route has so many requests from L2. */
export const hits = (l2: number, given: Partial<GatewaySnapshot> = {}) =>
  worker([routeReading('chats', { results: { l2 } })], given);
