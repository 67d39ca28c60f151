/** What an element of a queue carries: its size and its place. */
export interface QueueNode<N> {
  /** Changes only while the node is in no queue. */
  bytes: number;
  newer: N | undefined;
  older: N | undefined;
}

/** A queue in order of insertion that knows its bytes, and from which any node can be taken. All in O(1). */
export class Queue<N extends QueueNode<N>> {
  /** Only the queue itself writes its fields. */
  oldest: N | undefined;
  newest: N | undefined;
  size = 0;
  bytes = 0;

  /** Puts in, as the newest, a node that isn't in. */
  insert(node: N): void {
    const { newest } = this;
    node.newer = undefined;
    node.older = newest;
    if (newest === undefined) this.oldest = node;
    else newest.newer = node;
    this.newest = node;
    this.size++;
    this.bytes += node.bytes;
  }

  /** Takes out a node that is in. */
  remove(node: N): void {
    const { newer, older } = node;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    node.newer = undefined;
    node.older = undefined;
    this.size--;
    this.bytes -= node.bytes;
  }
}
