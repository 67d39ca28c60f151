import type { GatewaySnapshot, RouteSnapshot } from '../contracts/control.ts';
import { difference, merge, type Sparse } from '../kernel/sparse-histogram.ts';
import { FIELDS, readFields } from './field.ts';
import { heldLevels } from './held-levels.ts';

/** What a route counted between two readings, over all workers. */
export interface RouteGrowth {
  readonly service: string;
  readonly route: string;
  readonly fields: Float64Array;
  readonly hit: Sparse;
  readonly miss: Sparse;
}

export interface Growth {
  readonly routes: readonly RouteGrowth[];
  /** Evictions by level's name. */
  readonly evictions: ReadonlyMap<string, number>;
}

/** Turns counters that only grow into what each reading adds; a worker that restarted adds all that it has. */
export interface GrowthMeter {
  measure(snapshots: readonly GatewaySnapshot[]): Growth;
}

interface Reading {
  readonly fields: Float64Array;
  readonly hit: Sparse;
  readonly miss: Sparse;
}

interface Life {
  readonly startedAt: number;
  readonly routes: ReadonlyMap<string, Reading>;
  readonly evictions: ReadonlyMap<string, number>;
}

/** @param openedAt wall ms; the first reading of a worker that's older says nothing about now */
export function createGrowthMeter(openedAt: number): GrowthMeter {
  const lives = new Map<string, Life>();

  return {
    measure(snapshots) {
      const parts = new Map<string, RouteGrowth[]>();
      const evictions = new Map<string, number>();
      const counted = new Map<GatewaySnapshot, Set<string>>(snapshots.map((snapshot) => [snapshot, new Set()]));
      for (const { snapshot, level } of heldLevels(snapshots)) counted.get(snapshot)?.add(level.level);
      for (const snapshot of snapshots) {
        const worker = `${snapshot.instance}/${snapshot.worker}`;
        const last = lives.get(worker);
        const now = readLife(snapshot);
        lives.set(worker, now);
        if (last === undefined && snapshot.startedAt < openedAt - JUST_STARTED_MS) continue;
        const before = last?.startedAt === now.startedAt ? last : undefined;
        for (const { service, routes } of snapshot.services) {
          for (const { route } of routes) {
            const key = routeKey(service, route);
            const grown = growth(now.routes.get(key) as Reading, before?.routes.get(key));
            const list = parts.get(key) ?? [];
            list.push({ service, route, ...grown });
            parts.set(key, list);
          }
        }
        for (const [level, count] of now.evictions) {
          if (!counted.get(snapshot)?.has(level)) continue;
          const earlier = before?.evictions.get(level) ?? 0;
          evictions.set(level, (evictions.get(level) ?? 0) + (count < earlier ? count : count - earlier));
        }
      }
      return { routes: [...parts.values()].map(sum), evictions };
    },
  };
}

/** Gateway and console start together; a worker that came up this much before still counts from its start. */
const JUST_STARTED_MS = 5_000;

/** Names a route across services. */
export function routeKey(service: string, route: string): string {
  return `${service}\n${route}`;
}

function readLife({ startedAt, services, levels }: GatewaySnapshot): Life {
  const routes = new Map<string, Reading>();
  for (const { service, routes: inService } of services) {
    for (const route of inService) routes.set(routeKey(service, route.route), read(route));
  }
  return { startedAt, routes, evictions: new Map(levels.map(({ level, evictions }) => [level, evictions])) };
}

function read(route: RouteSnapshot): Reading {
  return { fields: readFields(route), hit: route.hitLatency, miss: route.missLatency };
}

function growth(now: Reading, before: Reading | undefined): Reading {
  if (before === undefined || now.fields.some((value, i) => value < (before.fields[i] as number))) return now;
  return {
    fields: now.fields.map((value, i) => value - (before.fields[i] as number)),
    hit: difference(now.hit, before.hit),
    miss: difference(now.miss, before.miss),
  };
}

function sum(parts: readonly RouteGrowth[]): RouteGrowth {
  const [first] = parts as [RouteGrowth];
  if (parts.length === 1) return first;
  const fields = new Float64Array(FIELDS);
  for (const part of parts) part.fields.forEach((value, i) => (fields[i] = (fields[i] as number) + value));
  return { ...first, fields, hit: merge(parts.map(({ hit }) => hit)), miss: merge(parts.map(({ miss }) => miss)) };
}
