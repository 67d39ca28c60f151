/**
 * What a failure calls for: waiting until the segments (`disk`) or the index can be written again, or starting anew.
 */
export interface Trouble {
  readonly kind: 'disk' | 'index' | 'damaged';
  readonly why: string;
}

/** SQLite's codes for a file that can't be written just now. All others say that the index can't be used. */
const UNWRITABLE =
  /^SQLITE_(FULL|READONLY|CANTOPEN|BUSY|NOMEM|IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|LOCK|NOMEM|DELETE))/;

/** Judges an error of the index or of the file system. */
export function judgeTrouble(error: unknown): Trouble {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : String(error);
  if (code.startsWith('SQLITE_')) {
    if (!UNWRITABLE.test(code)) return { kind: 'damaged', why: text };
    return { kind: 'index', why: code === 'SQLITE_FULL' ? 'the disk is full' : text };
  }
  if (error instanceof Error && 'syscall' in error) {
    if (code === 'ENOSPC') return { kind: 'disk', why: 'the disk is full' };
    if (code === 'EDQUOT') return { kind: 'disk', why: 'the disk quota is used up' };
    return { kind: 'disk', why: text };
  }
  return { kind: 'damaged', why: text };
}
