import type { RequestLine, TailBatch } from '../lib/contracts/tail';

/** Lines that are kept; of more, the oldest goes first. */
export const TAIL_LINES = 5_000;

/** A line with its number, by which it is told from all others. */
export interface TailLine extends RequestLine {
  readonly number: number;
}

/** What has come so far. */
export interface TailLines {
  /** Oldest first. */
  readonly lines: readonly TailLine[];
  /** Lines since the beginning, kept or not. */
  readonly arrived: number;
  /** Lines that the server left out since the beginning. */
  readonly dropped: number;
}

export interface TailRing {
  get(): TailLines;
  push(batch: TailBatch): void;
  /** Keeps only what passes, and counts anew what the server leaves out. */
  keep(passes: (line: TailLine) => boolean): void;
  subscribe(listener: () => void): () => void;
}

/** The newest live requests, outside of React: a value that is replaced with every batch, never changed. */
export function createTailRing(most = TAIL_LINES): TailRing {
  let current: TailLines = { lines: [], arrived: 0, dropped: 0 };
  const listeners = new Set<() => void>();

  function set(next: TailLines): void {
    current = next;
    for (const listener of listeners) listener();
  }

  return {
    get: () => current,
    push({ records, dropped }) {
      const { lines, arrived } = current;
      const added = records.map((record, i): TailLine => ({ ...record, number: arrived + i }));
      set({
        lines: [...lines.slice(Math.max(0, lines.length + added.length - most)), ...added].slice(-most),
        arrived: arrived + added.length,
        dropped: current.dropped + dropped,
      });
    },
    keep: (passes) => set({ ...current, lines: current.lines.filter(passes), dropped: 0 }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
