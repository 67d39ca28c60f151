import { isSameVariant, type Entry } from '../entry.ts';
import { isExtended, urlOf } from '../entry-key.ts';
import { createReplacement, type ReplacementNode } from '../eviction/replacement.ts';
import type { Clock } from '../../kernel/clock.ts';
import { MAX_VARIANTS, type Accepts, type Level, type LevelStats, type StoredFor } from '../level.ts';

/** Why a level gave an entry back. */
export type Farewell = 'evicted' | 'replaced' | 'removed';

/** Where a use of a key is counted for the eviction; holds as long as the key's entries are held. */
export interface UseMark {
  uses: number;
}

/** A level that answers at once. */
export interface MemoryLevel extends Level {
  /** The key's mark, for who answers from an entry many times and counts now and then; undefined when nothing is held. */
  markOf(key: string): UseMark | undefined;
  /** The stored list itself: a later write makes a new one, so it may be kept but not changed. */
  read(key: string, accepts?: Accepts, peek?: boolean): readonly Entry[] | undefined;
  /** False if the entry is larger than the budget, or isn't worth what would have to go for it; nothing goes then. */
  write(entry: Entry): boolean;
  remove(what: Entry | StoredFor): boolean;
}

export interface MemoryLevelOptions {
  /** Most bytes held, as `Entry.bytes` counts them; never exceeded. */
  budgetBytes: number;
  /** Tells the eviction what can answer nothing any more. */
  clock: Clock;
  /** Most variants under one primary key; MAX_VARIANTS unless it is given. */
  maxVariants?: number;
  /** Called exactly once per entry that leaves, when the level is consistent again. */
  onEvict?: (entry: Entry, why: Farewell) => void;
}

/** All variants of a primary key: they are used, and evicted, together. Without any it is the key's ghost. */
interface Bucket extends ReplacementNode<Bucket> {
  readonly key: string;
  /** Newest first; replaced, never changed. */
  entries: readonly Entry[];
}

/** What a bucket takes in V8 beside its key, bytes: 13 words, and its place in the map. */
const GHOST_OVERHEAD = 192;

/** Uses are counted up to here between two looks of the eviction: a small integer, which V8 doesn't box. */
const MANY_USES = 1_000_000;

