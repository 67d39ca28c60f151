import { ROOT, macOf, type JournalHead, type JournalRecord } from './record.ts';

/** What was found wrong first in a chain. `number` is the record that it was found at. */
export interface ChainFault {
  readonly fault: 'changed' | 'missing' | 'out of order' | 'foreign' | 'cut' | 'anchor' | 'subject';
  readonly number: number;
}

/** What is known of a chain from outside of it. */
export interface ChainExpectations {
  /** The last records that were pruned, by checkpoints. */
  readonly pruned: readonly JournalHead[];
  /** Heads that were seen at some time: the log's anchors, and what later chains name. */
  readonly anchors: readonly JournalHead[];
}

export interface ChainCheck {
  /** The next records, in the order in which they're stored; whether all is well so far. */
  take(records: readonly JournalRecord[]): boolean;
  /** After the last record. */
  end(): ChainFault | undefined;
}

/**
 * Checks one chain record by record. It may begin with its first record, or right after a record that a checkpoint says
 * was pruned. Without anchors records that are gone from its end can't be missed.
 */
export function checkChain(chain: string, key: Buffer, { pruned, anchors }: ChainExpectations): ChainCheck {
  const starts = new Map(pruned.filter((head) => head.chain === chain).map(({ number, mac }) => [number, mac]));
  const gone = Math.max(0, ...starts.keys());
  const expected = Map.groupBy(
    anchors.filter((head) => head.chain === chain),
    ({ number }) => number,
  );
  const highest = Math.max(0, ...expected.keys());
  let last: { readonly number: number; readonly mac: string } | undefined;
  let found: ChainFault | undefined;

  function next(record: JournalRecord): ChainFault | undefined {
    const { number } = record;
    if (record.chain !== chain) return { fault: 'foreign', number };
    const before = last ?? { number: number - 1, mac: number === 1 ? ROOT : starts.get(number - 1) };
    if (before.mac === undefined) return { fault: 'missing', number };
    if (number !== before.number + 1) return { fault: number > before.number + 1 ? 'missing' : 'out of order', number };
    if (macOf(key, before.mac, record) !== record.mac) return { fault: 'changed', number };
    if (expected.get(number)?.some(({ mac }) => mac !== record.mac) === true) return { fault: 'anchor', number };
    if (starts.has(number) && starts.get(number) !== record.mac) return { fault: 'anchor', number };
    last = { number, mac: record.mac };
    return undefined;
  }

  return {
    take(records) {
      for (const record of records) found ??= next(record);
      return found === undefined;
    },
    end() {
      const reached = Math.max(last?.number ?? 0, gone);
      // What a checkpoint says was pruned is known to the end, with its mac.
      const contradicted = expected.get(gone)?.some(({ mac }) => mac !== starts.get(gone)) === true && gone > 0;
      if (contradicted) found ??= { fault: 'anchor', number: gone };
      if (highest > reached || gone > (last?.number ?? gone)) found ??= { fault: 'cut', number: reached + 1 };
      return found;
    },
  };
}
