import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PitwallError } from '../kernel/errors.ts';

/** The configuration that was made in the console; it's what the next start runs. */
export const keptFile = (dataDir: string): string => join(dataDir, 'pitwall.yaml');

/** A text that is on disk, and not yet in the file's place. */
export interface KeptDraft {
  /** Puts it there, safe from a power cut. Rejects with `data_dir_unwritable`, the old text being there still. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** Writes a text beside `file`, readable by its owner alone. Rejects with `data_dir_unwritable`. */
export async function draftKept(file: string, text: string): Promise<KeptDraft> {
  const draft = `${file}.${process.pid}`;
  await orUnwritable(file, async () => {
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
  return {
    commit: () =>
      orUnwritable(file, async () => {
        await rename(draft, file);
        const folder = await open(dirname(file));
        try {
          await folder.sync();
        } finally {
          await folder.close();
        }
      }),
    discard: () => rm(draft, { force: true }),
  };
}

async function orUnwritable(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PitwallError('data_dir_unwritable', `The configuration can't be kept in ${file} (${why}).`, {
      cause: error,
    });
  }
}
