import type { KeyCount } from '../contracts/control.ts';
import { MISS_REASONS, type MissReason } from '../contracts/traffic.ts';
import type { CountList } from './merge-counts.ts';

const REASONS = MISS_REASONS.length;
const REASON_INDEX = new Map(MISS_REASONS.map((reason, index) => [reason, index]));

/** Most counters of one sketch: their numbers fit 16 bits. */
export const MAX_CAPACITY = 65_535;

/**
 * Counts the keys of a stream in a fixed number of counters (Space-Saving; Metwally, Agrawal, El Abbadi 2005).
 * Where all are taken, a new key takes over that of the least count and adds to it; the count that it found is its
 * error. So for each key that has a counter: true count <= count <= true count + error; what has none was counted at
 * most `floor` times, and `floor` <= all counts / capacity: whatever came more often has a counter.
 *
 * The least count is found by a binary heap, since counts come in batches: O(log capacity) at worst, O(1) for a key
 * that is ahead of those below it.
 */
export class SpaceSaving implements CountList {
  readonly #capacity: number;
  /** Counter by key. */
  readonly #byKey = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #services: string[] = [];
  readonly #routes: string[] = [];
  readonly #counts: Float64Array;
  readonly #errors: Float64Array;
  /** By counter, then by reason; none where reasons aren't counted. */
  readonly #reasons: Uint32Array;
  /** Counters, least count first: position p is at most 2p+1 and 2p+2. */
  readonly #heap: Uint16Array;
  /** Position in the heap, by counter. */
  readonly #place: Uint16Array;

  /** @param capacity counters, 1 to MAX_CAPACITY */
  constructor(capacity: number, withReasons: boolean) {
    this.#capacity = capacity;
    this.#counts = new Float64Array(capacity);
    this.#errors = new Float64Array(capacity);
    this.#reasons = new Uint32Array(withReasons ? capacity * REASONS : 0);
    this.#heap = new Uint16Array(capacity);
    this.#place = new Uint16Array(capacity);
  }

  /** The most that a key without a counter was counted. */
  get floor(): number {
    return this.#keys.length < this.#capacity ? 0 : this.#count(this.#heap[0] as number);
  }

  /** @param count at least 1 */
  add(key: string, service: string, route: string, count: number, reason?: MissReason): void {
    let counter = this.#byKey.get(key);
    if (counter === undefined) counter = this.#take(key);
    this.#services[counter] = service;
    this.#routes[counter] = route;
    this.#counts[counter] = this.#count(counter) + count;
    if (reason !== undefined) {
      const at = counter * REASONS + (REASON_INDEX.get(reason) as number);
      this.#reasons[at] = (this.#reasons[at] as number) + count;
    }
    this.#sink(counter);
  }

  /** The keys that have a counter. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  countAt(index: number): number {
    return this.#count(index);
  }

  row(key: string): KeyCount | undefined {
    const counter = this.#byKey.get(key);
    if (counter === undefined) return undefined;
    return {
      key,
      service: this.#services[counter] as string,
      route: this.#routes[counter] as string,
      count: this.#count(counter),
      error: this.#errors[counter] as number,
      reasons: this.#reasonsOf(counter),
    };
  }

  #reasonsOf(counter: number): KeyCount['reasons'] {
    const reasons: Partial<Record<MissReason, number>> = {};
    if (this.#reasons.length === 0) return reasons;
    for (let r = 0; r < REASONS; r++) {
      const count = this.#reasons[counter * REASONS + r] as number;
      if (count > 0) reasons[MISS_REASONS[r] as MissReason] = count;
    }
    return reasons;
  }

  #count(counter: number): number {
    return this.#counts[counter] as number;
  }

  /** A counter for a key that has none: a free one, or that of the least count. */
  #take(given: string): number {
    const key = copyOf(given);
    if (this.#keys.length < this.#capacity) {
      const counter = this.#keys.push(key) - 1;
      this.#byKey.set(key, counter);
      this.#rise(counter);
      return counter;
    }
    const counter = this.#heap[0] as number;
    this.#byKey.delete(this.#keys[counter] as string);
    this.#byKey.set(key, counter);
    this.#keys[counter] = key;
    this.#errors[counter] = this.#count(counter);
    if (this.#reasons.length > 0) this.#reasons.fill(0, counter * REASONS, (counter + 1) * REASONS);
    return counter;
  }

  /** Puts a new counter, whose count is 0, in at the end and lifts it to where nothing above it is greater. */
  #rise(counter: number): void {
    let position = this.#keys.length - 1;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const above = this.#heap[parent] as number;
      if (this.#count(above) <= this.#count(counter)) break;
      this.#put(above, position);
      position = parent;
    }
    this.#put(counter, position);
  }

  /** Moves a counter, which has grown, down to where nothing below it is less. */
  #sink(counter: number): void {
    const count = this.#count(counter);
    const size = this.#keys.length;
    let position = this.#place[counter] as number;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#countIn(child + 1) < this.#countIn(child)) child++;
      if (this.#countIn(child) >= count) break;
      this.#put(this.#heap[child] as number, position);
      position = child;
    }
    this.#put(counter, position);
  }

  #countIn(position: number): number {
    return this.#count(this.#heap[position] as number);
  }

  #put(counter: number, position: number): void {
    this.#heap[position] = counter;
    this.#place[counter] = position;
  }
}

/** The same text on its own: one that was cut from another would keep all of that in memory. */
function copyOf(key: string): string {
  const copy = Buffer.from(key, 'latin1').toString('latin1');
  return copy === key ? copy : Buffer.from(key, 'utf16le').toString('utf16le');
}
