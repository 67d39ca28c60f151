import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectDefaultMetrics, Registry, type Metric, type RegistryContentType } from 'prom-client';
import type { GatewaySnapshot } from '../contracts/control.ts';
import { createDurationBuckets } from './duration-buckets.ts';
import { family, nameOf, rendered, type Family } from './family.ts';
import { gaugeFamilies } from './gauges.ts';
import { createLedger } from './ledger.ts';
import { routeCounters, routeFamilies } from './route-counters.ts';

/** Gauges of prom-client that end in "_total", which promtool refuses; nodejs_active_* by type say the same. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

/** Scrapes take less than this; a clock that stepped back further isn't an overlap. */
const OVERLAP_MS = 10_000;

interface Named {
  readonly snapshot: GatewaySnapshot;
  readonly routes: readonly (readonly [service: string, route: string])[];
  readonly levels: readonly string[];
  readonly groupClears: readonly string[];
  readonly refused: readonly string[];
}

export interface ExpositionOptions {
  /** Readings of all workers that answer, at the scrape. */
  readonly snapshots: () => Promise<readonly GatewaySnapshot[]>;
  /** Whether process and runtime metrics of this process are part of it (the default). */
  readonly process?: boolean;
  /** Pitwall's version, for pitwall_build_info. */
  readonly version?: string;
}

/** What `GET /metrics` answers. */
export interface Exposition {
  /** The content type of `text(accept)`: Prometheus text, or OpenMetrics where the request's Accept header prefers it. */
  contentType(accept?: string): RegistryContentType;
  /** The metrics now. */
  text(accept?: string): Promise<string>;
}

/**
 * Metrics of gateways and process, read when they are scraped. The registry is our own.
 * Counters never fall while this object lives, whatever the workers do. Rejects as `snapshots` does.
 */
