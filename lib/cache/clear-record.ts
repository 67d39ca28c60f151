import type { MaybePromise } from './level.ts';

/**
 * What a clear names. `key` is a URL: every entry of it, whatever its method, selected headers or body. Prefixes and
 * globs are held against the whole URL, `https://host/path?query`; in a glob `*` stands for any run of characters.
 * With `service`, a tag, prefix or glob concerns the entries of that service only; a tag with `origin` those whose URLs
 * have that scheme and host, `http://host:port`.
 */
export type ClearScope =
  | { readonly key: string }
  | { readonly tag: string; readonly service?: string; readonly origin?: string }
  | { readonly prefix: string; readonly service?: string }
  | { readonly glob: string; readonly service?: string }
  | { readonly service: string }
  | { readonly all: true };

/** Soft: stale now. Hard: gone. */
export type ClearMode = 'soft' | 'hard';

/** What somebody wants written into the log. */
export type ClearDraft =
  | { readonly scope: ClearScope; readonly mode: ClearMode }
  /** Undo: from now on the clear with this id counts as never made. */
  | { readonly voids: string };

/** One line of the clear log. */
export type ClearRecord = ClearDraft & {
  /** Its place: 1, 2, 3… over the whole fleet; gaps only where the log was repaired. */
  readonly number: number;
  /** Stays the same where a repaired log says it again under another number. */
  readonly id: string;
  /** Wall ms at which it was written. */
  readonly at: number;
};

/** What the oldest records have become past the log's bound: one clear per service and mode. */
export interface FoldedClear {
  /** undefined: of everything. */
  readonly service: string | undefined;
  readonly mode: ClearMode;
  /** Clears every entry with a lower number. */
  readonly number: number;
}

/** The log after some number: what a follower needs to catch up. */
export interface ClearNews {
  readonly head: ClearHead;
  /** Everything folded so far; small. */
  readonly folded: readonly FoldedClear[];
  /** Records above the number asked for and above what is folded, in order. */
  readonly records: readonly ClearRecord[];
}

/** Where the log stands. Two logs with the same number and different ids have parted ways. */
export interface ClearHead {
  /** 0 before the first record. */
  readonly number: number;
  /** Id of the last record, '' before the first. */
  readonly id: string;
}

/**
 * The log that all instances share: embedded (SQLite in the storage thread) or in Redis.
 * Every implementation passes tests/suites/clear-source.ts.
 */
export interface ClearSource {
  /** Cheap: asked every 50 ms. Rejects when the log can't be reached. */
  head(): MaybePromise<ClearHead>;
  since(number: number): Promise<ClearNews>;
  /** Resolves when the record would survive what the log survives (embedded: a power cut). */
  append(draft: ClearDraft): Promise<ClearRecord>;
}
