import type { KeyCount } from '../contracts/control.ts';
import type { MissReason } from '../contracts/traffic.ts';

/** Keys and their counts, each key at most once. */
export interface CountList {
  readonly keys: readonly string[];
  /** The most that a key which isn't among them was counted. */
  readonly floor: number;
  /** Of the key at `index`. */
  countAt(index: number): number;
  row(key: string): KeyCount | undefined;
}

export interface Merged {
  /** Greatest count first. */
  readonly rows: readonly KeyCount[];
  /** The most that a key which isn't among `rows` was counted. */
  readonly unlisted: number;
}

/**
 * The counts of several lists together. Bounds hold on: a list that hasn't a key adds what it may have counted of it
 * to count and error alike. Makes rows of those alone that are wanted: gateways do this between requests.
 *
 * @param top most rows of the answer
 */
export function mergeCounts(lists: readonly CountList[], top: number): Merged {
  // What every list may have counted without saying so; where it has a key, its count takes the place of its floor.
  const base = lists.reduce((sum, { floor }) => sum + floor, 0);
  const keys: string[] = [];
  const counts = new Float64Array(lists.reduce((sum, list) => sum + list.keys.length, 0)).fill(base);
  const indexes = new Map<string, number>();
  for (const list of lists) {
    for (const [at, key] of list.keys.entries()) {
      let index = indexes.get(key);
      if (index === undefined) {
        index = keys.push(key) - 1;
        indexes.set(key, index);
      }
      counts[index] = (counts[index] as number) + list.countAt(at) - list.floor;
    }
  }
  const { chosen, next } = greatest(counts.subarray(0, keys.length), top);
  const rows = chosen.map((index) => rowOf(lists, base, keys[index] as string)).sort((a, b) => b.count - a.count);
  return { rows, unlisted: Math.max(base, next) };
}

/** Indexes of the `top` greatest counts in no order, and the greatest count beside them, 0 without one. */
function greatest(counts: Float64Array, top: number): { chosen: number[]; next: number } {
  if (counts.length <= top) return { chosen: [...counts.keys()], next: 0 };
  const next = counts.toSorted()[counts.length - top - 1] as number;
  const chosen: number[] = [];
  const equal: number[] = [];
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] as number;
    if (count > next) chosen.push(index);
    else if (count === next) equal.push(index);
  }
  return { chosen: chosen.concat(equal.slice(0, top - chosen.length)), next };
}

function rowOf(lists: readonly CountList[], base: number, key: string): KeyCount {
  let sum: KeyCount = { key, service: '', route: '', count: base, error: base, reasons: {} };
  for (const list of lists) {
    const row = list.row(key);
    if (row === undefined) continue;
    const count = sum.count + row.count - list.floor;
    const error = sum.error + row.error - list.floor;
    sum = { ...row, count, error, reasons: sumOf(sum.reasons, row.reasons) };
  }
  return sum;
}

function sumOf(a: KeyCount['reasons'], b: KeyCount['reasons']): KeyCount['reasons'] {
  const sum: Partial<Record<MissReason, number>> = { ...a };
  for (const [reason, count] of Object.entries(b) as [MissReason, number][]) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}
