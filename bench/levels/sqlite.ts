import Database from 'better-sqlite3';
import type { OpenCandidate } from './candidate.ts';

const BATCH_MS = 20;

/** SQLite with the bodies inside, in the gateway's own thread; a batch is committed every 20 ms. */
export const openSqlite: OpenCandidate = (directory, budgetBytes) => {
  const db = new Database(`${directory}/bodies.db`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body BLOB)');
  const put = db.prepare('INSERT OR REPLACE INTO bodies (key, body) VALUES (?, ?)');
  const get = db.prepare<[string], Buffer>('SELECT body FROM bodies WHERE key = ?').pluck();
  const size = db.prepare<[string], number>('SELECT length(body) FROM bodies WHERE key = ?').pluck();
  const evict = db
    .prepare<[], number>('DELETE FROM bodies WHERE id = (SELECT min(id) FROM bodies) RETURNING length(body)')
    .pluck();
  let bytes = 0;
  let commit: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(commit);
    commit = undefined;
    if (db.inTransaction) db.exec('COMMIT');
  };
  return Promise.resolve({
    async write(key, body) {
      if (commit === undefined) {
        db.exec('BEGIN');
        commit = setTimeout(flush, BATCH_MS);
      }
      bytes += body.length - (size.get(key) ?? 0);
      put.run(key, body);
      while (bytes > budgetBytes) bytes -= evict.get() ?? bytes;
      return true;
    },
    read: (key) => Promise.resolve(get.get(key)),
    async close() {
      flush();
      db.close();
    },
  });
};
