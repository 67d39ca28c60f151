import { createHash } from 'node:crypto';
import type { Entry } from '../../lib/cache/entry.ts';
import { sampleEntry } from './sample-entry.ts';

/** Keys that the writer to be killed goes round. */
export const WRITER_KEYS = 200;

/** The one right entry of a key and version; some are large. */
export function writtenEntry(key: number, version: number): Entry {
  const seed = createHash('sha256').update(`${key} ${version}`).digest();
  const size = version % 97 === 0 ? 1_500_000 : 100 + (version % 13) * 1_000;
  return sampleEntry({ key: `key ${key}`, clearNumber: version, body: Buffer.alloc(size, seed) });
}
