export interface Ratios {
  /** Share of the requests that are hits. */
  readonly requests: number;
  /** Share of the bytes. */
  readonly bytes: number;
}

/** For each request the index of the next one for its key; Infinity for the last. */
function nextRequests(keys: readonly string[]): number[] {
  const next = new Array<number>(keys.length);
  const seen = new Map<string, number>();
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i] as string;
    next[i] = seen.get(key) ?? Infinity;
    seen.set(key, i);
  }
  return next;
}

/**
 * The most hits that `capacity` entries allow (Belady 1966): whenever there is one too many, the entry goes whose next
 * request is the furthest. @returns share of the requests
 */
export function belady(keys: readonly string[], capacity: number): number {
  const next = nextRequests(keys);
  /** By the request that they are kept for; nothing is kept for none. */
  const held = new Set<number>();
  /** All of those and some that are gone: a heap with the furthest first. */
  const furthest: number[] = [];
  let hits = 0;
  for (const [i, until] of next.entries()) {
    if (held.delete(i)) hits++;
    if (until === Infinity) continue;
    held.add(until);
    push(furthest, until);
    if (held.size <= capacity) continue;
    let gone = pop(furthest);
    while (!held.delete(gone)) gone = pop(furthest);
  }
  return hits / keys.length;
}

/**
 * A bound on what entries of different sizes allow, since their optimum is NP-hard: PFOO-L of Berger, Beckmann and
 * Harchol-Balter, POMACS 2018. To keep a key from one request to the next takes its size for so long; the room of the
 * whole trace, spent on the cheapest hits first, whether they fit side by side or not, buys at least as many as any
 * policy gets.
 * @param sizes of the requests
 */
export function bound(keys: readonly string[], sizes: readonly number[], capacity: number): Ratios {
  const hits = nextRequests(keys).flatMap((until, at) => {
    const size = sizes[at] as number;
    return until === Infinity || size > capacity ? [] : [{ size, time: until - at }];
  });
  const room = capacity * keys.length;
  const bought = (by: typeof hits, worth: (size: number) => number): number => {
    let spent = 0;
    let sum = 0;
    for (const { size, time } of by) {
      spent += size * time;
      if (spent > room) break;
      sum += worth(size);
    }
    return sum;
  };
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    requests:
      bought(
        hits.toSorted((a, b) => a.size * a.time - b.size * b.time),
        () => 1,
      ) / keys.length,
    bytes:
      bought(
        hits.toSorted((a, b) => a.time - b.time),
        (size) => size,
      ) / total,
  };
}

function push(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  for (let up = (at - 1) >> 1; at > 0 && (heap[up] as number) < value; up = (at - 1) >> 1) {
    heap[at] = heap[up] as number;
    at = up;
  }
  heap[at] = value;
}

function pop(heap: number[]): number {
  const [first, last] = [heap[0] as number, heap.pop() as number];
  let at = 0;
  for (let down = 1; down < heap.length; down = 2 * at + 1) {
    if (down + 1 < heap.length && (heap[down + 1] as number) > (heap[down] as number)) down++;
    if ((heap[down] as number) <= last) break;
    heap[at] = heap[down] as number;
    at = down;
  }
  if (heap.length > 0) heap[at] = last;
  return first;
}