export function createExposition(options: ExpositionOptions): Exposition {
  const own = new Registry();
  if (options.process !== false) {
    collectDefaultMetrics({ register: own });
    for (const name of MISNAMED) own.removeSingleMetric(name);
  }
  const ledger = createLedger();
  const durations = createDurationBuckets();
  /** What each worker last named: a route that it no longer serves is no longer shown. */
  const named = new Map<string, Named>();
  let sharedEvictions = 0;

  function read(snapshot: GatewaySnapshot): void {
    const worker = `${snapshot.instance}/${snapshot.worker}`;
    const last = named.get(worker);
    if (last !== undefined && overtaken(snapshot, last.snapshot)) return;
    const routes: [string, string][] = [];
    for (const { service, routes: inService } of snapshot.services) {
      for (const route of inService) {
        ledger.read(routeKey(service, route.route), worker, snapshot.startedAt, routeCounters(route, durations));
        routes.push([service, route.route]);
      }
    }
    for (const { level, kind, evictions, dropped, unreadable } of snapshot.levels) {
      ledger.read(droppedKey(level), worker, snapshot.startedAt, Float64Array.of(dropped));
      if (unreadable !== undefined)
        ledger.read(unreadableKey(level), worker, snapshot.startedAt, Float64Array.of(unreadable));
      if (kind === 'memory') ledger.read(levelKey(level), worker, snapshot.startedAt, Float64Array.of(evictions));
    }
    ledger.read(FOLDED, worker, snapshot.startedAt, Float64Array.of(snapshot.clears.folded));
    const groupClears = Object.entries(snapshot.groupClears ?? {});
    for (const [service, count] of groupClears) {
      ledger.read(groupsKey(service), worker, snapshot.startedAt, Float64Array.of(count));
    }
    const refused = Object.entries(snapshot.refused);
    for (const [code, count] of refused) {
      ledger.read(refusalKey(code), worker, snapshot.startedAt, Float64Array.of(count));
    }
    named.set(worker, {
      snapshot,
      routes,
      levels: snapshot.levels.map(({ level }) => level),
      groupClears: groupClears.map(([service]) => service),
      refused: refused.map(([code]) => code),
    });
  }

  /**
   * L3 is one thing that the workers share, each with its own reading of it: the highest is the newest. A little less
   * than before is an older reading, far less a restart.
   */
  function readShared(snapshots: readonly GatewaySnapshot[]): void {
    const shared = snapshots.flatMap(({ levels }) => levels.filter(({ kind }) => kind !== 'memory'));
    if (shared.length === 0) return;
    const evictions = Math.max(...shared.map((level) => level.evictions));
    if (evictions < sharedEvictions && evictions > sharedEvictions / 2) return;
    sharedEvictions = evictions;
    ledger.read(levelKey('l3'), 'all', 0, Float64Array.of(evictions));
  }

  function counterFamilies(): Family[] {
    const families = routeFamilies();
    const evictions = family(
      'counter',
      'pitwall_level_evictions_total',
      'Entries that a cache level gave up for room.',
    );
    const dropped = family(
      'counter',
      'pitwall_level_dropped_total',
      "Entries that a level didn't take: full, slow or away.",
    );
    const unreadable = family(
      'counter',
      'pitwall_level_unreadable_total',
      "Encrypted entries of sensitive routes that didn't open: damaged or changed.",
    );
    const refusals = family('counter', 'pitwall_refused_total', 'Requests refused before a route was known, by error.');
    const folded = family(
      'counter',
      'pitwall_clears_folded_total',
      'Times that a worker found old clears folded into one of their whole service, as the clear log was full.',
    );
    const cleared = family(
      'counter',
      'pitwall_group_clears_total',
      "Clears that origins' answers asked for with Cache-Group-Invalidation.",
    );
    const done = new Set<string>();
    const once = (key: string, add: (sum: Float64Array) => void): void => {
      const sum = ledger.sum(key);
      if (sum === undefined || done.has(key)) return;
      done.add(key);
      add(sum);
    };
    for (const { routes, levels, groupClears, refused } of named.values()) {
      for (const [service, route] of routes) {
        once(routeKey(service, route), (sum) => families.add(service, route, sum));
      }
      for (const level of levels) {
        once(levelKey(level), (sum) => evictions.values.push({ labels: { level }, value: sum[0] as number }));
        once(droppedKey(level), (sum) => dropped.values.push({ labels: { level }, value: sum[0] as number }));
        once(unreadableKey(level), (sum) => unreadable.values.push({ labels: { level }, value: sum[0] as number }));
      }
      for (const service of groupClears) {
        once(groupsKey(service), (sum) => cleared.values.push({ labels: { service }, value: sum[0] as number }));
      }
      for (const code of refused) {
        once(refusalKey(code), (sum) => refusals.values.push({ labels: { code }, value: sum[0] as number }));
      }
    }
    once(FOLDED, (sum) => folded.values.push({ labels: {}, value: sum[0] as number }));
    return [...families.list, evictions, dropped, unreadable, refusals, folded, cleared];
  }

  function buildInfo(): Family {
    const info = family('gauge', 'pitwall_build_info', 'Always 1; its labels say what runs.');
    info.values.push({ labels: { version: options.version ?? 'unknown', node: process.version }, value: 1 });
    return info;
  }

  async function text(accept = ''): Promise<string> {
    const snapshots = await options.snapshots();
    for (const snapshot of snapshots) read(snapshot);
    readShared(snapshots);
    const openMetrics = prefersOpenMetrics(accept);
    const registry = new Registry<RegistryContentType>();
    registry.setContentType(contentTypeFor(accept));
    const turn = createTurns();
    const families = [...counterFamilies(), ...gaugeFamilies(snapshots), buildInfo()];
    for (const each of families) {
      if (each.values.length > 0) registry.registerMetric(rendered(each, openMetrics, turn));
    }
    for (const metric of defaultMetrics(own)) registry.registerMetric(rendered(metric, openMetrics, turn));
    return registry.metrics();
  }

  return { contentType: (accept = '') => contentTypeFor(accept), text };
}

/** One turn of the event loop per call, one after the other: a large scrape doesn't hold up the console. */
function createTurns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(() => nextTurn()));
}

function defaultMetrics(registry: Registry): Metric[] {
  return registry.getMetricsAsArray().flatMap((metric) => registry.getSingleMetric(nameOf(metric)) ?? []);
}

function contentTypeFor(accept: string): RegistryContentType {
  return prefersOpenMetrics(accept) ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
}

const routeKey = (service: string, route: string): string => JSON.stringify([service, route]);
const levelKey = (level: string): string => `level ${level}`;
const droppedKey = (level: string): string => `dropped ${level}`;
const unreadableKey = (level: string): string => `unreadable ${level}`;
const groupsKey = (service: string): string => `groups ${service}`;
const FOLDED = 'folded';
const refusalKey = (code: string): string => `refused ${code}`;

/** Two scrapes at once may see a worker's readings in the wrong order; an older one isn't a restart. */
function overtaken(snapshot: GatewaySnapshot, last: GatewaySnapshot): boolean {
  const behind = last.at - snapshot.at;
  return snapshot.startedAt === last.startedAt && behind > 0 && behind < OVERLAP_MS;
}

/** RFC 9110 section 12.5.1, as far as two formats need it: OpenMetrics where it's named and not liked less than text. */
function prefersOpenMetrics(accept: string): boolean {
  const weight = (type: string): number => {
    const range = accept.split(',').find((part) => part.trim().toLowerCase().startsWith(type));
    if (range === undefined) return 0;
    const q = /;\s*q=([\d.]+)/i.exec(range)?.[1];
    return q === undefined ? 1 : Number.parseFloat(q);
  };
  const openMetrics = weight('application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= weight('text/plain');
}
