import type { Entry } from '../cache/entry.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import type { requestKey as RequestKey } from '../dedup/request-key.ts';
import type { parseTarget as ParseTarget } from '../dedup/request-target.ts';
import type { isFresh as IsFresh } from '../http-cache/freshness.ts';
import type { judge as Judge } from '../http-cache/storable.ts';
import { manualClock } from '../kernel/clock.ts';
import type { AccessLine } from './access-log.ts';
import { replayHeaders } from './replay-origin.ts';
import { createScript, type ScriptedRequest } from './script.ts';

/** The real cache's parts; the simulation only drives them. */
export interface CacheParts {
  readonly createMemoryLevel: (options: { budgetBytes: number }) => MemoryLevel;
  readonly entryBytes: (entry: Omit<Entry, 'bytes'>) => number;
  readonly judge: typeof Judge;
  readonly isFresh: typeof IsFresh;
  readonly requestKey: typeof RequestKey;
  readonly parseTarget: typeof ParseTarget;
}

export interface SimulationSettings {
  /** Assumed freshness, ms: logs carry no headers. */
  readonly ttlMs: number;
  /** One cache each, all fed with the same requests. */
  readonly budgets: readonly number[];
  /** L1's residency, ms. */
  readonly residencyMs: number;
  /** Largest body that is stored, bytes. */
  readonly maxEntry: number;
  readonly maxUrlLength: number;
}

/** What one budget would have given. l1 + l2 + origin + refused = requests. */
export interface SimulatedCache {
  readonly budgetBytes: number;
  readonly l1: number;
  readonly l2: number;
  /** Requests that would have reached the origin. */
  readonly origin: number;
  /** Of those, answered by a 304: stored, but no longer fresh. */
  readonly revalidated: number;
  /** (l1 + l2) ÷ requests; null without requests. */
  readonly hitRatio: number | null;
  readonly bytesSaved: number;
  /** At the end. */
  readonly entries: number;
  readonly bytes: number;
  readonly evictions: number;
}

export interface Simulation {
  readonly requests: number;
  /** Requests with a URL that the gateway refuses. */
  readonly refused: number;
  /** Lines older than one before them even so; taken as made at that later time. */
  readonly late: number;
  readonly bytesServed: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly caches: readonly SimulatedCache[];
}

/** Until when L1 answers without asking L2, hung on the entry as the gateway does; monotonic ms. */
interface SimulatedEntry extends Entry {
  hotUntil: number;
}

/** One request, prepared once for all budgets. */
interface Prepared extends ScriptedRequest {
  readonly key: string;
  readonly bytes: number;
}

const HOST = 'simulated';
/** All bodies are windows on this one: the accounting sees their length, memory doesn't. */
const MAX_BODY = 67_108_864;
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Runs the real levels and the real judgement over a log, on a clock that follows the log's own times;
 * origins answer at once, so nothing coalesces. Answers "what hit ratio would I get".
 */
export async function simulate(
  batches: AsyncIterable<readonly AccessLine[]>,
  settings: SimulationSettings,
  parts: CacheParts,
): Promise<Simulation> {
  const script = createScript();
  const clock = manualClock();
  const body = Buffer.allocUnsafeSlow(Math.min(settings.maxEntry, MAX_BODY));
  const policy = { ttl: settings.ttlMs, staleWhileRevalidate: 0, staleIfError: 0, ignore: [] };
  const totals = { requests: 0, refused: 0, late: 0, bytesServed: 0 };
  let firstAt: number | undefined;

  function enter(request: Prepared, headers: string[]): SimulatedEntry | undefined {
    const now = clock.mono();
    const times = { requestedAt: now, receivedAt: now, wall: clock.wall() };
    const asks = { method: request.method, authorization: false, cookie: false, requestNoStore: false };
    const judged = parts.judge({ ...asks, ...times, status: request.status, headers, policy });
    if (!judged.store || request.firstBytes !== undefined || request.size > body.length) return undefined;
    const freshUntil = now + judged.lifetime - judged.initialAge;
    const entry: Omit<Entry, 'bytes'> = {
      key: request.key,
      vary: judged.vary,
      varyValues: [],
      status: request.status,
      statusMessage: '',
      headers: [...headers, 'Content-Length', String(request.size)],
      body: body.subarray(0, request.size),
      tags: [],
      clearNumber: 0,
      storedAt: now,
      initialAge: judged.initialAge,
      freshUntil,
      staleWhileRevalidateUntil: freshUntil + judged.staleWhileRevalidate,
      staleIfErrorUntil: freshUntil + judged.staleIfError,
      mustRevalidate: judged.mustRevalidate,
      forAuthorization: judged.forAuthorization,
      forCookie: judged.forCookie,
      etag: judged.etag,
      lastModified: judged.lastModified,
    };
    return { ...entry, bytes: parts.entryBytes(entry), hotUntil: 0 };
  }

  function createCache(budgetBytes: number) {
    const level = parts.createMemoryLevel({ budgetBytes });
    const count = { l1: 0, l2: 0, origin: 0, revalidated: 0, bytesSaved: 0 };

    function ask(request: Prepared): void {
      const now = clock.mono();
      const { key, method } = request;
      const entry = level.read(key)?.[0] as SimulatedEntry | undefined;
      if (entry !== undefined && (method === 'GET' || method === 'HEAD') && parts.isFresh(entry, now)) {
        if (method === 'GET' && request.firstBytes === undefined && now < entry.hotUntil) {
          count.l1 += 1;
        } else {
          count.l2 += 1;
          entry.hotUntil = Math.min(now + settings.residencyMs, entry.freshUntil);
        }
        count.bytesSaved += request.bytes;
        return;
      }
      count.origin += 1;
      if (entry !== undefined && !SAFE.has(method) && request.status < 400) level.remove(entry);
      const headers = replayHeaders(request.path, request.status, request.size);
      if (entry !== undefined && method === 'GET' && request.status === 200 && entry.etag === headers[3]) {
        count.revalidated += 1;
      }
      const stored = enter(request, headers);
      if (stored !== undefined) level.write(stored);
    }

    function result(): SimulatedCache {
      const hits = count.l1 + count.l2;
      const { entries, bytes, evictions } = level.stats();
      const hitRatio = totals.requests === 0 ? null : hits / totals.requests;
      return { budgetBytes, ...count, hitRatio, entries, bytes, evictions };
    }
    return { ask, result };
  }

  const caches = settings.budgets.map(createCache);
  for await (const lines of batches) {
    for (const line of lines) {
      totals.requests += 1;
      if (firstAt === undefined) {
        firstAt = line.at;
        clock.stepWall(line.at);
      }
      if (line.at < clock.wall()) totals.late += 1;
      else clock.advance(line.at - clock.wall());
      const request = prepare(script(line));
      if (request === undefined) {
        totals.refused += 1;
        continue;
      }
      totals.bytesServed += request.bytes;
      for (const cache of caches) cache.ask(request);
    }
  }
  const lastAt = firstAt === undefined ? undefined : clock.wall();
  return { ...totals, firstAt, lastAt, caches: caches.map((cache) => cache.result()) };

  /** undefined for a URL that the gateway refuses. */
  function prepare(request: ScriptedRequest): Prepared | undefined {
    try {
      const { path, query } = parts.parseTarget(request.path, settings.maxUrlLength);
      const key = parts.requestKey({ method: 'GET', scheme: 'http', host: HOST, path, query });
      const bytes = request.method === 'HEAD' ? 0 : (request.firstBytes ?? request.size);
      return { ...request, path: path + query, key, bytes };
    } catch {
      return undefined;
    }
  }
}
