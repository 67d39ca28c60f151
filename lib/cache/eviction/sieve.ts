import { Queue, type QueueNode } from './queue.ts';

/** What an element of a sieve carries: its place, and how often it was used since the hand last passed. */
export interface SieveNode<N> extends QueueNode<N> {
  uses: number;
}

/** Uses that count: a node that nobody wants any more is out when the hand comes by for the fourth time. */
export const MAX_USES = 3;

/**
 * SIEVE (Zhang et al., NSDI '24) with a count instead of a bit: a queue in order of insertion, over which a hand moves
 * from old to new, sparing what was used where it stands. A use is `node.uses++`, without a call, a move or an
 * allocation.
 */
export class Sieve<N extends SieveNode<N>> extends Queue<N> {
  #hand: N | undefined;

  override remove(node: N): void {
    if (this.#hand === node) this.#hand = node.newer;
    super.remove(node);
  }

  /**
   * Takes out the next victim; undefined when empty. A node with uses is spared, and pays for it.
   * Amortised O(1): each step costs a use.
   * @param price how many uses being spared costs, at least 1; Infinity for what isn't spared at all
   */
  evict(price: (node: N) => number): N | undefined {
    let victim = this.#hand ?? this.oldest;
    while (victim !== undefined && victim.uses > 0) {
      const cost = price(victim);
      if (cost === Infinity) break;
      victim.uses = Math.max(0, Math.min(victim.uses, MAX_USES) - cost);
      victim = victim.newer ?? this.oldest;
    }
    this.#hand = victim?.newer;
    if (victim !== undefined) super.remove(victim);
    return victim;
  }
}
