import type { ClearLog } from '../cache/clear-log.ts';
import { isSameVariant, type Entry } from '../cache/entry.ts';
import type { Accepts, Level, MaybePromise, StoredFor } from '../cache/level.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import type { LevelSnapshot } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { PendingStore, Storing } from './storing.ts';

/** How long L2's copy is used before L3 is asked again, ms. */
export const L2_RESIDENCY_MS = 300_000;
/** How long after it was confirmed an entry of L3 is used without a revalidation in the background, ms. */
export const L3_RESIDENCY_MS = 3_600_000;

/** What L3 is made of. */
export interface Persistent {
  readonly kind: 'disk' | 'redis';
  readonly level: Level;
  /** Whether others write into it too, so that what L2 holds may be older than what it has. */
  readonly shared: boolean;
  /** How it does; `why` is a sentence for people. */
  health(): Pick<LevelSnapshot, 'state' | 'why' | 'dropped' | 'unreadable'>;
}

/** L3 as the pipeline uses it: what it gives has passed the clear log and lies in L2. */
export interface ThirdLevel {
  readonly shared: boolean;
  /** The stored variants, at best one that `accepts`; empty when there's none, when it's late, or can't be asked. */
  load(key: string, accepts: Accepts): Promise<readonly Entry[]>;
  /** A look at what `load` would find, cleared or not, that moves nothing; undefined: it can't be asked. */
  peek(key: string, accepts: Accepts): Promise<readonly Entry[] | undefined>;
  /** Whether it will be there for others. Never rejects. */
  write(entry: Entry, fence?: number): Promise<boolean>;
  remove(what: Entry | StoredFor): void;
  snapshot(): LevelSnapshot;
}

export interface ThirdLevelDeps {
  readonly clock: Clock;
  readonly l2: MemoryLevel;
  readonly clearLog: ClearLog;
  readonly storing: Storing;
  /** False while clears may be missing: then L3 isn't read (docs/decisions/0010-clear-log.md). */
  trusted(): boolean;
}

const NOTHING: readonly Entry[] = [];

export function createThirdLevel({ kind, level, shared, health }: Persistent, deps: ThirdLevelDeps): ThirdLevel {
  const { clock, l2, clearLog, storing } = deps;
  const latency = new Histogram();
  const loading = new Map<string, Promise<readonly Entry[]>>();

  /** Asks the level once, and puts what it has into L2. */
  async function fetch(key: string, accepts: Accepts): Promise<readonly Entry[]> {
    const start = clock.mono();
    const pending = storing.enter(key);
    try {
      const read = (await level.read(key, accepts)) ?? NOTHING;
      latency.record(clock.mono() - start);
      return admit(read, pending);
    } catch {
      return NOTHING;
    } finally {
      storing.leave(pending);
    }
  }

  function admit(read: readonly Entry[], pending: PendingStore): readonly Entry[] {
    if (pending.overtaken || !deps.trusted()) return NOTHING;
    const usable: Entry[] = [];
    for (const entry of read.toReversed()) {
      if (clearLog.verdict(entry) === 'hard') remove(entry);
      else usable.unshift(promote(entry));
    }
    return usable;
  }

  /** What L2 has may be newer: L3 is written behind it. */
  function promote(entry: Entry): Entry {
    const held = l2.read(entry.key)?.find((other) => isSameVariant(other, entry));
    if (held !== undefined && held.storedAt >= entry.storedAt) return held;
    entry.residentUntil = Math.floor(clock.mono()) + L2_RESIDENCY_MS;
    l2.write(entry);
    return entry;
  }

  function remove(what: Entry | StoredFor): void {
    settle(level.remove(what));
  }

  return {
    shared,
    async load(key, accepts) {
      if (!deps.trusted()) return NOTHING;
      const under = loading.get(key);
      if (under !== undefined) {
        const found = await under;
        // What another request could use needn't be all there is.
        if (found.length === 0 || found.some((entry) => accepts(entry.vary, entry.varyValues))) return found;
        return fetch(key, accepts);
      }
      const load = fetch(key, accepts);
      loading.set(key, load);
      const found = await load;
      loading.delete(key);
      return found;
    },
    async peek(key, accepts) {
      if (!deps.trusted()) return undefined;
      try {
        return (await level.read(key, accepts, true)) ?? NOTHING;
      } catch {
        return undefined;
      }
    },
    async write(entry, fence) {
      try {
        return await level.write(entry, fence);
      } catch {
        return false;
      }
    },
    remove,
    snapshot: () => ({ level: 'l3', kind, ...level.stats(), ...health(), latency: latency.sparse() }),
  };
}

/** What can't be removed now is found out by the clear log, or when it's read. */
function settle(removed: MaybePromise<boolean>): void {
  if (typeof removed !== 'boolean') removed.catch(() => undefined);
}
