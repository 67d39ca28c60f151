import type { GatewaySnapshot, LevelSnapshot, RouteSnapshot, ServiceSnapshot } from '../../lib/contracts/control.ts';
import { ORIGIN_CALLS, RESULTS, type OriginCall, type Result } from '../../lib/contracts/traffic.ts';

type Counts<K extends string> = Partial<Record<K, number>>;

interface RouteInput extends Partial<Omit<RouteSnapshot, 'results' | 'originCalls'>> {
  readonly results?: Counts<Result>;
  readonly originCalls?: Counts<OriginCall>;
}

/** A route's reading with zeros for what isn't given. */
export function routeReading(
  route: string,
  { results = {}, originCalls = {}, ...given }: RouteInput = {},
): RouteSnapshot {
  return {
    route,
    results: Object.fromEntries(RESULTS.map((name) => [name, results[name] ?? 0])) as Record<Result, number>,
    reasons: {},
    originCalls: Object.fromEntries(ORIGIN_CALLS.map((name) => [name, originCalls[name] ?? 0])) as Record<
      OriginCall,
      number
    >,
    originErrors: 0,
    gatewayErrors: 0,
    aborted: 0,
    statuses: [0, 0, 0, 0, 0],
    bytesSent: 0,
    bytesSaved: 0,
    originMs: 0,
    wouldHave: 0,
    observed: 0,
    hitLatency: [],
    missLatency: [],
    unsafe: [],
    ...given,
  };
}

/** A service's reading in mode cache with one closed breaker. */
export function serviceReading(
  service: string,
  routes: readonly RouteSnapshot[],
  given: Partial<ServiceSnapshot> = {},
): ServiceSnapshot {
  return {
    service,
    sample: false,
    mode: 'cache',
    modeReason: undefined,
    modeUntil: undefined,
    targets: [
      { url: `http://${service}.test`, breaker: 'closed', since: 0, triedAt: undefined, lastFailure: undefined },
    ],
    routes,
    ...given,
  };
}

/** A level's reading. */
export function levelReading(level: LevelSnapshot['level'], given: Partial<LevelSnapshot> = {}): LevelSnapshot {
  return {
    level,
    state: 'ok',
    kind: level === 'l3' ? 'disk' : 'memory',
    why: undefined,
    entries: 0,
    bytes: 0,
    budgetBytes: 0,
    evictions: 0,
    latency: [],
    dropped: 0,
    ...given,
  };
}

/** A worker's reading. */
export function workerReading(
  services: readonly ServiceSnapshot[],
  given: Partial<GatewaySnapshot> = {},
): GatewaySnapshot {
  return {
    instance: 'a',
    worker: 0,
    at: 0,
    startedAt: 0,
    url: 'http://127.0.0.1:8080',
    services,
    levels: [],
    refused: {},
    connections: 0,
    inFlight: 0,
    eventLoop: { p50: 1, p99: 2, max: 3 },
    utilisation: 0.1,
    memory: { heapUsed: 1, external: 1 },
    clears: { number: 0, state: 'confirmed', age: 0, folded: 0 },
    ...given,
  };
}
