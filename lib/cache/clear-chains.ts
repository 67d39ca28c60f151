/** One of those that share a name. */
export interface ChainLink<T> {
  readonly item: T;
  readonly older: ChainLink<T> | undefined;
}

/** Items by name, the latest of each first. Each comes and goes in the same time, however many share its name. */
export interface Chains<T, N = string> {
  add(name: N, item: T): void;
  drop(name: N, item: T): void;
  latest(name: N): ChainLink<T> | undefined;
}

interface Link<T> {
  readonly item: T;
  older: Link<T> | undefined;
  newer: Link<T> | undefined;
}

export function createChains<T, N = string>(): Chains<T, N> {
  const latest = new Map<N, Link<T>>();
  const links = new Map<T, Link<T>>();

  return {
    add(name, item) {
      const older = latest.get(name);
      const link: Link<T> = { item, older, newer: undefined };
      if (older !== undefined) older.newer = link;
      latest.set(name, link);
      links.set(item, link);
    },
    drop(name, item) {
      const link = links.get(item);
      if (link === undefined) return;
      links.delete(item);
      const { older, newer } = link;
      if (older !== undefined) older.newer = newer;
      if (newer !== undefined) newer.older = older;
      else if (older !== undefined) latest.set(name, older);
      else latest.delete(name);
    },
    latest: (name) => latest.get(name),
  };
}
