import { isSameVariant, type Entry } from '../entry.ts';
import { createSieve, type SieveNode } from '../eviction/sieve.ts';
import { isExtended, urlOf } from '../entry-key.ts';
import { MAX_VARIANTS, type Accepts, type Level, type LevelStats, type StoredFor } from '../level.ts';

/** Why a level gave an entry back. */
export type Farewell = 'evicted' | 'replaced' | 'removed';

/** Where a use of a key is noted for the eviction; holds as long as the key's entries are held. */
export interface UseMark {
  visited: boolean;
}

/** A level that answers at once. */
export interface MemoryLevel extends Level {
  /** The key's mark, for who answers from an entry many times and sets it each time; undefined when nothing is held. */
  markOf(key: string): UseMark | undefined;
  /** The stored list itself: a later write makes a new one, so it may be kept but not changed. */
  read(key: string, accepts?: Accepts, peek?: boolean): readonly Entry[] | undefined;
  write(entry: Entry): boolean;
  remove(what: Entry | StoredFor): boolean;
}

export interface MemoryLevelOptions {
  /** Most bytes held, as `Entry.bytes` counts them; never exceeded. */
  budgetBytes: number;
  /** Most variants under one primary key; MAX_VARIANTS unless it is given. */
  maxVariants?: number;
  /** Called exactly once per entry that leaves, when the level is consistent again. */
  onEvict?: (entry: Entry, why: Farewell) => void;
}

/** All variants of a primary key: they are used, and evicted, together. */
interface Bucket extends SieveNode<Bucket> {
  readonly key: string;
  /** Newest first; replaced, never changed. */
  entries: readonly Entry[];
  bytes: number;
}

/** A level in this thread's memory, bounded in bytes, that evicts by SIEVE. */
export function createMemoryLevel({
  budgetBytes,
  maxVariants = MAX_VARIANTS,
  onEvict,
}: MemoryLevelOptions): MemoryLevel {
  const buckets = new Map<string, Bucket>();
  const sieve = createSieve<Bucket>();
  /** Keys with more in them than their URL, by URL. */
  const extended = new Map<string, Set<string>>();
  let entries = 0;
  let bytes = 0;
  let evictions = 0;

  /** Exchanges what a bucket holds; the one place that counts. */
  function hold(bucket: Bucket, held: readonly Entry[]): void {
    let size = 0;
    for (const entry of held) size += entry.bytes;
    entries += held.length - bucket.entries.length;
    bytes += size - bucket.bytes;
    bucket.entries = held;
    bucket.bytes = size;
  }

  function farewell(gone: readonly Entry[], why: Farewell): void {
    if (why === 'evicted') evictions += gone.length;
    if (onEvict !== undefined) for (const entry of gone) onEvict(entry, why);
  }

  function open(key: string): Bucket {
    const bucket: Bucket = { key, entries: [], bytes: 0, visited: false, newer: undefined, older: undefined };
    buckets.set(key, bucket);
    if (isExtended(key)) {
      const url = urlOf(key);
      const keys = extended.get(url) ?? new Set();
      extended.set(url, keys.add(key));
    }
    return bucket;
  }

  function close(key: string): void {
    buckets.delete(key);
    if (!isExtended(key)) return;
    const url = urlOf(key);
    const keys = extended.get(url);
    keys?.delete(key);
    if (keys?.size === 0) extended.delete(url);
  }

  /** Takes a bucket out with all that it holds. */
  function forget(key: string): boolean {
    const bucket = buckets.get(key);
    if (bucket === undefined) return false;
    const gone = bucket.entries;
    close(key);
    sieve.remove(bucket);
    hold(bucket, []);
    farewell(gone, 'removed');
    return true;
  }

  /** Takes the least worthy buckets out until the rest is within the budget. */
  function makeRoom(): Entry[] {
    const evicted: Entry[] = [];
    while (bytes > budgetBytes) {
      const victim = sieve.evict();
      if (victim === undefined) break;
      evicted.push(...victim.entries);
      close(victim.key);
      hold(victim, []);
    }
    return evicted;
  }

  return {
    read(key, _accepts, peek) {
      const bucket = buckets.get(key);
      if (bucket === undefined) return undefined;
      if (peek !== true) bucket.visited = true;
      return bucket.entries;
    },
    markOf: (key) => buckets.get(key),
    write(entry) {
      if (entry.bytes > budgetBytes) return false;
      const known = buckets.get(entry.key);
      const bucket = known ?? open(entry.key);
      const replaced = bucket.entries.filter((other) => other !== entry && isSameVariant(other, entry));
      const held = [entry, ...bucket.entries.filter((other) => !isSameVariant(other, entry))];
      const shed = shedOldest(held, Math.max(1, maxVariants), budgetBytes);
      hold(bucket, held);
      let evicted: readonly Entry[] = shed;
      if (known === undefined || bytes > budgetBytes) {
        // Out of the sieve meanwhile, so that it isn't its own victim.
        const { visited } = bucket;
        if (known !== undefined) sieve.remove(bucket);
        evicted = [...shed, ...makeRoom()];
        sieve.insert(bucket);
        bucket.visited = visited;
      }
      farewell(replaced, 'replaced');
      farewell(evicted, 'evicted');
      return true;
    },
    remove(what) {
      if ('url' in what) {
        let found = forget(what.key);
        for (const key of extended.get(what.url) ?? []) found = forget(key) || found;
        return found;
      }
      const entry = what;
      const bucket = buckets.get(entry.key);
      if (bucket === undefined || !bucket.entries.includes(entry)) return false;
      hold(
        bucket,
        bucket.entries.filter((other) => other !== entry),
      );
      if (bucket.entries.length === 0) {
        close(bucket.key);
        sieve.remove(bucket);
      }
      farewell([entry], 'removed');
      return true;
    },
    stats: (): LevelStats => ({ entries, bytes, budgetBytes, evictions }),
  };
}

/** Takes the oldest variants, from the end, out of `held` until it is within both bounds; the newest always fits. */
function shedOldest(held: Entry[], maxVariants: number, maxBytes: number): Entry[] {
  const shed: Entry[] = [];
  let size = 0;
  for (const entry of held) size += entry.bytes;
  while (held.length > maxVariants || size > maxBytes) {
    const oldest = held.pop() as Entry;
    size -= oldest.bytes;
    shed.push(oldest);
  }
  return shed;
}
