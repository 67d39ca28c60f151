import { readFileSync, statSync } from 'node:fs';

/** Largest file that a configuration may name, bytes. */
const MOST_BYTES = 4_194_304;

/**
 * Reads a file that a configuration names (`ca`). Throws for what is no plain file of at most 4 MiB: a pipe would hold
 * the thread up, a device would never end.
 */
export function readNamedFile(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile()) throw Object.assign(new Error('no plain file'), { code: 'no plain file' });
  if (stat.size > MOST_BYTES) throw Object.assign(new Error('too large'), { code: 'larger than 4 MiB' });
  return readFileSync(path, 'utf8');
}
