import type { AccessLine } from './access-log.ts';

/** Servers write a line when the answer ends, stamped with when it began: a slow one stands after younger ones. */
const WINDOW_MS = 60_000;
/** Most lines held back; in a busier log the window gets shorter. */
const MAX_HELD = 100_000;

export interface Ordering {
  /** Lines by their time; each is held back until one comes that is a minute younger. */
  inOrder(batches: AsyncIterable<readonly AccessLine[]>): AsyncIterable<readonly AccessLine[]>;
  /** Lines that stood after a younger one. */
  reordered(): number;
}

export function createOrdering(): Ordering {
  let reordered = 0;
  return {
    reordered: () => reordered,
    async *inOrder(batches) {
      let held: AccessLine[] = [];
      let newest = -Infinity;
      /** Held lines are sorted when they have doubled since the last time, so that sorting stays cheap per line. */
      let sortAt = 0;
      for await (const batch of batches) {
        for (const line of batch) {
          if (line.at < newest) reordered += 1;
          else newest = line.at;
          held.push(line);
        }
        if (held.length < sortAt) continue;
        held.sort((a, b) => a.at - b.at);
        const due = Math.max(firstYoungerThan(held, newest - WINDOW_MS), held.length - MAX_HELD);
        if (due > 0) yield held.slice(0, due);
        held = held.slice(due);
        sortAt = Math.min(held.length * 2, MAX_HELD);
      }
      if (held.length > 0) yield held.sort((a, b) => a.at - b.at);
    },
  };
}

/** Index of the first line after `at` in sorted lines. */
function firstYoungerThan(lines: readonly AccessLine[], at: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle] as AccessLine).at > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
