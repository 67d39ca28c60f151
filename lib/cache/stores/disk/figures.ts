/**
 * What the storage thread shows to all others without a message: whole numbers in shared memory, by place.
 * Each is read whole; two of them may be of different moments.
 */
export const FIGURE = {
  clearNumber: 0,
  entries: 1,
  bytes: 2,
  budgetBytes: 3,
  evictions: 4,
  seen: 5,
} as const;

export type FigureName = keyof typeof FIGURE;

export interface Figures {
  get(name: FigureName): number;
  set(name: FigureName, value: number): void;
}

/** Memory for the figures, all 0. */
export function allotFigures(): SharedArrayBuffer {
  return new SharedArrayBuffer(Object.keys(FIGURE).length * BigInt64Array.BYTES_PER_ELEMENT);
}

export function createFigures(memory: SharedArrayBuffer): Figures {
  const numbers = new BigInt64Array(memory);
  return {
    get: (name) => Number(Atomics.load(numbers, FIGURE[name])),
    set(name, value) {
      Atomics.store(numbers, FIGURE[name], BigInt(Math.ceil(value)));
    },
  };
}
