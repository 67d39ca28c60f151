import { createHash } from 'node:crypto';
import { versionNoteSchema, type ConfigVersion } from '../contracts/config-versions.ts';
import type { JournalEntry } from '../contracts/journal.ts';

/** Hex digits of a version's id. */
const ID_LENGTH = 12;

/** SHA-256 in hex. @param text without secrets */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const versionIdOf = (hash: string): string => hash.slice(0, ID_LENGTH);

/** The version that came to run by this; undefined where none did, or it can't be read. */
export function versionOf({ kind, outcome, after, at, actor, who }: JournalEntry): ConfigVersion | undefined {
  if (kind !== 'command' || outcome !== 'done') return undefined;
  const note = versionNoteSchema.safeParse(after);
  if (!note.success) return undefined;
  const { version, ...rest } = note.data;
  return { id: version, ...rest, at, actor, who };
}
