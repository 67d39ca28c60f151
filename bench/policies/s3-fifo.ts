import { Queue, type QueueNode } from '../../lib/cache/eviction/queue.ts';
import type { Policy } from './policy.ts';

interface Node extends QueueNode<Node> {
  readonly key: string;
  uses: number;
}

/** S3-FIFO as in the paper (Yang et al., SOSP '23): a tenth for the small queue, a ghost for each entry. */
export function createS3Fifo(capacity: number): Policy {
  const nodes = new Map<string, Node>();
  const small = new Queue<Node>();
  const main = new Queue<Node>();
  const ghosts = new Set<string>();

  function remember(key: string): void {
    ghosts.delete(key);
    ghosts.add(key);
    while (ghosts.size > Math.max(1, nodes.size)) ghosts.delete(ghosts.keys().next().value as string);
  }

  function evictMain(): void {
    for (let node = main.oldest; node !== undefined; node = main.oldest) {
      main.remove(node);
      if (node.uses === 0) return void nodes.delete(node.key);
      node.uses--;
      main.insert(node);
    }
  }

  function evict(): void {
    while (small.oldest !== undefined && (small.bytes >= capacity / 10 || main.size === 0)) {
      const node = small.oldest;
      small.remove(node);
      if (node.uses <= 1) {
        nodes.delete(node.key);
        remember(node.key);
        return;
      }
      node.uses = 0;
      main.insert(node);
    }
    evictMain();
  }

  return {
    ask(key, size) {
      const known = nodes.get(key);
      if (known !== undefined) {
        if (known.uses < 3) known.uses++;
        return true;
      }
      if (size > capacity) return false;
      while (small.bytes + main.bytes + size > capacity) evict();
      const node: Node = { key, bytes: size, uses: 0, newer: undefined, older: undefined };
      nodes.set(key, node);
      (ghosts.delete(key) ? main : small).insert(node);
      return false;
    },
  };
}
