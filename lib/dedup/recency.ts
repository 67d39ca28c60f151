/** A link of a list in order of use. Belongs to one list at most. */
export interface RecencyNode {
  newer: RecencyNode | undefined;
  older: RecencyNode | undefined;
}

/** Nodes in order of use; each step is O(1) and allocates nothing. */
export interface Recency<N extends RecencyNode> {
  /** Adds a node as the newest. */
  add(node: N): void;
  /** Makes a node of the list its newest. */
  touch(node: N): void;
  remove(node: N): void;
  oldest(): N | undefined;
  clear(): void;
}

export function createRecency<N extends RecencyNode>(): Recency<N> {
  let newest: RecencyNode | undefined;
  let oldest: RecencyNode | undefined;

  function add(node: N): void {
    node.newer = undefined;
    node.older = newest;
    if (newest === undefined) oldest = node;
    else newest.newer = node;
    newest = node;
  }

  function remove(node: N): void {
    if (node.newer === undefined) newest = node.older;
    else node.newer.older = node.older;
    if (node.older === undefined) oldest = node.newer;
    else node.older.newer = node.newer;
  }

  return {
    add,
    remove,
    touch(node) {
      if (newest === node) return;
      remove(node);
      add(node);
    },
    oldest: () => oldest as N | undefined,
    clear() {
      newest = undefined;
      oldest = undefined;
    },
  };
}
