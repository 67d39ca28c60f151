import type { GatewaySnapshot } from '../contracts/control.ts';
import {
  RANGES,
  STEPS,
  type InstanceState,
  type LiveTick,
  type Overview,
  type Range,
  type Sample,
} from '../contracts/overview.ts';
import type { Clock } from '../kernel/clock.ts';
import { requestsIn } from './field.ts';
import { sumWindow, windowSpan } from './fixed-window.ts';
import { frameRows } from './frame-rows.ts';
import { gapFrame, packFrame, type Frame } from './frame.ts';
import { gatewayState } from './gateway-state.ts';
import { createGrowthMeter, type RouteGrowth } from './growth.ts';
import { createHistory, stepsOf } from './history.ts';
import { createInstanceTable } from './instances.ts';
import { LEVELS, degradedLevel, levelStates } from './levels.ts';
import { createRoster, type ExpectedInstance } from './roster.ts';
import { routeTable } from './route-table.ts';
import { createSampleMaker } from './sample.ts';
import { isAnything, routeScope, serviceScope, type Scope } from './scope.ts';
import { createSecondGrid } from './second-grid.ts';
import { ALL, createServiceHealth } from './service-health.ts';
import { isServed, serviceStates } from './service-states.ts';
import { summarize } from './summary.ts';
import { emptySums, sumServices, type Sums } from './window.ts';

export type SeriesTick = Omit<LiveTick, 'sampleTraffic' | 'configError'>;
export type SeriesOverview = Omit<Overview, 'sampleTraffic' | 'configError' | 'changes' | 'environment'>;

