import { close, open, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { RequestRecord } from '../contracts/control.ts';
import { PitwallError } from '../kernel/errors.ts';

const openFile = promisify(open);
const closeFile = promisify(close);
const writeFile = promisify(write);

/** Lines wait at most this long, ms. */
const FLUSH_MS = 200;
/** Pause after a failed write or reopen, ms. */
const RETRY_MS = 1_000;
/** Most lines in one write, so that joining them stays far under 5 ms. */
const BATCH_LINES = 512;

export interface AccessLog {
  /** Never throws and never waits: a full buffer drops the line. */
  write(record: RequestRecord): void;
  /** Goes on in a new file of the same name (log rotation); what is buffered goes there too. */
  reopen(): void;
  /** Writes what is buffered, if it can be written, and closes the file. */
  close(): Promise<void>;
  /** Lines lost since the start: buffer full, or failed writes. */
  readonly dropped: number;
}

export interface AccessLogOptions {
  readonly file: string;
  /** Share of requests written, over 0 up to 1. */
  readonly sample: number;
  /** What is written of a record; asked of those alone that are. */
  readonly shown?: (record: RequestRecord) => RequestRecord;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Most lines in memory. */
  readonly bufferLines?: number;
  /** Told once per spell of failure, with one sentence. */
  readonly onError?: (message: string) => void;
  /** Pause after a failure, ms. */
  readonly retryMs?: number;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The access log: JSON lines appended off the hot path (one stringify per sampled request, then
 * buffered asynchronous writes).
 * @throws PitwallError `config_invalid` when the file can't be opened at all
 */
export function createAccessLog(options: AccessLogOptions): AccessLog {
  const {
    file,
    sample,
    shown = (record) => record,
    random,
    bufferLines = 16_384,
    retryMs = RETRY_MS,
    onError = () => undefined,
  } = options;
  let fd: number;
  try {
    fd = openSync(file, 'a');
  } catch (error) {
    throw new PitwallError('config_invalid', `The access log ${file} can't be opened: ${reason(error)}.`, {
      cause: error,
    });
  }

  let lines: string[] = [];
  let dropped = 0;
  let failing = false;
  /** A failed write may have left half a line behind. */
  let torn = false;
  let reopening = false;
  let closing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;

  function fail(what: string, error: unknown): void {
    if (!failing) onError(`The access log ${file} can't be ${what}: ${reason(error)}; lines may be lost until it can.`);
    failing = true;
  }

  async function swapFile(): Promise<boolean> {
    reopening = false;
    try {
      const fresh = await openFile(file, 'a');
      const old = fd;
      fd = fresh;
      torn = false;
      // Nothing is lost by a close that fails: every write was awaited.
      await closeFile(old).catch(() => undefined);
      return true;
    } catch (error) {
      reopening = true;
      fail('reopened', error);
      return false;
    }
  }

  async function writeBatch(): Promise<boolean> {
    const batch = lines.length > BATCH_LINES ? lines.splice(0, BATCH_LINES) : lines;
    if (batch === lines) lines = [];
    let rest = Buffer.from(batch.join(''));
    try {
      if (torn) await writeFile(fd, '\n');
      while (rest.length > 0) {
        const { bytesWritten } = await writeFile(fd, rest);
        torn = rest[bytesWritten - 1] !== 0x0a;
        rest = rest.subarray(bytesWritten);
      }
      return true;
    } catch (error) {
      dropped += rest.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
      fail('written', error);
      return false;
    }
  }

  async function work(): Promise<void> {
    let swapped = true;
    if (reopening) swapped = await swapFile();
    let ok = true;
    while (ok && lines.length > 0) ok = await writeBatch();
    if (ok && swapped) failing = false;
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    working ??= work().finally(() => {
      working = undefined;
      if (closing === undefined && (lines.length > 0 || reopening)) schedule(failing ? retryMs : 0);
    });
  }

  function schedule(ms: number): void {
    if (timer !== undefined || working !== undefined) return;
    timer = setTimeout(start, ms);
    timer.unref();
  }

  async function finish(): Promise<void> {
    clearTimeout(timer);
    await working;
    await work();
    dropped += lines.length;
    lines = [];
    await closeFile(fd);
  }

  return {
    write(record) {
      if (sample < 1 && random() >= sample) return;
      if (closing !== undefined || lines.length >= bufferLines) {
        dropped += 1;
        return;
      }
      lines.push(`${JSON.stringify(shown(record))}\n`);
      if (lines.length < BATCH_LINES) schedule(FLUSH_MS);
      else if (!failing) start();
    },
    reopen() {
      reopening = true;
      if (!failing) start();
      else schedule(retryMs);
    },
    close() {
      closing ??= finish();
      return closing;
    },
    get dropped() {
      return dropped;
    },
  };
}
