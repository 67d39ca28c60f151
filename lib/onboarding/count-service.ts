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

/** What a service's clients got since it was made, worker by worker: one that is silent takes nothing away. */
export interface ServiceMeter {
  read(snapshots: readonly GatewaySnapshot[]): ServiceCounts;
}

/**
 * @param snapshots the readings of the workers that answer by now; one that is silent counts from its first reading on,
 * or from its start if that is later than `from`
 * @param from now, wall ms
 */
export function createServiceMeter(snapshots: readonly GatewaySnapshot[], service: string, from: number): ServiceMeter {
  const workers = new Map<string, { readonly before: ServiceCounts; now: ServiceCounts }>();

  function see(snapshot: GatewaySnapshot): void {
    const { instance, worker, startedAt } = snapshot;
    // One that was started again begins at 0.
    const name = `${instance}/${worker}/${startedAt}`;
    const now = countService([snapshot], service);
    const known = workers.get(name);
    if (known !== undefined) known.now = now;
    else workers.set(name, { before: startedAt > from ? countService([], service) : now, now });
  }

  for (const snapshot of snapshots) see(snapshot);
  return {
    read(newer) {
      for (const snapshot of newer) see(snapshot);
      const since = [...workers.values()].map(({ before, now }) => difference(now, before));
      const total = (name: keyof ServiceCounts): number => since.reduce((sum, counts) => sum + counts[name], 0);
      return map(total);
    },
  };
}

/** What was added; never negative. */
function difference(now: ServiceCounts, before: ServiceCounts): ServiceCounts {
  return map((name) => Math.max(0, now[name] - before[name]));
}

function map(value: (name: keyof ServiceCounts) => number): ServiceCounts {
  return {
    requests: value('requests'),
    hits: value('hits'),
    stale: value('stale'),
    failed: value('failed'),
    originCalls: value('originCalls'),
  };
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
