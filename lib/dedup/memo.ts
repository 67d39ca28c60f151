import type { Clock } from '../kernel/clock.ts';
import { createRecency, type RecencyNode } from './recency.ts';

/** Get-or-set in this process: one load for any number of callers, the value at once on a hit. */
export interface Memo<T> {
  /**
   * The value itself on a hit, otherwise a promise of it. A failed load rejects for all who waited and isn't kept.
   * @param ttlMs lifetime from the end of the load, ms; 0 keeps nothing
   */
  getOrSet(key: string, load: () => Promise<T>, ttlMs?: number): T | Promise<T>;
  /** Forgets one key, or all. Loads under way still answer those who wait, but aren't kept. */
  clear(key?: string): void;
  /** Values held, expired ones included until they're asked for or make room. */
  readonly size: number;
}

export interface MemoOptions {
  /** Lifetime where the call gives none, ms. */
  readonly ttlMs: number;
  /** Most values held; the least recently used makes room. */
  readonly maxEntries: number;
  readonly clock: Clock;
}

interface Held<T> extends RecencyNode {
  readonly key: string;
  readonly value: T;
  /** Monotonic ms. */
  readonly until: number;
}

export function createMemo<T>({ ttlMs, maxEntries, clock }: MemoOptions): Memo<T> {
  const held = new Map<string, Held<T>>();
  const loading = new Map<string, Promise<T>>();
  const recency = createRecency<Held<T>>();

  function forget(entry: Held<T>): void {
    held.delete(entry.key);
    recency.remove(entry);
  }

  function keep(key: string, value: T, ttl: number): void {
    if (ttl <= 0 || maxEntries < 1) return;
    const entry: Held<T> = { key, value, until: clock.mono() + ttl, newer: undefined, older: undefined };
    held.set(key, entry);
    recency.add(entry);
    const oldest = held.size > maxEntries ? recency.oldest() : undefined;
    if (oldest !== undefined) forget(oldest);
  }

  async function settle(key: string, loaded: Promise<T>, ttl: number, isMine: () => boolean): Promise<T> {
    try {
      const value = await loaded;
      if (isMine()) keep(key, value, ttl);
      return value;
    } finally {
      // A clear may have made room for a successor's load, which isn't ours to delete.
      if (isMine()) loading.delete(key);
    }
  }

  return {
    getOrSet(key, load, ttl = ttlMs) {
      const entry = held.get(key);
      if (entry !== undefined) {
        if (clock.mono() < entry.until) {
          recency.touch(entry);
          return entry.value;
        }
        forget(entry);
      }
      const underWay = loading.get(key);
      if (underWay !== undefined) return underWay;
      const mine: Promise<T> = settle(key, begin(load), ttl, () => loading.get(key) === mine);
      loading.set(key, mine);
      return mine;
    },
    clear(key) {
      if (key === undefined) {
        held.clear();
        recency.clear();
        loading.clear();
        return;
      }
      const entry = held.get(key);
      if (entry !== undefined) forget(entry);
      loading.delete(key);
    },
    get size() {
      return held.size;
    },
  };
}

/** A load that throws at once rejects like any other. */
async function begin<T>(load: () => Promise<T>): Promise<T> {
  return load();
}
