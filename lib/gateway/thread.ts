import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { DiskConnection } from '../cache/stores/disk/protocol.ts';
import type { GatewayControl } from '../contracts/control.ts';
import { PitwallError, type ErrorCode } from '../kernel/errors.ts';
import { silentLogger, type Logger } from '../kernel/logger.ts';
import type { GatewayOptions } from './gateway.ts';
import { createMessageControl } from './message-control.ts';
import type { LogLine } from '../kernel/port-logger.ts';

/** What a gateway shares with others, and how it gets there. `level`: whether the disk also holds L3. */
export type Shared =
  | { readonly kind: 'disk'; readonly connection: DiskConnection; readonly level: boolean; readonly keys: CacheKeys }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string; readonly keys: CacheKeys };

/** What sensitive entries are encrypted with in L3: secrets of KEY_BYTES, the first seals. */
export type CacheKeys = readonly Uint8Array[];

export interface WorkerStart {
  readonly options: GatewayOptions;
  /** Undefined: it shares nothing. */
  readonly shared: Shared | undefined;
  readonly control: MessagePort;
}
export type WorkerMessage =
  | { readonly ready: { readonly url: string; readonly port: number } }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } }
  | { readonly log: LogLine };
/** After the storage thread was started again. */
export interface WorkerOrder {
  readonly disk: DiskConnection;
}

/** A gateway in a worker thread of its own: no work of the console holds up its traffic. */
export interface GatewayThread {
  readonly control: GatewayControl;
  readonly url: string;
  readonly port: number;
  /** The exit code, once the thread has ended; 0 after `close`. */
  readonly exited: Promise<number>;
  /** Hands over a new way to the storage thread. */
  reconnectDisk(connection: DiskConnection): void;
  /** Drains within `graceMs`, then ends the thread. */
  close(graceMs: number): Promise<void>;
}

export interface GatewayThreadOptions extends GatewayOptions {
  /** Limit of the thread's old heap, MiB: past it the thread ends, not the process. */
  readonly heapMiB?: number;
  readonly shared?: Shared;
  readonly logger?: Logger;
}

/** Room for young objects, MiB: more makes collections rarer, not cheaper, and is memory that is always dirty. */
const YOUNG_MIB = 16;
const DEFAULT_HEAP_MIB = 1_024;

/** Starts the thread. @throws PitwallError what the gateway failed with, e.g. port_in_use */
export async function startGateway({
  heapMiB = DEFAULT_HEAP_MIB,
  logger = silentLogger,
  shared,
  ...options
}: GatewayThreadOptions): Promise<GatewayThread> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: `gateway-${options.worker}`,
    workerData: { options, shared, control: port2 } satisfies WorkerStart,
    transferList: shared?.kind === 'disk' ? [port2, shared.connection.port] : [port2],
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  const control = createMessageControl(port1);
  const exited = new Promise<number>((resolve) => worker.once('exit', resolve));
  void exited.then(() => port1.close());
  worker.on('error', (error) =>
    logger.error(`Gateway worker ${options.worker} failed: ${error.message}`, { err: error }),
  );

  const { url, port } = await new Promise<{ url: string; port: number }>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if ('log' in message) logger[message.log.level](message.log.message, message.log.fields);
      else if ('ready' in message) resolve(message.ready);
      else {
        void worker.terminate();
        reject(new PitwallError(message.failed.code, message.failed.message));
      }
    });
    void exited.then((code) =>
      reject(
        new PitwallError('gateway_unavailable', `The gateway worker ended with code ${code} before it was ready.`),
      ),
    );
  });

  return {
    control,
    url,
    port,
    exited,
    reconnectDisk: (connection) => worker.postMessage({ disk: connection } satisfies WorkerOrder, [connection.port]),
    async close(graceMs) {
      await control
        .command({ type: 'drain', graceMs })
        .catch((error: Error) => logger.warn(`Draining failed: ${error.message}`));
      await worker.terminate();
    },
  };
}
