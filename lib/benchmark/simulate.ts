import type { Entry, EntryParts } from '../cache/entry.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import type { requestKey as RequestKey } from '../dedup/request-key.ts';
import type { parseTarget as ParseTarget } from '../dedup/request-target.ts';
import type { isFresh as IsFresh } from '../http-cache/freshness.ts';
import type { judge as Judge } from '../http-cache/storable.ts';
import { manualClock, type Clock } from '../kernel/clock.ts';
import type { AccessLine } from './access-log.ts';
import { createScript, type ScriptedRequest } from './script.ts';
import { createCacheRun, type SimulatedCache } from './simulated-cache.ts';
import { createSimulatedOrigin, type SimulatedAnswer, type SimulatedRequest } from './simulated-entry.ts';

/** The real cache's parts; the simulation only drives them. */
export interface CacheParts {
  readonly createMemoryLevel: (options: { budgetBytes: number; clock: Clock }) => MemoryLevel;
  readonly makeEntry: (parts: EntryParts) => Entry;
  readonly judge: typeof Judge;
  readonly isFresh: typeof IsFresh;
  readonly requestKey: typeof RequestKey;
  readonly parseTarget: typeof ParseTarget;
}

export interface SimulationSettings {
  /** Assumed freshness, ms: logs carry no headers. */
  readonly ttlMs: number;
  /** Bytes as the gateway's setting `memory` has them: one cache each, all fed with the same requests. */
  readonly budgets: readonly number[];
  /** Share of that which L1 may take; L2 has the rest. */
  readonly hotShare: number;
  /** L1's residency, ms. */
  readonly residencyMs: number;
  /** Largest body that is stored, bytes. */
  readonly maxEntry: number;
  readonly maxUrlLength: number;
}

export interface Simulation {
  readonly requests: number;
  /** Requests with a URL that the gateway refuses. */
  readonly refused: number;
  /** Lines older than one before them even so; taken as made at that later time. */
  readonly late: number;
  /** Wall ms of the first line; undefined for an empty log. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly caches: readonly SimulatedCache[];
}

const HOST = 'simulated';

/**
 * Runs the real levels and the real judgement over a log, on a clock that follows the log's own times;
 * origins answer at once, so nothing coalesces. Answers "what hit ratio would I get".
 * @param batches lines by their time
 */
export async function simulate(
  batches: AsyncIterable<readonly AccessLine[]>,
  settings: SimulationSettings,
  parts: CacheParts,
): Promise<Simulation> {
  const { ttlMs, maxEntry, maxUrlLength, residencyMs, budgets, hotShare } = settings;
  const { judge, makeEntry, isFresh, createMemoryLevel } = parts;
  const clock = manualClock();
  const script = createScript();
  const askOrigin = createSimulatedOrigin({ clock, ttlMs, maxEntry, judge, makeEntry });
  const caches = budgets.map((memoryBytes) => {
    const level = createMemoryLevel({ budgetBytes: memoryBytes - Math.floor(memoryBytes * hotShare), clock });
    return createCacheRun({ memoryBytes, level, isFresh, residencyMs });
  });
  let requests = 0;
  let refused = 0;
  let late = 0;
  let firstAt: number | undefined;

  /** undefined for a URL that the gateway refuses. */
  function prepare({ at, method, path, firstBytes, status, size }: ScriptedRequest): SimulatedRequest | undefined {
    try {
      const target = parts.parseTarget(path, maxUrlLength);
      const key = parts.requestKey({ method: 'GET', scheme: 'http', host: HOST, ...target });
      return { at, method, path: target.path + target.query, firstBytes, status, size, key };
    } catch {
      return undefined;
    }
  }

  for await (const lines of batches) {
    for (const line of lines) {
      requests += 1;
      if (firstAt === undefined) {
        firstAt = line.at;
        clock.stepWall(line.at);
      }
      if (line.at < clock.wall()) late += 1;
      else clock.advance(line.at - clock.wall());
      const request = prepare(script(line));
      if (request === undefined) {
        refused += 1;
        continue;
      }
      // All caches that miss get the same answer.
      let answer: SimulatedAnswer | undefined;
      const now = clock.mono();
      for (const cache of caches) cache.ask(request, now, () => (answer ??= askOrigin(request)));
    }
  }
  const lastAt = firstAt === undefined ? undefined : clock.wall();
  return { requests, refused, late, firstAt, lastAt, caches: caches.map((cache) => cache.result()) };
}
