import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PitwallError } from '../kernel/errors.ts';

/**
 * Makes sure that the data directory exists and can be written.
 * Throws `data_dir_unwritable` with one sentence that names it and the variable that changes it.
 */
export function openDataDirectory(path: string): string {
  const directory = resolve(path);
  try {
    makeDirectory(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
    return directory;
  } catch (error) {
    throw new PitwallError(
      'data_dir_unwritable',
      `The data directory ${directory} can't be written (${reasonOf(error)}): set PITWALL_DATA_DIR to one that can.`,
      { cause: error },
    );
  }
}

/** Step by step: Node's own recursive mkdir never returns where the kernel answers ENOENT for ever, as in /proc. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  mkdirSync(path);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EROFS') return 'read-only file system';
  if (code === 'EEXIST' || code === 'ENOTDIR') return "it isn't a directory";
  if (code === 'ENOENT') return "it can't be created there";
  if (code === 'ENOSPC') return 'disk full';
  return String(code ?? error);
}
