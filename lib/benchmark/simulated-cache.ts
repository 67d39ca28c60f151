import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import type { isFresh as IsFresh } from '../http-cache/freshness.ts';
import type { SimulatedAnswer, SimulatedEntry, SimulatedRequest } from './simulated-entry.ts';

/** What one budget would have given. l1 + l2 + origin, and what was refused for all, are the requests. */
export interface SimulatedCache {
  /** As the gateway's setting `memory`. */
  readonly memoryBytes: number;
  /** Of it, L2's part. */
  readonly budgetBytes: number;
  readonly l1: number;
  readonly l2: number;
  /** Requests that would have reached the origin. */
  readonly origin: number;
  /** Of those, answered by a 304: stored, but no longer fresh. */
  readonly revalidated: number;
  /** Body bytes of all answers; what is stored may have another size than the log's line. */
  readonly bytesServed: number;
  readonly bytesSaved: number;
  /** At the end. */
  readonly entries: number;
  readonly bytes: number;
  readonly evictions: number;
}

/** One cache with its counts. */
export interface CacheRun {
  /** @param answer makes the origin's answer; called only where the cache has none */
  ask(request: SimulatedRequest, now: number, answer: () => SimulatedAnswer): void;
  result(): SimulatedCache;
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** L1 over a real level: an entry that L2 has just given answers from L1 for `residencyMs`. */
export function createCacheRun(deps: {
  readonly memoryBytes: number;
  readonly level: MemoryLevel;
  readonly isFresh: typeof IsFresh;
  readonly residencyMs: number;
}): CacheRun {
  const { level, memoryBytes, isFresh, residencyMs } = deps;
  const count = { l1: 0, l2: 0, origin: 0, revalidated: 0, bytesServed: 0, bytesSaved: 0 };

  return {
    ask(request, now, answer) {
      const { method } = request;
      const entry = level.read(request.key)?.[0] as SimulatedEntry | undefined;
      if (
        entry !== undefined &&
        (method === 'GET' || method === 'HEAD') &&
        isFresh(entry, now) &&
        holds(entry, request)
      ) {
        if (method === 'GET' && request.firstBytes === undefined && now < entry.hotUntil) {
          count.l1 += 1;
        } else {
          count.l2 += 1;
          entry.hotUntil = Math.min(now + residencyMs, entry.freshUntil);
        }
        const bytes = bytesOf(request, entry.partial?.length ?? entry.body.length);
        count.bytesServed += bytes;
        count.bytesSaved += bytes;
        return;
      }
      count.origin += 1;
      count.bytesServed += bytesOf(request, request.size);
      // An unsafe method that succeeds clears what is stored (RFC 9111 section 4.4).
      if (entry !== undefined && !SAFE.has(method) && request.status < 400) level.remove(entry);
      const fresh = answer();
      if (entry !== undefined && method === 'GET' && request.status === 200 && entry.etag === fresh.etag) {
        count.revalidated += 1;
      }
      // A part never takes the place of a whole.
      const keeps = fresh.entry?.partial !== undefined && entry !== undefined && entry.partial === undefined;
      if (fresh.entry !== undefined && !keeps) {
        const stored: SimulatedEntry = { ...fresh.entry, hotUntil: 0 };
        level.write(stored);
      }
    },
    result() {
      const { entries, bytes, budgetBytes, evictions } = level.stats();
      return { memoryBytes, budgetBytes, ...count, entries, bytes, evictions };
    },
  };
}

/** Whether an entry has what is asked for: of parts, which a log has from the start alone, no more than that. */
function holds({ partial, body }: SimulatedEntry, { method, firstBytes }: SimulatedRequest): boolean {
  return partial === undefined || (method === 'GET' && firstBytes !== undefined && firstBytes <= body.length);
}

/** Body bytes of the answer to `request` from a whole body of `size`. */
function bytesOf({ method, firstBytes }: SimulatedRequest, size: number): number {
  return method === 'HEAD' ? 0 : Math.min(size, firstBytes ?? size);
}