/** What the live page shows, second by second. */
export interface Series {
  /**
   * Once a second: the readings of the workers that answered; none is a gap.
   * @param at wall ms at the end of the second; it's kept as the nearest whole second after the one before
   */
  add(snapshots: readonly GatewaySnapshot[], at: number): void;
  /** Once a second in which nothing answered. */
  gap(at: number): void;
  /**
   * Adds up in slices, so that the thread stays free, what an overview needs and nobody has looked at yet; undefined
   * where there's little to do.
   */
  prepare(service: string, range: Range, route?: string): Promise<void> | undefined;
  /** Everything for one service, one route of it, or for all; what nobody knows is empty. */
  overview(service: string, range: Range, route?: string): SeriesOverview & { readonly range: Range };
  /** The same without the samples of the past. */
  tick(service: string, range: Range, route?: string): SeriesTick;
  /** The same as an overview for the time between two moments, wall ms, rounded to whole steps; at most an hour. */
  window(service: string, from: number, to: number, route?: string): Promise<SeriesOverview>;
  /** Forgets the past: what comes from now on is of other services. */
  startAnew(): void;
  /** Whether the newest readings have this service, or this route of it. */
  serves(service: string, route?: string): boolean;
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
/** Services whose samples are made as time goes; those past them take some ms when somebody looks first. */
const READY_SERVICES = 32;
/** A reading after a longer silence says nothing of this minute: it only sets the mark to count from. */
const LONGEST_SPAN = 60;

/**
 * Keeps `seconds` of traffic in memory and the sums of each range up to date, so that a tick adds up nothing old.
 *
 * Memory: a second takes, per route that had traffic, 16 bytes, 8 per counter that moved (36 at most, about 9 in
 * practice) and 4 per latency bucket, of hits and of misses. Buckets are at most 1,728 each and never more than the
 * requests of that second. Measured: 50 routes of 20 requests a second each take 36 MiB in 3,600 s.
 * The sums take 55 KiB per route and 220 KiB per service; samples 1 KiB each, at most 180 per range and service, and of 16
 * routes. What is no longer served is forgotten after `seconds`.
 */
export function createSeries({ clock, gatewayUrl, instance, expected, seconds = 3_600 }: SeriesOptions): Series {
  const openedAt = clock.wall();
  const meter = createGrowthMeter(openedAt);
  const health = createServiceHealth(openedAt);
  const roster = createRoster();
  const instances = createInstanceTable(instance, roster);
  const emptySample = createSampleMaker();
  const grid = createSecondGrid();
  const sampleServices = new Set<string>();
  let history = createHistory(seconds, clock);
  /** The newest readings; those before a gap stay, for what they say of services and levels. */
  let latest: readonly GatewaySnapshot[] = [];
  let workers = 0;
  /** Seconds without an answer since the last one. */
  let missing = 0;
  let answeredMono: number | undefined;

  /** The whole second that a reading at `at` ends; those before it without a reading are gaps. */
  function secondOf(at: number): number {
    const { timeline } = history;
    const newest = timeline.nth(timeline.count - 1)?.at;
    const second = grid.place(at, newest, timeline.length * SECOND_MS);
    if (second === undefined) {
      history = createHistory(seconds, clock);
      missing = LONGEST_SPAN;
      return secondOf(at);
    }
    for (let gap = (newest ?? second) + SECOND_MS; gap < second; gap += SECOND_MS) {
      push(gapFrame(gap));
      missing++;
    }
    return second;
  }

  function scope(service: string, route?: string): Scope {
    const has = hasOf(service);
    if (route !== undefined) return routeScope(history.ids.find(service, route) ?? -1, has);
    return serviceScope(service === ALL ? (has === isAnything ? 'every' : 'real') : `=${service}`, has, history.ids);
  }

  /** The services behind a name: "all" leaves the sample out where there's a real one. */
  function hasOf(service: string): Scope['has'] {
    if (service !== ALL) return (name) => name === service;
    const real = latest.some(({ services }) => services.some(({ sample }) => !sample));
    return real ? (name) => !sampleServices.has(name) : isAnything;
  }

  /** Samples are made as steps come to their end, not 180 at a time when somebody looks. */
  function push(frame: Frame): void {
    history.push(frame);
    const scopes = [ALL, ...[...history.ids.services()].slice(0, READY_SERVICES)].map((name) => scope(name));
    for (const step of Object.values(STEPS)) {
      if (frame.at % (step * SECOND_MS) !== 0) continue;
      for (const each of scopes) history.samples.last(each, { step, count: 1 });
    }
  }

  function watchInstances(snapshots: readonly GatewaySnapshot[], at: number): void {
    const mono = clock.mono();
    roster.update(expected(), snapshots, mono);
    instances.update(snapshots, mono, at);
  }

  function watchHealth(growth: readonly RouteGrowth[], at: number): void {
    const mono = clock.mono();
    const lastMinute = history.timeline.ranges['1m'].current.services;
    health.update(growth, {
      at,
      mono,
      silentMs: answeredMono === undefined ? undefined : mono - answeredMono,
      missing: roster.missing() ?? degradedLevel(latest),
      services: serviceStates(latest),
      lastMinute: (service) => {
        const sums = lastMinute.get(service);
        return sums === undefined ? 0 : requestsIn(sums.fields);
      },
      inAll: hasOf(ALL),
    });
  }

  function add(snapshots: readonly GatewaySnapshot[], at: number): void {
    if (snapshots.length === 0) {
      gap(at);
      return;
    }
    const second = secondOf(at);
    const { ids, timeline } = history;
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
    push(packFrame(second, answeredMono === undefined || missing >= LONGEST_SPAN ? 1 : span, rows, evicted));
    missing = 0;
    answeredMono = clock.mono();
    watchHealth(routes, at);
  }

  function gap(at: number): void {
    push(gapFrame(secondOf(at)));
    missing++;
    workers = 0;
    watchInstances([], at);
    watchHealth([], at);
  }

  /** The sums of a scope over a range and over the range before it. */
  function sumsOf(range: Range, { has, only }: Scope): readonly [current: Sums, previous: Sums] {
    const { timeline, ids, followed } = history;
    if (only !== undefined && !ids.has(only)) return [emptySums(), emptySums()];
    if (only !== undefined) {
      const { current, previous } = followed.of(only, range);
      return [current, previous];
    }
    const { current, previous } = timeline.ranges[range];
    const names = [...ids.services()].filter(has);
    return [sumServices(current, names), sumServices(previous, names)];
  }

  /** What holds now, whatever time is looked at. */
  function present(service: string) {
    return {
      services: serviceStates(latest),
      health: health.of(service) ?? { state: 'unknown' as const, why: 'No such service is served', since: openedAt },
      instances: instances.states(),
      gateway: gatewayState(latest, gatewayUrl(), workers),
    };
  }

  /** @param samples at least one */
  function tickOf(service: string, route: string | undefined, range: Range, samples: readonly Sample[]): SeriesTick {
    const { current, previous } = history.timeline.ranges[range];
    const looked = scope(service, route);
    const [sums, before] = sumsOf(range, looked);
    const sample = samples.at(-1) as Sample;
    return {
      service,
      route: route ?? null,
      range,
      from: sample.at - RANGES[range] * SECOND_MS,
      to: sample.at,
      step: STEPS[range],
      sample,
      summary: summarize(sums, current.seconds),
      previous: summarize(before, previous.seconds),
      routes: routeTable(history.ids.all(), current, looked, latest),
      levels: levelStates(latest, current.evictions, current.seconds, sums.fields),
      ...present(service),
    };
  }

  /** The newest steps; one about which nothing is known where nothing ever came. */
  function newest(service: string, route: string | undefined, range: Range, count: number): Sample[] {
    const samples = history.samples.last(scope(service, route), { step: STEPS[range], count });
    return samples.length > 0 ? samples : [emptySample.take(Math.round(openedAt / SECOND_MS) * SECOND_MS)];
  }

  return {
    add,
    gap,
    prepare: (service, range, route) => history.prepare(scope(service, route), range),
    tick: (service, range, route) => tickOf(service, route, range, newest(service, route, range, 1)),
    overview(service, range, route) {
      const samples = newest(service, route, range, stepsOf(range).count);
      const tick = tickOf(service, route, range, samples);
      return { ...tick, samples: history.timeline.count === 0 ? [] : samples };
    },
    async window(service, from, to, route) {
      const span = windowSpan(from, to);
      const looked = scope(service, route);
      // Routes that come or go while it's added up are no part of it.
      const known = [...history.ids.all()].filter(({ id, service: name }) =>
        looked.only === undefined ? looked.has(name) : id === looked.only,
      );
      const services = new Map(known.map(({ id, service: name }) => [id, name]));
      const added = await sumWindow(history.timeline, span, services, clock);
      const { current, sums, previous, previousSeconds, samples } = added;
      return {
        service,
        route: route ?? null,
        range: null,
        ...span,
        sample: samples.at(-1) as Sample,
        summary: summarize(sums, current.seconds),
        previous: summarize(previous, previousSeconds),
        routes: routeTable(history.ids.all(), current, looked, latest),
        levels: levelStates(latest, current.evictions, current.seconds, sums.fields),
        ...present(service),
        samples: [...samples],
      };
    },
    startAnew: () => void (history = createHistory(seconds, clock)),
    serves: (name, route) => isServed(latest, name, route),
    instances: () => instances.states(),
  };
}
