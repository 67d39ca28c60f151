import type { JournalPage, JournalQuery } from '../contracts/journal.ts';
import type { JournalHead, JournalRecord, JournalSubject } from './record.ts';

/** A page of some kinds of commands: `actions` narrows it to these operations. */
export type JournalPageQuery = JournalQuery & { readonly actions?: readonly string[] };

/** Where the journal is written, and read by people. Every method may reject, with `storage_unavailable` where the database is away. */
export interface JournalStore {
  /**
   * Writes all or nothing, and resolves when a power cut can't take it back. What is there already stays as it is.
   * Rejects with `conflict` where another record has a place that one of `records` asks for.
   */
  append(records: readonly JournalRecord[], subjects: readonly JournalSubject[]): Promise<void>;
  /**
   * Newest first; a command comes with its outcome and who it was. A page looks at a bounded number of records: where
   * it found less than its limit, `next` goes on behind them. Rejects with `validation_failed` for a bad cursor.
   */
  page(query: JournalPageQuery): Promise<JournalPage>;
  /**
   * Takes name, address and agent out of everything that `actor` did, and out of what a stranger did under the actor's
   * e-mail address: log-ins and links are used by strangers. How many subjects that were.
   * @param email the actor's address, in any case; those in the names that the journal has of them count as well
   */
  erase(actor: string, email?: string): Promise<number>;
  /** The end of the newest chain of an instance; null when there is none. */
  last(instance: string): Promise<(JournalHead & { readonly closed: boolean }) | null>;
}

/** A chain as it's stored. */
export interface ChainExtent {
  /** The number of its oldest record. */
  readonly first: number;
  readonly head: JournalHead;
  /** The head of the chain before it, which its record `opened` names. */
  readonly previous: JournalHead | null;
}

export interface PruneBounds {
  /** Records from before go, ms since the epoch. */
  readonly before: number;
  /** And all but the newest; undefined = no bound. */
  readonly keep?: number | undefined;
}

export interface PruneSlice {
  readonly cuts: readonly JournalHead[];
  readonly checkpoints: readonly JournalRecord[];
  /** There is more to prune when this is done. */
  readonly more: boolean;
}

/** The journal as a whole: for those who check it or cut its old end off. */
export interface JournalArchive {
  chains(): Promise<ChainExtent[]>;
  /** The records after the number `after` in order, at most `limit`, with the subjects that they name. */
  read(
    chain: string,
    after: number,
    limit: number,
  ): Promise<{ readonly records: readonly JournalRecord[]; readonly subjects: readonly JournalSubject[] }>;
  /** Per chain the last record that may go (with all before it), and every checkpoint so far: a slice of what may go. */
  prunable(bounds: PruneBounds): Promise<PruneSlice>;
  /**
   * Drops all records up to the cuts at once; how many.
   * @param before subjects that are older and that nothing names any more go too; undefined = leave them
   */
  prune(cuts: readonly JournalHead[], before: number | undefined): Promise<number>;
}
