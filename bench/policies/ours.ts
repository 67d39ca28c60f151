import { createReplacement, type ReplacementNode } from '../../lib/cache/eviction/replacement.ts';
import type { Policy } from './policy.ts';

interface Node extends ReplacementNode<Node> {
  readonly key: string;
}

/** The product's choice on its own; ghosts are free, as the others' are. */
export function createOurs(capacity: number): Policy {
  const nodes = new Map<string, Node>();
  const replacement = createReplacement<Node>({
    budgetBytes: capacity,
    ghostBytes: () => 0,
    onForget: ({ key }) => void nodes.delete(key),
  });
  return {
    ask(key, size) {
      let node = nodes.get(key);
      if (node !== undefined && (node.place === 'main' || node.place === 'probation')) {
        node.uses++;
        return true;
      }
      if (size > capacity) return false;
      if (node === undefined) {
        node = { uses: 0, bytes: 0, usableUntil: Infinity, place: 'out', key, newer: undefined, older: undefined };
        nodes.set(key, node);
      }
      if (!replacement.admits(node, size)) return false;
      while (replacement.evictFor(size, 0) !== undefined);
      node.bytes = size;
      replacement.insert(node);
      return false;
    },
  };
}
