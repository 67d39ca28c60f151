import { rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asPitwallError, PitwallError } from '../../kernel/errors.ts';
import { nextRecord } from '../clear-append.ts';
import { createClearBook, type BookChange, type ClearBook, type ClearBounds } from '../clear-book.ts';
import type { ClearDraft, ClearHead, ClearNews, ClearRecord } from '../clear-record.ts';
import { ClearRows, type StoredBook } from './sqlite-rows.ts';

/** How far a new log's numbers begin above whatever was seen of the one that it replaces. */
export const EPOCH_JUMP = 1_000_000;

/** The embedded clear log: synchronous, for the storage thread. */
export interface SqliteClears {
  /** Changes when records were lost: entries that were stored before can't be trusted. */
  readonly epoch: string;
  /** Why a new log was begun in place of the one there, for people; undefined where none was. */
  readonly damage: string | undefined;
  readonly head: ClearHead;
  since(number: number): ClearNews;
  /**
   * Returns when the record survives a power cut.
   * @throws PitwallError validation_failed, not_found (lib/cache/clear-append), storage_unavailable if it can't be written
   */
  append(draft: ClearDraft): ClearRecord;
  close(): void;
}

export interface SqliteClearsOptions extends ClearBounds {
  /** ms since the epoch. */
  wall(): number;
  newId(): string;
  /** The highest number that anybody still holds; a log that is shorter than that has lost records. */
  readonly above?: number;
}

/**
 * Opens the log in `file`, or begins one. What is damaged is thrown away whole: a log of a new epoch takes its place,
 * numbered above it, whose first clear is a hard one of everything.
 * @throws PitwallError storage_unavailable if the file can be neither read nor written
 */
export function openSqliteClears(file: string, options: SqliteClearsOptions): SqliteClears {
  const { above = 0, wall, newId } = options;
  const opened = openRows(file);
  let { rows, stored } = opened;
  let damage = opened.damage;
  if (stored !== undefined && stored.head.number < above) damage = `it ends before clear ${above}, which was made`;
  if (stored === undefined && damage === undefined && above > 0) damage = 'it is gone';
  if (rows === undefined || damage !== undefined) {
    rows?.close();
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(file + suffix, { force: true, recursive: true });
    rows = create(file);
    stored = undefined;
  }
  const own = rows;
  if (stored === undefined) {
    const lost = damage !== undefined;
    const number = lost ? Math.max(above, opened.seen) + EPOCH_JUMP : 0;
    stored = {
      epoch: newId(),
      head: { number, id: lost ? newId() : '' },
      folded: lost ? [{ service: undefined, mode: 'hard', number }] : [],
      records: [],
    };
    guarded(() => own.begin(stored as StoredBook));
  }
  const { epoch } = stored;
  let book = restore(options, stored, (change) => own.change(change, epoch));

  return {
    epoch,
    damage,
    get head() {
      return book.head;
    },
    since: (number) => book.news(number),
    append(draft) {
      const record = nextRecord(book, draft, newId(), wall());
      if (record.number <= book.head.number) return record;
      try {
        const change = book.add(record);
        own.append(record, change, book.head, epoch);
      } catch (error) {
        // The book is ahead of the file now.
        const kept = own.load();
        if (kept !== undefined) book = restore(options, kept, () => undefined);
        throw unwritable(error);
      }
      return record;
    },
    close: () => own.close(),
  };
}

/** The rows of a file that can be read, all of it, or why not. */
function openRows(file: string): {
  rows: ClearRows | undefined;
  stored: StoredBook | undefined;
  damage: string | undefined;
  seen: number;
} {
  let rows: ClearRows | undefined;
  try {
    rows = create(file);
    return { rows, stored: rows.load(), damage: undefined, seen: 0 };
  } catch (error) {
    const damage = error instanceof Error ? error.message : String(error);
    return { rows, stored: undefined, damage, seen: rows?.highest() ?? 0 };
  }
}

function create(file: string): ClearRows {
  const isNew = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
  return guarded(() => new ClearRows(new Database(file), isNew));
}

/** The book of what is stored; bounds may be narrower than when it was written. */
function restore(
  bounds: ClearBounds,
  stored: StoredBook,
  onChange: (change: BookChange & { head: ClearHead }) => void,
): ClearBook {
  const book = createClearBook(bounds);
  book.fold(stored.folded);
  for (const record of stored.records) {
    const change = book.add(record);
    if (change.dropped.length > 0) onChange({ ...change, head: stored.head });
  }
  book.jump(stored.head);
  return book;
}

function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw unwritable(error);
  }
}

function unwritable(error: unknown): PitwallError {
  return new PitwallError('storage_unavailable', `The clear log can't be written: ${asPitwallError(error).message}`, {
    cause: error,
  });
}
