import type { Policy } from './policy.ts';

/** LRU as it's mostly written: a Map's own order. */
export function createLru(capacity: number): Policy {
  const sizes = new Map<string, number>();
  let held = 0;
  return {
    ask(key, size) {
      const known = sizes.get(key);
      if (known !== undefined) {
        sizes.delete(key);
        sizes.set(key, known);
        return true;
      }
      if (size > capacity) return false;
      sizes.set(key, size);
      held += size;
      while (held > capacity) {
        const [oldest, bytes] = sizes.entries().next().value as [string, number];
        sizes.delete(oldest);
        held -= bytes;
      }
      return false;
    },
  };
}
