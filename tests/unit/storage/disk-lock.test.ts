import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDisk } from '../../../lib/storage/disk-lock.ts';
import { removeDirectory, temporaryDirectory } from '../../support/disk-store.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => removeDirectory(directory));

describe('the lock of a data directory', () => {
  it('is one owner’s until it’s released', () => {
    const file = join(directory, 'lock');
    const lock = lockDisk(file, directory);
    expect(() => lockDisk(file, directory)).toThrow(expect.objectContaining({ code: 'data_dir_locked' }));
    lock.release();
    lockDisk(file, directory).release();
  });

  it('is taken whatever is in its file', () => {
    const file = join(directory, 'lock');
    writeFileSync(file, 'x'.repeat(5_000));
    lockDisk(file, directory).release();
  });

  it('says what else is wrong', () => {
    expect(() => lockDisk(directory, directory)).toThrow(expect.objectContaining({ code: 'SQLITE_CANTOPEN' }));
  });
});
