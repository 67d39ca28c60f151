import type { ServiceState } from '../contracts/overview.ts';
import { RESULTS } from '../contracts/traffic.ts';
import { GATEWAY_ERRORS_AT, ORIGIN_ERRORS_AT, requestsIn } from './field.ts';
import type { RouteGrowth } from './growth.ts';
import { HEALTH_WINDOW_SECONDS, assessHealth, createHealthWatch, type Health, type HealthWatch } from './health.ts';

/** The name under which all services together are judged. */
export const ALL = 'all';

interface Counts {
  requests: number;
  errors: number;
  stale: number;
}

export interface HealthMoment {
  readonly at: number;
  readonly mono: number;
  readonly silentMs: number | undefined;
  /** Who doesn't answer though it ought to, or which level is degraded, in plain words: it concerns every service. */
  readonly missing: string | undefined;
  readonly services: readonly ServiceState[];
  /** Requests of a service within the last minute. */
  readonly lastMinute: (service: string) => number;
  /** The services that "all" stands for. */
  readonly inAll: (service: string) => boolean;
}

/** The health of each service and of all together. */
export interface ServiceHealth {
  /** Once a second: what was counted in it. */
  update(growth: readonly RouteGrowth[], moment: HealthMoment): void;
  /** Of a service or of "all"; undefined for one that isn't served. */
  of(service: string): Health | undefined;
}

/** @param openedAt wall ms since which nothing is known yet */
export function createServiceHealth(openedAt: number): ServiceHealth {
  const unanswered = assessHealth({
    silentMs: undefined,
    missing: undefined,
    services: [],
    requests: 0,
    errors: 0,
    stale: 0,
    lastMinute: 0,
  });
  const watches = new Map<string, HealthWatch>([[ALL, createHealthWatch(unanswered, openedAt)]]);
  const seconds: Map<string, Counts>[] = [];

  function judge(name: string, has: (service: string) => boolean, moment: HealthMoment): void {
    const sum: Counts = { requests: 0, errors: 0, stale: 0 };
    for (const second of seconds) {
      for (const [service, counts] of second) {
        if (!has(service)) continue;
        sum.requests += counts.requests;
        sum.errors += counts.errors;
        sum.stale += counts.stale;
      }
    }
    const services = moment.services.filter(({ service }) => has(service));
    const lastMinute = services.reduce((total, { service }) => total + moment.lastMinute(service), 0);
    const { silentMs, missing } = moment;
    const now = assessHealth({ silentMs, missing, services, ...sum, lastMinute });
    const watch = watches.get(name);
    if (watch === undefined) watches.set(name, createHealthWatch(now, moment.at));
    else watch.update(now, moment.at, moment.mono);
  }

  return {
    of: (service) => watches.get(service)?.health,
    update(growth, moment) {
      seconds.push(countByService(growth));
      if (seconds.length > HEALTH_WINDOW_SECONDS) seconds.shift();
      judge(ALL, moment.inAll, moment);
      const served = new Set(moment.services.map(({ service }) => service));
      for (const service of served) judge(service, (name) => name === service, moment);
      for (const service of watches.keys()) {
        if (service !== ALL && !served.has(service)) watches.delete(service);
      }
    },
  };
}

function countByService(growth: readonly RouteGrowth[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { service, fields } of growth) {
    const known = counts.get(service) ?? { requests: 0, errors: 0, stale: 0 };
    known.requests += requestsIn(fields);
    known.errors += (fields[ORIGIN_ERRORS_AT] as number) + (fields[GATEWAY_ERRORS_AT] as number);
    known.stale += fields[RESULTS.indexOf('stale')] as number;
    counts.set(service, known);
  }
  return counts;
}
