/** After so many starts past it, the first of a lower class goes next. */
export const MAX_PASSED_OVER = 8;

/**
 * First come, first served within a class, higher classes first. Nothing starves: the first of a class that was
 * passed over MAX_PASSED_OVER times goes next, the lowest class before the others.
 */
export interface PriorityQueue<T> {
  readonly size: number;
  /** @param rank index of the class; 0 is served first */
  push(item: T, rank: number): void;
  /** As the first of its class. */
  unshift(item: T, rank: number): void;
  take(): T | undefined;
  /** False when it isn't there. */
  remove(item: T): boolean;
}

/** @param classes number of classes, at least 1 */
export function createPriorityQueue<T>(classes: number): PriorityQueue<T> {
  const waiting = Array.from({ length: classes }, () => ({ items: [] as T[], passed: 0 }));

  function classOf(rank: number): { items: T[]; passed: number } {
    const found = waiting[rank];
    if (found === undefined) throw new RangeError(`There is no class ${rank} of ${classes}.`);
    return found;
  }

  return {
    get size() {
      return waiting.reduce((sum, { items }) => sum + items.length, 0);
    },
    push(item, rank) {
      classOf(rank).items.push(item);
    },
    unshift(item, rank) {
      classOf(rank).items.unshift(item);
    },
    take() {
      const filled = waiting.filter(({ items }) => items.length > 0);
      const next = filled.findLast(({ passed }) => passed >= MAX_PASSED_OVER) ?? filled[0];
      for (const other of filled) other.passed = other === next ? 0 : other.passed + 1;
      return next?.items.shift();
    },
    remove(item) {
      for (const entry of waiting) {
        const index = entry.items.indexOf(item);
        if (index === -1) continue;
        entry.items.splice(index, 1);
        if (entry.items.length === 0) entry.passed = 0;
        return true;
      }
      return false;
    },
  };
}
