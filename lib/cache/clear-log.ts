import type { Entry } from './entry.ts';

/** What a clear names. */
export type ClearScope = { readonly key: string } | { readonly tag: string } | { readonly all: true };
/** Soft: stale now. Hard: gone. */
export type ClearMode = 'soft' | 'hard';
export type Verdict = 'live' | ClearMode;

/** The numbered list of clears, in this thread's memory. */
export interface ClearLog {
  /** Number of the last clear; 0 before the first. While it stands still, no verdict changes. */
  readonly head: number;
  /** Writes one record, whatever the number of entries, and returns its number. */
  clear(scope: ClearScope, mode: ClearMode): number;
  /** The strongest clear that matches the entry with a number above its `clearNumber`. */
  verdict(entry: Pick<Entry, 'key' | 'tags' | 'clearNumber'>): Verdict;
}

/** The last number of each scope, in one mode; maps in order of their numbers. */
interface Records {
  readonly keys: Map<string, number>;
  readonly tags: Map<string, number>;
  all: number;
  /** The highest number of any scope. */
  last: number;
}

/**
 * A clear log that holds at most `maxKeys` keys and tags per mode. Past that the oldest fold into one clear of
 * everything up to their number, of the same mode: more is cleared than was asked for, never less.
 */
export function createClearLog({ maxKeys = 10_000 }: { maxKeys?: number } = {}): ClearLog {
  const soft = createRecords();
  const hard = createRecords();
  let head = 0;

  return {
    get head() {
      return head;
    },
    clear(scope, mode) {
      head++;
      record(mode === 'hard' ? hard : soft, scope, head, maxKeys);
      return head;
    },
    verdict(entry) {
      if (entry.clearNumber >= head) return 'live';
      if (isCleared(hard, entry)) return 'hard';
      return isCleared(soft, entry) ? 'soft' : 'live';
    },
  };
}

function createRecords(): Records {
  return { keys: new Map(), tags: new Map(), all: 0, last: 0 };
}

function record(records: Records, scope: ClearScope, number: number, maxKeys: number): void {
  const { keys, tags } = records;
  records.last = number;
  if ('all' in scope) {
    records.all = number;
    keys.clear();
    tags.clear();
    return;
  }
  if ('key' in scope) renew(keys, scope.key, number);
  else renew(tags, scope.tag, number);
  while (keys.size + tags.size > maxKeys) records.all = dropOldest(keys, tags);
}

function renew(numbers: Map<string, number>, name: string, number: number): void {
  numbers.delete(name);
  numbers.set(name, number);
}

/** Forgets the record with the lowest number of both, and returns that number. */
function dropOldest(keys: Map<string, number>, tags: Map<string, number>): number {
  const [key, keyNumber] = keys.entries().next().value ?? ['', Infinity];
  const [tag, tagNumber] = tags.entries().next().value ?? ['', Infinity];
  if (keyNumber < tagNumber) keys.delete(key);
  else tags.delete(tag);
  return Math.min(keyNumber, tagNumber);
}

function isCleared(records: Records, entry: Pick<Entry, 'key' | 'tags' | 'clearNumber'>): boolean {
  const { clearNumber } = entry;
  if (records.last <= clearNumber) return false;
  if (records.all > clearNumber || (records.keys.get(entry.key) ?? 0) > clearNumber) return true;
  for (const tag of entry.tags) if ((records.tags.get(tag) ?? 0) > clearNumber) return true;
  return false;
}
