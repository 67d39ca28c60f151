import { truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { PitwallError } from '../kernel/errors.ts';

/** Holds a directory for one owner; the operating system gives it back when the process ends, however it ends. */
export interface DiskLock {
  release(): void;
}

/**
 * Takes the lock `file`. SQLite locks alike everywhere and between threads, which Node has no call for.
 * @throws PitwallError `data_dir_locked` when another holds it
 */
export function lockDisk(file: string, directory: string): DiskLock {
  try {
    return take(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'SQLITE_BUSY')
      throw new PitwallError(
        'data_dir_locked',
        `Another Pitwall uses the data directory ${directory}: set PITWALL_DATA_DIR to one of its own.`,
        { cause: error },
      );
    if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw error;
    // Nobody holds it, and nothing belongs in it.
    truncateSync(file, 0);
    return take(file);
  }
}

function take(file: string): DiskLock {
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw error;
  }
  return { release: () => db.close() };
}
