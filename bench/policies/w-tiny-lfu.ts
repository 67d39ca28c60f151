import { Queue, type QueueNode } from '../../lib/cache/eviction/queue.ts';
import { createFrequencySketch } from './frequency-sketch.ts';
import type { CreatePolicy } from './policy.ts';

interface Node extends QueueNode<Node> {
  readonly key: string;
  home: Queue<Node>;
}

/**
 * W-TinyLFU (Einziger, Friedman and Manes, ACM TOS 2017) with a window of a fixed share; by bytes, a candidate must be
 * asked for more than all that it would push out (AV of Einziger et al., ACM TOS 2022).
 * @param window share of the capacity
 * @param meanSize of an entry, which gives the sketch its size
 */
export function wTinyLfu(window: number, meanSize: number): CreatePolicy {
  return (capacity) => {
    const nodes = new Map<string, Node>();
    const recent = new Queue<Node>();
    const probation = new Queue<Node>();
    const secured = new Queue<Node>();
    const sketch = createFrequencySketch(Math.ceil(capacity / meanSize));
    const recentMost = Math.max(meanSize, Math.floor(capacity * window));
    const mainMost = capacity - recentMost;

    function move(node: Node, to: Queue<Node>): void {
      node.home.remove(node);
      node.home = to;
      to.insert(node);
    }

    function drop(node: Node): void {
      node.home.remove(node);
      nodes.delete(node.key);
    }

    /** What has to go from the main part for `node`; undefined if it's worth more. */
    function victimsFor(node: Node): Node[] | undefined {
      const victims: Node[] = [];
      let over = probation.bytes + secured.bytes + node.bytes - mainMost;
      let worth = sketch.of(node.key);
      for (const { oldest } of [probation, secured]) {
        for (let victim = oldest; victim !== undefined && over > 0; victim = victim.newer) {
          victims.push(victim);
          over -= victim.bytes;
          worth -= sketch.of(victim.key);
          if (worth <= 0) return undefined;
        }
      }
      return over > 0 ? undefined : victims;
    }

    function judge(candidate: Node): void {
      const victims = victimsFor(candidate);
      for (const victim of victims ?? [candidate]) drop(victim);
      if (victims !== undefined) move(candidate, probation);
    }

    return {
      ask(key, size) {
        sketch.add(key);
        const known = nodes.get(key);
        if (known !== undefined) {
          move(known, known.home === recent ? recent : secured);
          while (secured.bytes > 0.8 * mainMost && secured.oldest !== undefined) move(secured.oldest, probation);
          return true;
        }
        if (size > capacity) return false;
        const node: Node = { key, bytes: size, home: recent, newer: undefined, older: undefined };
        nodes.set(key, node);
        recent.insert(node);
        while (recent.bytes > recentMost && recent.oldest !== undefined) judge(recent.oldest);
        return false;
      },
    };
  };
}
