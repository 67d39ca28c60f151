import { Queue, type QueueNode } from '../../lib/cache/eviction/queue.ts';
import type { Policy } from './policy.ts';

interface Node extends QueueNode<Node> {
  readonly key: string;
  visited: boolean;
}

/** SIEVE as in the paper (Zhang et al., NSDI '24). */
export function createSievePolicy(capacity: number): Policy {
  const nodes = new Map<string, Node>();
  const queue = new Queue<Node>();
  let hand: Node | undefined;

  function evict(): void {
    let victim = hand ?? queue.oldest;
    while (victim?.visited) {
      victim.visited = false;
      victim = victim.newer ?? queue.oldest;
    }
    if (victim === undefined) return;
    hand = victim.newer;
    queue.remove(victim);
    nodes.delete(victim.key);
  }

  return {
    ask(key, size) {
      const known = nodes.get(key);
      if (known !== undefined) {
        known.visited = true;
        return true;
      }
      if (size > capacity) return false;
      while (queue.bytes + size > capacity) evict();
      const node: Node = { key, bytes: size, visited: false, newer: undefined, older: undefined };
      nodes.set(key, node);
      queue.insert(node);
      return false;
    },
  };
}
