import { open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { PitwallError } from '../kernel/errors.ts';
import type { JournalRecord, JournalSubject } from './record.ts';

/** Records that go to the store together, with the subjects that they are the first to name. */
export interface JournalBatch {
  readonly records: readonly JournalRecord[];
  readonly subjects: readonly JournalSubject[];
}

/** Where records wait while the store is away, in order. */
export interface JournalSpool {
  /** What is there: batches of this process or of one before it. */
  read(): Promise<JournalBatch[]>;
  /** Resolves when a power cut can't take it back. Rejects, and leaves nothing behind, past `most` bytes or where it can't be written. */
  append(batch: JournalBatch, most: number): Promise<void>;
  clear(): Promise<void>;
}

const nullable = z.string().nullable();
const batchSchema = z.object({
  records: z.array(
    z.object({
      chain: z.string(),
      number: z.number().int(),
      at: z.number().int(),
      kind: z.enum(['command', 'outcome', 'event', 'opened', 'closed', 'gap', 'checkpoint']),
      action: z.string(),
      actor: z.string(),
      subject: nullable,
      target: nullable,
      of: z.number().int().nullable(),
      outcome: z.enum(['done', 'refused', 'failed']).nullable(),
      requestId: nullable,
      detail: z.string(),
      mac: z.string(),
    }),
  ),
  subjects: z.array(
    z.object({
      id: z.string(),
      actor: z.string(),
      name: nullable,
      address: nullable,
      agent: nullable,
      at: z.number().int(),
    }),
  ),
});

/** A file of JSON lines, one batch each. A last line without its end wasn't acknowledged, and is dropped. */
export function createJournalSpool(file: string): JournalSpool {
  /** Bytes of whole lines; undefined = the file has to be looked at. */
  let size: number | undefined;

  async function read(): Promise<JournalBatch[]> {
    const bytes = await readFile(file).catch(absent);
    size = bytes.lastIndexOf('\n') + 1;
    const lines = bytes.subarray(0, size).toString('utf8').split('\n').slice(0, -1);
    return lines.flatMap((line) => parse(line) ?? []);
  }

  return {
    read,
    async append(batch, most) {
      if (size === undefined) await read();
      const start = size ?? 0;
      const line = Buffer.from(`${JSON.stringify(batch)}\n`);
      if (start + line.length > most) throw new PitwallError('storage_unavailable', `${file} is full.`);
      const handle = await open(file, 'a', 0o600);
      try {
        await handle.truncate(start);
        await handle.writeFile(line);
        await handle.datasync();
        if (start === 0) await syncDirectory(file);
        size = start + line.length;
      } catch (error) {
        await handle.truncate(start);
        throw error;
      } finally {
        await handle.close();
      }
    },
    async clear() {
      await truncate(file, 0).catch((error: unknown) => void absent(error));
      size = 0;
    },
  };
}

function absent(error: unknown): Buffer {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
  throw error;
}

/** A new file is there after a power cut once its directory is written; Windows can't, and needn't. */
async function syncDirectory(file: string): Promise<void> {
  const directory = await open(dirname(file), 'r').catch(() => undefined);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}

function parse(line: string): JournalBatch | undefined {
  try {
    return batchSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
