import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { ClearSource } from '../cache/clear-record.ts';
import { createPortClearSource } from '../cache/stores/disk/clear-source.ts';
import { allotFigures, createFigures } from '../cache/stores/disk/figures.ts';
import { createDiskLink } from '../cache/stores/disk/link.ts';
import type { DiskConnection } from '../cache/stores/disk/protocol.ts';
import { PitwallError, type ErrorCode } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { LogLine } from '../kernel/port-logger.ts';

export interface DiskStart {
  readonly directory: string;
  readonly budgetBytes: number;
  readonly clears: { readonly names: number; readonly patterns: number; readonly above?: number };
  readonly head: SharedArrayBuffer;
}
export type DiskMessage =
  | { readonly ready: true }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } }
  | { readonly log: LogLine };
export type DiskOrder = { readonly connect: MessagePort } | { readonly close: true };

export interface DiskOptions {
  /** Made where it's missing; one Pitwall at a time uses it. */
  readonly directory: string;
  /** Bytes of entries, and but for one segment and the index of the disk. */
  readonly budgetBytes: number;
  /**
   * Most records of the clear log: of keys and tags, of prefixes and globs. `above`: the highest number of it that this
   * process has seen; a log that ends before has lost records.
   */
  readonly clears: DiskStart['clears'];
  readonly logger: Logger;
}

/** L3 on disk and the embedded clear log, in a thread of their own (docs/decisions/0009-l3-on-disk.md). */
export interface DiskThread {
  /** A way to the thread for one other: `port` goes into the transfer list. */
  connect(): DiskConnection;
  /** The clear log, for this thread. */
  readonly clears: ClearSource;
  /** The highest number that anybody was told of it. */
  readonly clearNumber: number;
  /** The exit code, once the thread has ended; 0 after `close`. */
  readonly exited: Promise<number>;
  /** Writes down what there is, and ends the thread. */
  close(): Promise<void>;
}

/** Limits of the thread's heap, MiB: bodies and SQLite's pages are outside of it. */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 };
/** A clear has this long to be written down, ms. */
const CLEAR_MS = 5_000;

/**
 * Starts the thread; resolves when it can be asked.
 * @throws PitwallError data_dir_locked, storage_unavailable
 */
export async function startDisk({ directory, budgetBytes, clears, logger }: DiskOptions): Promise<DiskThread> {
  const head = allotFigures();
  const worker = new Worker(new URL('./disk-worker.ts', import.meta.url), {
    name: 'storage',
    workerData: { directory, budgetBytes, clears, head } satisfies DiskStart,
    resourceLimits: HEAP,
  });
  const exited = new Promise<number>((resolve) => worker.once('exit', resolve));
  worker.on('error', (error) => logger.error(`The storage thread failed: ${error.message}`, { err: error }));

  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: DiskMessage) => {
      if ('log' in message) logger[message.log.level](message.log.message, message.log.fields);
      else if ('ready' in message) resolve();
      else reject(new PitwallError(message.failed.code, message.failed.message));
    });
    void exited.then((code) =>
      reject(
        new PitwallError('storage_unavailable', `The storage thread ended with code ${code} before it was ready.`),
      ),
    );
  });

  const figures = createFigures(head);
  function connect(): DiskConnection {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ connect: port2 } satisfies DiskOrder, [port2]);
    return { port: port1, head, seen: figures.get('seen') };
  }
  const link = createDiskLink(connect());
  void exited.then(() => link.close());

  return {
    connect,
    clears: createPortClearSource(link, CLEAR_MS),
    get clearNumber() {
      return figures.get('clearNumber');
    },
    exited,
    async close() {
      worker.postMessage({ close: true } satisfies DiskOrder);
      await exited;
    },
  };
}
