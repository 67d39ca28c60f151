import { readPruned } from './detail.ts';
import type { ChainExtent } from './journal-store.ts';
import type { JournalHead, JournalRecord } from './record.ts';

/**
 * What a new checkpoint says: the cuts that follow, and of the checkpoints before it what is still needed, since they
 * may go too. That is the start of a chain that was cut, and the head of a chain that is named by the one after it.
 */
export function mergeCheckpoints(
  cuts: readonly JournalHead[],
  checkpoints: readonly JournalRecord[],
  chains: readonly ChainExtent[],
): JournalHead[] {
  const needed = new Set(
    chains.flatMap(({ first, head, previous }) => (first > 1 ? head.chain : (previous?.chain ?? []))),
  );
  const merged = new Map<string, JournalHead>();
  for (const head of [...checkpoints.flatMap(readPruned).filter(({ chain }) => needed.has(chain)), ...cuts]) {
    if (head.number > (merged.get(head.chain)?.number ?? 0)) merged.set(head.chain, head);
  }
  return [...merged.values()];
}
