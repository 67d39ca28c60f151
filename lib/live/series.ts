import type { GatewaySnapshot } from '../contracts/control.ts';
import {
  RANGES,
  type InstanceState,
  type Overview,
  type OverviewTick,
  type Range,
  type RouteRow,
  type Sample,
} from '../contracts/overview.ts';
import type { Clock } from '../kernel/clock.ts';
import { requestsIn } from './field.ts';
import { frameRows } from './frame-rows.ts';
import { gapFrame, packFrame, type Frame } from './frame.ts';
import { createGrowthMeter, routeKey, type RouteGrowth } from './growth.ts';
import { createInstanceTable } from './instances.ts';
import { LEVELS, levelStates } from './levels.ts';
import { createRouteIds } from './route-ids.ts';
import { createRoster, type ExpectedInstance } from './roster.ts';
import { createSampleMaker } from './sample.ts';
import { ALL, createServiceHealth } from './service-health.ts';
import { serviceStates } from './service-states.ts';
import { routeRow, summarize } from './summary.ts';
import { createTimeline } from './timeline.ts';
import { emptyRouteSums, sumServices, type Window } from './window.ts';

export type SeriesTick = Omit<OverviewTick, 'sampleTraffic' | 'configError'>;
export type SeriesOverview = Omit<Overview, 'sampleTraffic' | 'configError' | 'changes'>;

/** What the live page shows, second by second. */
export interface Series {
  /**
   * Once a second: the readings of the workers that answered; none is a gap.
   * @param at wall ms at the end of the second
   */
  add(snapshots: readonly GatewaySnapshot[], at: number): void;
  /** Once a second in which nothing answered. */
  gap(at: number): void;
  /** Everything for one service, or for all; a service that nobody knows is empty. */
  overview(service: string, range: Range): SeriesOverview;
  /** The same without the samples of the past. */
  tick(service: string, range: Range): SeriesTick;
  /** Whether the newest readings have this service. */
  serves(service: string): boolean;
  /** Every worker, by instance and worker. */
  instances(): readonly InstanceState[];
}

export interface SeriesOptions {
  readonly clock: Clock;
  /** Where people reach the gateway; a worker only knows the address that it listens on. */
  readonly gatewayUrl: () => string;
  /** Name of the instance that this process is; undefined in a console alone. */
  readonly instance?: string | undefined;
  /** Who ought to answer. */
  readonly expected: () => readonly ExpectedInstance[];
  /** How long the past reaches; at least twice the longest range, for the period before it. */
  readonly seconds?: number;
}

const SECOND_MS = 1_000;
/** A reading after a longer silence says nothing of this minute: it only sets the mark to count from. */
const LONGEST_SPAN = 60;

/**
 * Keeps `seconds` of traffic in memory and the sums of each range up to date, so that a tick adds up nothing old.
 *
 * Memory: a second takes, per route that had traffic, 16 bytes, 8 per counter that moved (36 at most, about 9 in
 * practice) and 4 per latency bucket of misses; and 4 per bucket of hits per service. Buckets are at most 1,728
 * and never more than the requests of that second. 50 busy routes: about 10 KiB a second, 18 MiB in 1,800 s.
 * At worst, with every counter and 200 buckets of misses in each of 50 routes every second: 100 MiB.
 * The sums take 42 KiB per route and 164 KiB per service; samples that were looked at, 0.7 KiB each, at most one
 * per second and service. What is no longer served is forgotten after `seconds`.
 */
