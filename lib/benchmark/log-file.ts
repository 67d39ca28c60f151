import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PitwallError } from '../kernel/errors.ts';
import { createAccessLineParser, type AccessLine } from './access-log.ts';

/** A line that can't be replayed. */
export interface SkippedLine {
  /** From 1. */
  readonly number: number;
  readonly reason: string;
  /** Its beginning, for people. */
  readonly excerpt: string;
}

/** One batch: what a chunk of the file held. */
export interface LogBatch {
  readonly lines: readonly AccessLine[];
  readonly skipped: readonly SkippedLine[];
}

export interface LogFile {
  /** Size on disk, bytes. */
  readonly size: number;
  /** Of those, how many are behind the lines handed out so far. */
  bytesRead(): number;
  /** Reads on as it's asked for; memory is bounded by a chunk and MAX_LINE. Once only. */
  batches(): AsyncIterable<LogBatch>;
}

/** Longest line that is parsed, bytes. */
export const MAX_LINE = 65_536;
const EXCERPT = 80;
const CHUNK = 65_536;
const NEWLINE = 0x0a;

/**
 * Opens an access log, gzip or not (told by its first bytes). Bytes are read as Latin-1, so that a path's bytes stay what they are.
 * A damaged gzip file yields what could be read, then one skipped line that says so.
 * Rejects with `not_found` if it can't be opened.
 */
export async function openLogFile(path: string): Promise<LogFile> {
  const { size, gzip } = await inspect(path);
  const file = createReadStream(path, { highWaterMark: CHUNK });
  if (gzip) {
    const gunzip = createGunzip({ chunkSize: CHUNK });
    // A failure of either ends both; the reader sees it as the stream's error.
    const batches = (): AsyncIterable<LogBatch> =>
      parseChunks(
        pipeline(file, gunzip, () => undefined),
        () => file.destroy(),
      );
    return { size, bytesRead: () => gunzip.bytesWritten, batches };
  }
  let bytesRead = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      bytesRead += chunk.length;
      yield chunk;
    }
  }
  return { size, bytesRead: () => bytesRead, batches: () => parseChunks(chunks()) };
}

async function inspect(path: string): Promise<{ size: number; gzip: boolean }> {
  try {
    const handle = await open(path);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new Error('not a file');
      const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return { size: stat.size, gzip: buffer[0] === 0x1f && buffer[1] === 0x8b };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : (cause as Error).message;
    throw new PitwallError('not_found', `Can't read the log ${path}: ${why}`, { cause });
  }
}

/** Splits bytes into lines and parses them. @param end called when the reader stops, for whatever reason */
export async function* parseChunks(
  chunks: AsyncIterable<Buffer>,
  end: () => void = () => undefined,
): AsyncGenerator<LogBatch> {
  const parse = createAccessLineParser();
  let number = 0;
  /** The beginning of a line whose end hasn't come; at most MAX_LINE bytes of it are kept. */
  let pending = Buffer.alloc(0);
  let pendingTooLong = false;

  function take(bytes: Buffer, batch: { lines: AccessLine[]; skipped: SkippedLine[] }): void {
    number += 1;
    const tooLong = pendingTooLong || bytes.length > MAX_LINE;
    let text = bytes.toString('latin1', 0, tooLong ? EXCERPT : bytes.length);
    if (text.endsWith('\r')) text = text.slice(0, -1);
    if (number === 1 && text.startsWith('\u00ef\u00bb\u00bf')) text = text.slice(3);
    const parsed = tooLong ? { ok: false as const, reason: `longer than ${MAX_LINE / 1_024} KiB` } : parse(text);
    if (parsed.ok) batch.lines.push(parsed.line);
    else batch.skipped.push({ number, reason: parsed.reason, excerpt: text.slice(0, EXCERPT) });
  }

  try {
    for await (const chunk of chunks) {
      const batch = { lines: [], skipped: [] };
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        const rest = chunk.subarray(from, at);
        take(pending.length > 0 ? Buffer.concat([pending, rest]) : rest, batch);
        pending = Buffer.alloc(0);
        pendingTooLong = false;
        from = at + 1;
      }
      const tail = chunk.subarray(from);
      if (pending.length + tail.length > MAX_LINE) pendingTooLong = true;
      pending = Buffer.concat([pending, tail.subarray(0, Math.max(0, MAX_LINE - pending.length))]);
      yield batch;
    }
  } catch (error) {
    const reason = `the file can't be read from here on (${error instanceof Error ? error.message : error})`;
    yield { lines: [], skipped: [{ number: number + 1, reason, excerpt: '' }] };
    return;
  } finally {
    end();
  }
  if (pending.length > 0) {
    const last = { lines: [], skipped: [] };
    take(pending, last);
    yield last;
  }
}
