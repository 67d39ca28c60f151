import type { ClearDraft, ClearHead, ClearNews, ClearRecord, FoldedClear } from '../clear-record.ts';

/** A clear log that several instances write, and that may lose what it was told: a flush, an old backup, a failover. */
export interface RemoteLog {
  head(): Promise<ClearHead>;
  /** What follows on `after`, a page at a time. */
  since(after: ClearHead): Promise<RemotePage>;
  /** @throws PitwallError not_found where nothing can be undone */
  append(draft: ClearDraft): Promise<ClearRecord>;
  /**
   * Goes on above what both sides have seen, so that whoever follows meets a gap, and reads the whole log. False, and
   * nothing done, where the log no longer ends at `expected`.
   */
  mend(mending: Mending): Promise<boolean>;
}

export interface RemotePage {
  /** False: the log has another record there, or none: it has lost records, or was mended. */
  readonly linked: boolean;
  readonly news: ClearNews;
  /** Records up to this number may have been folded. */
  readonly floor: number;
  /** Whether there's more after the last record. */
  readonly more: boolean;
}

/** How a log gets back what it lost. */
export interface Mending {
  /** Where the log ends; undefined for further records of a mending under way. */
  readonly expected: ClearHead | undefined;
  /** Up to this number the log and the one who mends have the same records. */
  readonly ancestor: number;
  /** The highest number that the one who mends has seen. What the log has between both gets numbers above both. */
  readonly above: number;
  /** How far above both the log goes on: never twice the same, or two mendings could give one id the same number. */
  readonly jump: number;
  /** To be raised to the log's new head. */
  readonly folded: readonly FoldedClear[];
  /** To be said again, in order, under new numbers; what the log has by its id is passed over. */
  readonly records: readonly ClearRecord[];
}

/** The least and half the most that a mended log's numbers are above whatever was seen before. */
export const MEND_JUMP = 1_000_000;
