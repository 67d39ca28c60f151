/** What an element of a queue carries: its size and its place. */
export interface QueueNode<N> {
  /** Changes only while the node is in no queue. */
  bytes: number;
  newer: N | undefined;
  older: N | undefined;
}

/** A queue in order of insertion that knows its bytes, and from which any node can be taken. All in O(1). */
export interface Queue<N> {
  readonly oldest: N | undefined;
  readonly size: number;
  readonly bytes: number;
  /** Puts in, as the newest, a node that isn't in. */
  insert(node: N): void;
  /** Takes out a node that is in. */
  remove(node: N): void;
}

export function createQueue<N extends QueueNode<N>>(): Queue<N> {
  let newest: N | undefined;
  const queue = {
    oldest: undefined as N | undefined,
    size: 0,
    bytes: 0,
    insert(node: N): void {
      node.newer = undefined;
      node.older = newest;
      if (newest === undefined) queue.oldest = node;
      else newest.newer = node;
      newest = node;
      queue.size++;
      queue.bytes += node.bytes;
    },
    remove(node: N): void {
      if (node.newer === undefined) newest = node.older;
      else node.newer.older = node.older;
      if (node.older === undefined) queue.oldest = node.newer;
      else node.older.newer = node.newer;
      node.newer = undefined;
      node.older = undefined;
      queue.size--;
      queue.bytes -= node.bytes;
    },
  };
  return queue;
}
