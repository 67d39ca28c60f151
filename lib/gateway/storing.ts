/**
 * Keys whose responses are on their way into the store, and internal URL tags that are on their way or stored, each
 * with how many: so that an unsafe method knows what it has to clear.
 */
export interface Storing {
  enter(key: string): void;
  leave(key: string): void;
  has(key: string): boolean;
}

export function createStoring(): Storing {
  const calls = new Map<string, number>();
  return {
    enter(key) {
      calls.set(key, (calls.get(key) ?? 0) + 1);
    },
    leave(key) {
      const count = calls.get(key) ?? 0;
      if (count > 1) calls.set(key, count - 1);
      else calls.delete(key);
    },
    has: (key) => calls.has(key),
  };
}
