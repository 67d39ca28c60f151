import type { GatewaySnapshot } from '../contracts/control.ts';

/** What a service's clients got so far, over all workers. */
export interface ServiceCounts {
  readonly requests: number;
  /** Answered fresh from the store. */
  readonly hits: number;
  readonly stale: number;
  /** 5xx sent to clients. */
  readonly failed: number;
  readonly originCalls: number;
}

/** Sums the counters of a service, which only grow. */
export function countService(snapshots: readonly GatewaySnapshot[], service: string): ServiceCounts {
  const routes = snapshots
    .flatMap(({ services }) => services)
    .filter((each) => each.service === service)
    .flatMap((each) => each.routes);
  const total = (value: (route: (typeof routes)[number]) => number): number =>
    routes.reduce((sum, route) => sum + value(route), 0);
  return {
    requests: total(({ results }) => sumOf(results)),
    hits: total(({ results }) => results.l1 + results.l2 + results.l3),
    stale: total(({ results }) => results.stale),
    failed: total(({ originErrors, gatewayErrors }) => originErrors + gatewayErrors),
    originCalls: total(({ originCalls }) => sumOf(originCalls)),
  };
}

/** What was added since; never negative, since a worker that is started again begins at 0. */
export function difference(now: ServiceCounts, before: ServiceCounts): ServiceCounts {
  const grown = (name: keyof ServiceCounts): number => Math.max(0, now[name] - before[name]);
  return {
    requests: grown('requests'),
    hits: grown('hits'),
    stale: grown('stale'),
    failed: grown('failed'),
    originCalls: grown('originCalls'),
  };
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
