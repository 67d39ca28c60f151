import { crc32 } from 'node:zlib';
import type { Database, Statement } from 'better-sqlite3';
import type { BookChange } from '../clear-book.ts';
import type { ClearHead, ClearRecord, FoldedClear } from '../clear-record.ts';
import { parseRecord } from '../clear-scope.ts';

/** A clear log as its file has it. */
export interface StoredBook {
  readonly epoch: string;
  readonly head: ClearHead;
  readonly folded: readonly FoldedClear[];
  readonly records: readonly ClearRecord[];
}

/** What the one row of `log` says; the counts tell of rows that are missing. */
interface Top {
  readonly epoch: string;
  readonly head: ClearHead;
  readonly records: number;
  readonly folds: number;
}

interface Row {
  readonly number: number;
  readonly json: string;
  readonly crc: number;
}

/** Of the tables below; another one's file is thrown away. */
const VERSION = 1;
const TABLES = `
  BEGIN;
  CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, json TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS records (number INTEGER PRIMARY KEY, json TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS folds (
    name TEXT PRIMARY KEY, number INTEGER NOT NULL, json TEXT NOT NULL, crc INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${VERSION};
  COMMIT;
`;

/**
 * The tables of the clear log, each row with its checksum. Without a write-ahead log: SQLite would take a damaged one
 * for a shorter one, and clears would be lost in silence. synchronous=EXTRA: what is committed survives a power cut.
 */
export class ClearRows {
  readonly #db: Database;
  readonly #putTop: Statement;
  readonly #putRecord: Statement;
  readonly #dropRecord: Statement;
  readonly #putFold: Statement;

  /** @throws what SQLite says of a file that isn't one of its own, or is damaged; without `isNew` also of an empty one */
  constructor(db: Database, isNew: boolean) {
    this.#db = db;
    try {
      db.pragma('journal_mode = DELETE');
      db.pragma('synchronous = EXTRA');
      const version = db.pragma('user_version', { simple: true });
      if (version !== 0 && version !== VERSION) throw new Error(`it is of version ${String(version)}`);
      // SQLite takes a file that was cut within its first bytes for an empty one.
      if (version === 0 && !isNew) throw new Error('it was cut short');
      if (version === 0) db.exec(TABLES);
      this.#putTop = db.prepare('INSERT OR REPLACE INTO log VALUES (0, ?, ?)');
      this.#putRecord = db.prepare('INSERT INTO records VALUES (?, ?, ?)');
      this.#dropRecord = db.prepare('DELETE FROM records WHERE number = ?');
      this.#putFold = db.prepare('INSERT OR REPLACE INTO folds VALUES (?, ?, ?, ?)');
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Everything; undefined in a new file. @throws if a row is damaged or missing */
  load(): StoredBook | undefined {
    const check = this.#db.pragma('quick_check(1)', { simple: true });
    if (check !== 'ok') throw new Error(`SQLite finds it damaged (${String(check)})`);
    const top = this.#db.prepare<[], Row>('SELECT * FROM log').all();
    const rows = this.#db.prepare<[], Row>('SELECT * FROM records ORDER BY number').all();
    const folds = this.#db.prepare<[], Row>('SELECT number, json, crc FROM folds ORDER BY number').all();
    const [first] = top;
    if (first === undefined) {
      if (rows.length + folds.length > 0) throw new Error('its first row is missing');
      return undefined;
    }
    for (const row of [first, ...rows, ...folds]) {
      if (row.crc !== checksum(row.number, row.json)) throw new Error(`row ${row.number} is damaged`);
    }
    const { epoch, head, ...counts } = JSON.parse(first.json) as Top;
    if (counts.records !== rows.length || counts.folds !== folds.length) throw new Error('rows are missing');
    const records = rows.map(({ json, number }) => parseRecord(json, number));
    if (!records.every((record) => record !== undefined)) throw new Error('it holds what is no clear');
    return { epoch, head, folded: folds.map(({ json }) => parseFold(json)), records };
  }

  /** The highest number that any readable row speaks of; 0 if none can be read. */
  highest(): number {
    let highest = 0;
    for (const table of ['log', 'records', 'folds']) {
      try {
        for (const row of this.#db.prepare<[], Row>(`SELECT number, json, crc FROM ${table}`).iterate()) {
          if (row.crc !== checksum(row.number, row.json)) continue;
          const { head } = JSON.parse(row.json) as Partial<Top>;
          highest = Math.max(highest, row.number, head?.number ?? 0);
        }
      } catch {
        // This table ends here.
      }
    }
    return highest;
  }

  begin({ epoch, head, folded }: StoredBook): void {
    this.#db.transaction(() => {
      for (const fold of folded) this.#writeFold(fold);
      this.#writeTop(epoch, head);
    })();
  }

  append(record: ClearRecord, change: BookChange, head: ClearHead, epoch: string): void {
    this.#db.transaction(() => {
      const { number, ...rest } = record;
      const json = JSON.stringify(rest);
      this.#putRecord.run(number, json, checksum(number, json));
      this.#write(change, head, epoch);
    })();
  }

  /** What narrower bounds change. */
  change({ head, ...change }: BookChange & { head: ClearHead }, epoch: string): void {
    this.#db.transaction(() => this.#write(change, head, epoch))();
  }

  #write({ dropped, raised }: BookChange, head: ClearHead, epoch: string): void {
    for (const { number } of dropped) this.#dropRecord.run(number);
    for (const fold of raised) this.#writeFold(fold);
    this.#writeTop(epoch, head);
  }

  #writeFold(fold: FoldedClear): void {
    const json = JSON.stringify({ ...fold, service: fold.service ?? null });
    this.#putFold.run(
      `${fold.mode} ${JSON.stringify(fold.service ?? null)}`,
      fold.number,
      json,
      checksum(fold.number, json),
    );
  }

  #writeTop(epoch: string, head: ClearHead): void {
    const count = (table: string): number =>
      this.#db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    const json = JSON.stringify({ epoch, head, records: count('records'), folds: count('folds') } satisfies Top);
    this.#putTop.run(json, checksum(0, json));
  }

  close(): void {
    this.#db.close();
  }
}

function parseFold(json: string): FoldedClear {
  const { service, ...rest } = JSON.parse(json) as Omit<FoldedClear, 'service'> & { service: string | null };
  return { ...rest, service: service ?? undefined };
}

function checksum(number: number, json: string): number {
  return crc32(`${number} ${json}`);
}
