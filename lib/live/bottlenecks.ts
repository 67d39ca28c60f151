import type { Bottleneck } from '../contracts/bottlenecks.ts';
import { MISS_REASON } from '../contracts/miss-reason.ts';
import type { OverviewTick } from '../contracts/overview.ts';

/** An event loop that is later than this in one of a hundred turns is felt by every request, ms. */
const LATE_LOOP_MS = 50;
/** Past this share of its time a worker has no room for a burst. */
const BUSY_SHARE = 0.8;
/** A level that takes longer than this in one of a hundred questions costs what it saves, ms. */
const SLOW_LEVEL_MS = 20;

type Source = Pick<OverviewTick, 'routes' | 'levels' | 'instances'>;

/**
 * What holds requests up: first workers and levels, which hold up everything, then routes by the time that they wait
 * for the origin.
 *
 * @param most routes at most
 */
export function findBottlenecks({ routes, levels, instances }: Source, most: number): Bottleneck[] {
  return [...instances.flatMap(ofWorker), ...levels.flatMap(ofLevel), ...ofRoutes(routes).slice(0, most)];
}

function ofWorker(worker: Source['instances'][number]): Bottleneck[] {
  const { state, instance, eventLoopP99Ms, utilisation } = worker;
  const late = eventLoopP99Ms > LATE_LOOP_MS;
  if (state !== 'ok' || (!late && utilisation <= BUSY_SHARE)) return [];
  return [
    {
      kind: 'worker',
      instance,
      worker: worker.worker,
      eventLoopP99Ms,
      utilisation,
      why: late
        ? `Its event loop is ${Math.round(eventLoopP99Ms)} ms late in one of a hundred turns.`
        : `Its event loop is busy ${Math.round(utilisation * 100)} % of the time.`,
      remedy: 'Run more workers (PITWALL_WORKERS) or more instances, up to the machine’s cores.',
    },
  ];
}

function ofLevel({ level, state, kind, why, latency }: Source['levels'][number]): Bottleneck[] {
  const p99Ms = latency?.p99 ?? null;
  const slow = p99Ms !== null && p99Ms > SLOW_LEVEL_MS;
  if (state !== 'degraded' && !slow) return [];
  return [
    {
      kind: 'level',
      level,
      state,
      p99Ms,
      why:
        state === 'degraded' && why !== null
          ? why
          : `One of a hundred questions to it takes ${Math.round(p99Ms ?? 0)} ms or longer.`,
      remedy: LEVEL_REMEDY[kind],
    },
  ];
}

const LEVEL_REMEDY = {
  memory: null,
  disk: 'Look at the disk of PITWALL_DATA_DIR: its space, its load, or a faster one.',
  redis: 'Look at Redis: its memory, its slow log, and the way to it.',
} as const;

function ofRoutes(routes: Source['routes']): Bottleneck[] {
  const all = routes.reduce((sum, { originSecondsPerMinute }) => sum + originSecondsPerMinute, 0);
  return routes
    .filter(({ originSecondsPerMinute }) => originSecondsPerMinute > 0)
    .sort((a, b) => b.originSecondsPerMinute - a.originSecondsPerMinute)
    .map((row) => {
      const { service, route, originSecondsPerMinute, originCallsPerSecond, p95MissMs, hitRatio } = row;
      const { because, remedy } = row.topMissReason === null ? REFRESHED : MISS_REASON[row.topMissReason];
      return {
        kind: 'route' as const,
        service,
        route,
        originSecondsPerMinute,
        share: originSecondsPerMinute / all,
        originCallsPerSecond,
        p95MissMs,
        hitRatio,
        reason: row.topMissReason,
        why: because,
        remedy,
      };
    });
}

const REFRESHED = {
  because: 'Every request was answered from the store; the origin is asked to refresh it.',
  remedy: null,
};
