import Database from 'better-sqlite3';

/** Where a record is, and what it is without reading it. Hashes are `hash53`. */
export interface Row {
  /** Hash of the entry's key. */
  readonly key: number;
  /** Unique in the directory; newer is higher. */
  readonly id: number;
  /** Hash of the selecting headers and their values. */
  readonly variant: number;
  readonly segment: number;
  readonly offset: number;
  /** Of the record in its segment, bytes. */
  readonly length: number;
  /** As `Entry.bytes` accounts. */
  readonly bytes: number;
}

export interface SegmentTotal {
  readonly segment: number;
  readonly entries: number;
  readonly bytes: number;
}

/** The index of the records, in SQLite. What is changed belongs to one transaction until `commit`. */
export interface EntryIndex {
  /** Ids up from here were never given. */
  readonly firstId: number;
  /** The latest shared time written down, ms. */
  readonly seen: number;
  /** Changes since the last commit. */
  readonly changes: number;
  /** False once SQLite has given up the changes by itself, as it may when the disk is full. */
  readonly inTransaction: boolean;
  /** Rows of a key, newest first. */
  find(key: number): Row[];
  get(key: number, id: number): Row | undefined;
  /** Rows of extended keys of a URL. */
  ofUrl(url: number): Row[];
  /** Up to `limit` rows of a segment, oldest first. */
  ofSegment(segment: number, limit: number): Row[];
  totals(): SegmentTotal[];
  insert(row: Row, url: number | null): void;
  delete(row: Pick<Row, 'key' | 'id'>): void;
  move(row: Row, segment: number, offset: number): void;
  deleteSegment(segment: number): void;
  /** @param seen the latest shared time, written down with it */
  commit(seen: number): void;
  rollback(): void;
  /** Gives pages that nothing uses back to the file system, some at a time. */
  shrink(): void;
  close(): void;
}

/** The index is another version's, another log's, or none: nothing of it can be used. */
export class ForeignIndex extends Error {}

const APPLICATION = 0x50_57_4c_33;
const VERSION = 1;
/** Ids that one opening may give. */
const IDS = 2 ** 32;
/** Pages of 4 KiB in the WAL before they are taken into the file. */
const CHECKPOINT_PAGES = 4_000;
const SCHEMA = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE entries (
    key INTEGER NOT NULL, id INTEGER NOT NULL, variant INTEGER NOT NULL, url INTEGER, segment INTEGER NOT NULL,
    offset INTEGER NOT NULL, length INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (key, id)
  ) WITHOUT ROWID;
  CREATE INDEX by_segment ON entries (segment, id, bytes);
  CREATE INDEX by_url ON entries (url) WHERE url IS NOT NULL;
`;
const COLUMNS = 'key, id, variant, segment, offset, length, bytes';

/**
 * Opens the index in `file`, or makes one that belongs to `epoch`.
 * @throws ForeignIndex when it isn't this version's or this epoch's, SqliteError when it can't be read or written
 */
export function openEntryIndex(file: string, epoch: string): EntryIndex {
  const db = new Database(file, { timeout: 0 });
  try {
    return useIndex(db, epoch);
  } catch (error) {
    db.close();
    throw error;
  }
}

function useIndex(db: Database.Database, epoch: string): EntryIndex {
  // Alone: no shared memory beside it, and the WAL's index in our own. NORMAL syncs at checkpoints only: a power cut
  // loses what came after the last, never the order.
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${CHECKPOINT_PAGES * 4_096}`);
  db.pragma('cache_size = -8192');
  db.pragma('trusted_schema = OFF');
  const empty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (empty) {
    db.transaction(() => {
      db.pragma(`application_id = ${APPLICATION}`);
      db.pragma(`user_version = ${VERSION}`);
      db.exec(SCHEMA);
      const about = db.prepare('INSERT INTO about VALUES (?, ?)');
      about.run('epoch', epoch);
      about.run('ids', 1);
      about.run('seen', 0);
    })();
  }
  const pragma = (name: string): unknown => db.pragma(name, { simple: true });
  if (pragma('application_id') !== APPLICATION || pragma('user_version') !== VERSION)
    throw new ForeignIndex('it is of another version');
  const about = db.prepare<[string], unknown>('SELECT value FROM about WHERE name = ?').pluck();
  const note = db.prepare('UPDATE about SET value = ? WHERE name = ?');
  if (about.get('epoch') !== epoch) throw new ForeignIndex('it belongs to another clear log');
  const [firstId, seen] = [about.get('ids'), about.get('seen')];
  if (!Number.isSafeInteger(firstId) || typeof seen !== 'number') throw new ForeignIndex('it is damaged');

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const find = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM entries WHERE key = ? ORDER BY id DESC`);
  const get = db.prepare<[number, number], Row>(`SELECT ${COLUMNS} FROM entries WHERE key = ? AND id = ?`);
  const ofUrl = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM entries WHERE url = ?`);
  const ofSegment = db.prepare<[number, number], Row>(
    `SELECT ${COLUMNS} FROM entries INDEXED BY by_segment WHERE segment = ? ORDER BY id LIMIT ?`,
  );
  const totals = db.prepare<[], SegmentTotal>(
    'SELECT segment, count(*) AS entries, sum(bytes) AS bytes FROM entries INDEXED BY by_segment GROUP BY segment',
  );
  const insert = db.prepare(
    'INSERT INTO entries (key, id, variant, url, segment, offset, length, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM entries WHERE key = ? AND id = ?');
  const move = db.prepare('UPDATE entries SET segment = ?, offset = ? WHERE key = ? AND id = ?');
  const deleteSegment = db.prepare('DELETE FROM entries WHERE segment = ?');
  let changes = 0;
  /** Whether the ids that are given from now on are written down: only a change needs it, a full disk can be read. */
  let reserved = false;

  function change(): void {
    if (changes === 0) begin.run();
    changes += 1;
    if (!reserved) note.run((firstId as number) + IDS, 'ids');
    reserved = true;
  }

  return {
    firstId: firstId as number,
    seen,
    get changes() {
      return changes;
    },
    get inTransaction() {
      return db.inTransaction;
    },
    find: (key) => sound(find.all(key)),
    get: (key, id) => sound(get.all(key, id))[0],
    ofUrl: (url) => sound(ofUrl.all(url)),
    ofSegment: (segment, limit) => sound(ofSegment.all(segment, limit)),
    totals: () => sound(totals.all()),
    insert(row, url) {
      change();
      insert.run(row.key, row.id, row.variant, url, row.segment, row.offset, row.length, row.bytes);
    },
    delete(row) {
      change();
      remove.run(row.key, row.id);
    },
    move(row, segment, offset) {
      change();
      move.run(segment, offset, row.key, row.id);
    },
    deleteSegment(segment) {
      change();
      deleteSegment.run(segment);
    },
    commit(latest) {
      if (changes === 0) return;
      note.run(latest, 'seen');
      commit.run();
      changes = 0;
    },
    rollback() {
      changes = 0;
      reserved = false;
      if (db.inTransaction) db.exec('ROLLBACK');
    },
    shrink() {
      db.pragma('incremental_vacuum(256)');
    },
    close() {
      db.close();
    },
  };
}

/** Damage can put anything where a number was. @throws Error then */
function sound<T extends object>(rows: T[]): T[] {
  for (const row of rows)
    for (const value of Object.values(row))
      if (!Number.isSafeInteger(value) || value < 0) throw new Error('the index holds what was never written');
  return rows;
}
