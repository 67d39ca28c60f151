/** Ids that are remembered apart: 2^23, in 1 MiB. Ids are given one after the other, so that these seldom meet. */
const SLOTS = 2 ** 23;

/** Which records were used since they were last passed over: their second chance. */
export interface UseMarks {
  set(id: number): void;
  /** Whether it was used; from now on it isn't. */
  take(id: number): boolean;
}

export function createUseMarks(): UseMarks {
  const bits = new Uint8Array(SLOTS / 8);
  return {
    set(id) {
      const slot = id % SLOTS;
      (bits[slot >>> 3] as number) |= 1 << (slot & 7);
    },
    take(id) {
      const slot = id % SLOTS;
      const bit = 1 << (slot & 7);
      const byte = bits[slot >>> 3] as number;
      bits[slot >>> 3] = byte & ~bit;
      return (byte & bit) !== 0;
    },
  };
}