/** A level in this thread's memory, bounded in bytes (lib/cache/eviction/replacement says what goes). */
export function createMemoryLevel({
  budgetBytes,
  clock,
  maxVariants = MAX_VARIANTS,
  onEvict,
}: MemoryLevelOptions): MemoryLevel {
  const buckets = new Map<string, Bucket>();
  const replacement = createReplacement<Bucket>({
    budgetBytes,
    ghostBytes: ({ key }) => GHOST_OVERHEAD + key.length,
    onForget: ({ key }) => void buckets.delete(key),
  });
  /** Keys with more in them than their URL, by URL. */
  const extended = new Map<string, Set<string>>();
  let entries = 0;
  let evictions = 0;

  /** The bucket of a key that something is held for. */
  function find(key: string): Bucket | undefined {
    const bucket = buckets.get(key);
    return bucket === undefined || bucket.entries.length === 0 ? undefined : bucket;
  }

  /** Exchanges what a bucket holds, and keeps count and index of it. */
  function hold(bucket: Bucket, held: readonly Entry[]): void {
    if (isExtended(bucket.key)) index(bucket.key, held.length > 0);
    entries += held.length - bucket.entries.length;
    bucket.entries = held;
    bucket.usableUntil = usableUntil(held);
  }

  function index(key: string, isHeld: boolean): void {
    const url = urlOf(key);
    const keys = extended.get(url) ?? new Set();
    if (isHeld) extended.set(url, keys.add(key));
    else if (keys.delete(key) && keys.size === 0) extended.delete(url);
  }

  function farewell(gone: readonly Entry[], why: Farewell): void {
    if (why === 'evicted') evictions += gone.length;
    if (onEvict !== undefined) for (const entry of gone) onEvict(entry, why);
  }

  /** Takes a bucket out with all that it holds. */
  function forget(key: string): boolean {
    const bucket = find(key);
    if (bucket === undefined) return false;
    const gone = bucket.entries;
    buckets.delete(key);
    replacement.remove(bucket);
    hold(bucket, []);
    farewell(gone, 'removed');
    return true;
  }

  /** Puts a bucket that is out back with other entries. @returns what had to go for them */
  function settle(bucket: Bucket, held: readonly Entry[]): Entry[] {
    const size = bytesOf(held);
    const evicted: Entry[] = [];
    const now = clock.mono();
    let victim = replacement.evictFor(size, now);
    for (; victim !== undefined; victim = replacement.evictFor(size, now)) {
      evicted.push(...victim.entries);
      hold(victim, []);
    }
    hold(bucket, held);
    bucket.bytes = size;
    replacement.insert(bucket);
    return evicted;
  }

  /** The first entry of a key, as far as is known. */
  function writeFirst(entry: Entry): boolean {
    const { key } = entry;
    const bucket = buckets.get(key) ?? createBucket(key);
    buckets.set(key, bucket);
    if (!replacement.admits(bucket, entry.bytes)) return false;
    farewell(settle(bucket, [entry]), 'evicted');
    return true;
  }

  function writeBeside(bucket: Bucket, entry: Entry): void {
    const replaced = bucket.entries.filter((other) => other !== entry && isSameVariant(other, entry));
    const held = [entry, ...bucket.entries.filter((other) => !isSameVariant(other, entry))];
    const shed = shedOldest(held, Math.max(1, maxVariants), budgetBytes);
    // Out of the queues meanwhile, so that it isn't its own victim.
    replacement.remove(bucket);
    const evicted = settle(bucket, held);
    farewell(replaced, 'replaced');
    farewell([...shed, ...evicted], 'evicted');
  }

  return {
    read(key, _accepts, peek) {
      const bucket = find(key);
      if (bucket === undefined) return undefined;
      if (peek !== true && bucket.uses < MANY_USES) bucket.uses++;
      return bucket.entries;
    },
    markOf: find,
    write(entry) {
      if (entry.bytes > budgetBytes) return false;
      const bucket = find(entry.key);
      if (bucket === undefined) return writeFirst(entry);
      writeBeside(bucket, entry);
      return true;
    },
    remove(what) {
      if ('url' in what) {
        let found = forget(what.key);
        for (const key of extended.get(what.url) ?? []) found = forget(key) || found;
        return found;
      }
      const bucket = find(what.key);
      if (bucket?.entries.includes(what) !== true) return false;
      if (bucket.entries.length === 1) return forget(what.key);
      replacement.remove(bucket);
      settle(
        bucket,
        bucket.entries.filter((other) => other !== what),
      );
      farewell([what], 'removed');
      return true;
    },
    stats: (): LevelStats => ({ entries, bytes: replacement.heldBytes, budgetBytes, evictions }),
  };
}

function createBucket(key: string): Bucket {
  return {
    uses: 0,
    entries: [],
    bytes: 0,
    usableUntil: 0,
    key,
    place: 'out',
    newer: undefined,
    older: undefined,
  };
}

function bytesOf(held: readonly Entry[]): number {
  let bytes = 0;
  for (const entry of held) bytes += entry.bytes;
  return bytes;
}

/** Until when one of them can answer, fresh or in grace; ms. */
function usableUntil(held: readonly Entry[]): number {
  let until = 0;
  for (const entry of held) {
    const grace = entry.mustRevalidate ? 0 : Math.max(entry.staleWhileRevalidateUntil, entry.staleIfErrorUntil);
    until = Math.max(until, entry.freshUntil, grace);
  }
  return until;
}

/** Takes the oldest variants, from the end, out of `held` until it is within both bounds; the newest always fits. */
function shedOldest(held: Entry[], maxVariants: number, maxBytes: number): Entry[] {
  const shed: Entry[] = [];
  let size = bytesOf(held);
  while (held.length > maxVariants || size > maxBytes) {
    const oldest = held.pop() as Entry;
    size -= oldest.bytes;
    shed.push(oldest);
  }
  return shed;
}