export function createSeries({ clock, gatewayUrl, instance, expected, seconds = 1_800 }: SeriesOptions): Series {
  const openedAt = clock.wall();
  const meter = createGrowthMeter(openedAt);
  const ids = createRouteIds();
  const timeline = createTimeline(seconds, ids.serviceOf);
  const health = createServiceHealth(openedAt);
  const roster = createRoster();
  const instances = createInstanceTable(instance, roster);
  const sampleOf = createSampleMaker();
  const sampleServices = new Set<string>();
  /** The newest readings; those before a gap stay, for what they say of services and levels. */
  let latest: readonly GatewaySnapshot[] = [];
  let workers = 0;
  /** Seconds without an answer since the last one. */
  let missing = 0;
  let firstMono: number | undefined;
  /** Seconds since then that have a frame. */
  let calls = 0;
  let answeredMono: number | undefined;

  /**
   * Seconds that passed without a call are gaps too: the console was held up. They are counted from the first call,
   * not the last: a gateway that answers late in its second doesn't make a gap.
   */
  function fillUpTo(at: number): void {
    firstMono ??= clock.mono();
    const behind = Math.floor((clock.mono() - firstMono) / SECOND_MS) - calls;
    for (let left = Math.min(behind, timeline.length); left > 0; left--) {
      timeline.push(gapFrame(at - left * SECOND_MS));
      missing++;
    }
    calls += 1 + Math.max(0, behind);
  }

  /** The services behind a name: "all" leaves the sample out where there's a real one. */
  function scope(service: string): { key: string; has: (name: string) => boolean } {
    if (service !== ALL) return { key: `=${service}`, has: (name) => name === service };
    const real = latest.some(({ services }) => services.some(({ sample }) => !sample));
    return real ? { key: 'real', has: (name) => !sampleServices.has(name) } : { key: 'every', has: () => true };
  }

  function sampleAt(frame: Frame, service: string): Sample {
    const { key, has } = scope(service);
    let sample = frame.samples.get(key);
    if (sample === undefined) {
      sample = sampleOf(frame, (id) => has(ids.serviceOf(id)));
      frame.samples.set(key, sample);
    }
    return sample;
  }

  function watchInstances(snapshots: readonly GatewaySnapshot[], at: number): void {
    const mono = clock.mono();
    roster.update(expected(), snapshots, mono);
    instances.update(snapshots, mono, at);
  }

  function watchHealth(growth: readonly RouteGrowth[], at: number): void {
    const mono = clock.mono();
    const lastMinute = timeline.ranges['1m'].current.services;
    health.update(growth, {
      at,
      mono,
      silentMs: answeredMono === undefined ? undefined : mono - answeredMono,
      missing: roster.missing(),
      services: serviceStates(latest),
      lastMinute: (service) => {
        const sums = lastMinute.get(service);
        return sums === undefined ? 0 : requestsIn(sums.fields);
      },
      inAll: scope(ALL).has,
    });
  }

  /** Ignored policies by route: the routes that are served now. */
  function served(): Map<string, readonly string[]> {
    const unsafe = new Map<string, readonly string[]>();
    for (const { service, routes } of latest.flatMap((snapshot) => snapshot.services)) {
      for (const route of routes) unsafe.set(routeKey(service, route.route), route.unsafe);
    }
    return unsafe;
  }

  function add(snapshots: readonly GatewaySnapshot[], at: number): void {
    if (snapshots.length === 0) {
      gap(at);
      return;
    }
    fillUpTo(at);
    latest = snapshots;
    watchInstances(snapshots, at);
    workers = snapshots.length;
    for (const { service, sample } of snapshots.flatMap((snapshot) => snapshot.services)) {
      if (sample) sampleServices.add(service);
      else sampleServices.delete(service);
    }
    const measured = meter.measure(snapshots);
    const { routes, evictions } = missing < LONGEST_SPAN ? measured : { routes: [], evictions: new Map() };
    const oldest = Math.min(...snapshots.map(({ startedAt }) => startedAt));
    const span = Math.max(1, Math.min(1 + missing, LONGEST_SPAN, Math.ceil((at - oldest) / SECOND_MS)));
    const now = timeline.count;
    for (const { service, routes: inService } of snapshots.flatMap((snapshot) => snapshot.services)) {
      for (const { route } of inService) ids.use(service, route, now);
    }
    const rows = frameRows(routes, (service, route) => ids.use(service, route, now));
    const evicted = LEVELS.map((level) => evictions.get(level) ?? 0);
    const frame = packFrame(at, answeredMono === undefined || missing >= LONGEST_SPAN ? 1 : span, rows, evicted);
    timeline.push(frame);
    // What most look at is made as it comes: 900 samples at once would hold up the thread.
    sampleAt(frame, ALL);
    missing = 0;
    answeredMono = clock.mono();
    if (ids.forget(now - timeline.length)) {
      const left = ids.services();
      timeline.keep(ids.has, (name) => left.has(name));
    }
    watchHealth(routes, at);
  }

  function gap(at: number): void {
    fillUpTo(at);
    timeline.push(gapFrame(at));
    missing++;
    workers = 0;
    watchInstances([], at);
    watchHealth([], at);
  }

  function routeRows({ routes, seconds: known }: Window, has: (service: string) => boolean): RouteRow[] {
    const unsafe = served();
    return [...ids.all()]
      .filter(({ service }) => has(service))
      .flatMap(({ id, service, route }) => {
        const sums = routes.get(id);
        const ignored = unsafe.get(routeKey(service, route));
        if (ignored === undefined && (sums === undefined || requestsIn(sums.fields) === 0)) return [];
        return routeRow(service, route, ignored ?? [], sums ?? emptyRouteSums(), known);
      })
      .sort((a, b) => b.originSecondsPerMinute - a.originSecondsPerMinute || b.requestsPerSecond - a.requestsPerSecond);
  }

  function tick(service: string, range: Range): SeriesTick {
    const { current, previous } = timeline.ranges[range];
    const { has } = scope(service);
    const names = [...ids.services()].filter(has);
    const sums = sumServices(current, names);
    const [last] = timeline.last(1);
    return {
      service,
      range,
      sample: sampleAt(last ?? gapFrame(openedAt), service),
      summary: summarize(sums, current.seconds),
      previous: summarize(sumServices(previous, names), previous.seconds),
      routes: routeRows(current, has),
      services: serviceStates(latest),
      levels: levelStates(latest, current.evictions, current.seconds, sums.fields),
      health: health.of(service) ?? { state: 'unknown', why: 'No such service is served', since: openedAt },
      instances: instances.states(),
      gateway: {
        url: gatewayUrl(),
        workers,
        connections: latest.reduce((sum, { connections }) => sum + connections, 0),
        inFlight: latest.reduce((sum, { inFlight }) => sum + inFlight, 0),
        eventLoopP99Ms: latest.reduce((worst, { eventLoop }) => Math.max(worst, eventLoop.p99), 0),
      },
    };
  }

  return {
    add,
    gap,
    tick,
    instances: () => instances.states(),
    serves: (name) => latest.some(({ services }) => services.some(({ service }) => service === name)),
    overview: (service, range) => ({
      ...tick(service, range),
      samples: timeline.last(RANGES[range]).map((frame) => sampleAt(frame, service)),
    }),
  };
}
