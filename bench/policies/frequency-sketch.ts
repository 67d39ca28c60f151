import { keyHash } from './key-hash.ts';

const ROWS = 4;
const MOST = 15;

/** TinyLFU's count-min sketch: four rows of counters to 15, halved after ten additions for each entry. */
export function createFrequencySketch(entries: number): { add(key: string): void; of(key: string): number } {
  const width = 2 ** Math.ceil(Math.log2(Math.max(16, 4 * entries)));
  const counts = new Uint8Array(ROWS * width);
  const at = new Int32Array(ROWS);
  let additions = 0;

  /** Finds the key's counters. @returns the smallest */
  function find(key: string): number {
    const hash = keyHash(key);
    let least = MOST;
    for (let row = 0; row < ROWS; row++) {
      const spread = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1 + 2 * Math.imul(row, 0x85ebca6b));
      at[row] = row * width + ((spread ^ (spread >>> 16)) & (width - 1));
      least = Math.min(least, counts[at[row] as number] as number);
    }
    return least;
  }

  return {
    of: find,
    add(key) {
      const least = find(key);
      if (least === MOST) return;
      for (const index of at) if (counts[index] === least) counts[index] = least + 1;
      if (++additions < 10 * entries) return;
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] as number) >>> 1;
      additions >>>= 1;
    },
  };
}
