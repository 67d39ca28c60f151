import { createQueue, type Queue, type QueueNode } from './queue.ts';

/** What an element of a sieve carries: its place, and how often it was used since the hand last passed. */
export interface SieveNode<N> extends QueueNode<N> {
  uses: number;
}

export interface Sieve<N> extends Queue<N> {
  /**
   * Takes out the next victim; undefined when empty. A node with uses is spared, and pays for it.
   * Amortised O(1): each step costs a use.
   * @param price how many uses being spared costs, at least 1; Infinity for what isn't spared at all
   */
  evict(price: (node: N) => number): N | undefined;
}

/** Uses that count: a node that nobody wants any more is out when the hand comes by for the fourth time. */
export const MAX_USES = 3;

/**
 * SIEVE (Zhang et al., NSDI '24) with a count instead of a bit: a queue in order of insertion, over which a hand moves
 * from old to new, sparing what was used where it stands. A use is `node.uses++`, without a call, a move or an
 * allocation.
 */
export function createSieve<N extends SieveNode<N>>(): Sieve<N> {
  const queue = createQueue<N>();
  const { remove } = queue;
  let hand: N | undefined;

  return Object.assign(queue, {
    remove(node: N): void {
      if (hand === node) hand = node.newer;
      remove(node);
    },
    evict(price: (node: N) => number): N | undefined {
      let victim = hand ?? queue.oldest;
      while (victim !== undefined && victim.uses > 0) {
        const cost = price(victim);
        if (cost === Infinity) break;
        victim.uses = Math.max(0, Math.min(victim.uses, MAX_USES) - cost);
        victim = victim.newer ?? queue.oldest;
      }
      hand = victim?.newer;
      if (victim !== undefined) remove(victim);
      return victim;
    },
  });
}
