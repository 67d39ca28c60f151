/** What an element of a sieve carries: its place in the list, and whether it was used since the hand last passed. */
export interface SieveNode<N> {
  visited: boolean;
  newer: N | undefined;
  older: N | undefined;
}

export interface Sieve<N> {
  /** Puts in a node that isn't in; it starts unvisited. */
  insert(node: N): void;
  /** Takes out a node that is in. */
  remove(node: N): void;
  /** Takes out the next victim; undefined when empty. Amortised O(1). */
  evict(): N | undefined;
}

/**
 * SIEVE (Zhang et al., NSDI '24): a queue in order of insertion, over which a hand moves from old to new, sparing
 * once what was visited. A use is `node.visited = true`, without a call, a move or an allocation.
 */
export function createSieve<N extends SieveNode<N>>(): Sieve<N> {
  let newest: N | undefined;
  let oldest: N | undefined;
  let hand: N | undefined;

  function remove(node: N): void {
    if (hand === node) hand = node.newer;
    if (node.newer === undefined) newest = node.older;
    else node.newer.older = node.older;
    if (node.older === undefined) oldest = node.newer;
    else node.older.newer = node.newer;
    node.newer = undefined;
    node.older = undefined;
  }

  return {
    insert(node) {
      node.visited = false;
      node.newer = undefined;
      node.older = newest;
      if (newest === undefined) oldest = node;
      else newest.newer = node;
      newest = node;
    },
    remove,
    evict() {
      let victim = hand ?? oldest;
      while (victim?.visited) {
        victim.visited = false;
        victim = victim.newer ?? oldest;
      }
      if (victim === undefined) return undefined;
      hand = victim;
      remove(victim);
      return victim;
    },
  };
}
