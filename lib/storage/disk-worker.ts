import { mkdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openSqliteClears } from '../cache/clear-sources/sqlite.ts';
import { openDiskStore } from '../cache/stores/disk/disk-store.ts';
import { createFigures } from '../cache/stores/disk/figures.ts';
import { systemClock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { createPortLogger } from '../kernel/port-logger.ts';
import { lockDisk } from './disk-lock.ts';
import { serveDisk } from './disk-port.ts';
import type { DiskMessage, DiskOrder, DiskStart } from './disk-thread.ts';

/** The storage thread's entry: one store and one clear log, for whoever has a port to it. */
const { directory, budgetBytes, clears: bounds, head } = workerData as DiskStart;
const parent = parentPort as MessagePort;
const say = (message: DiskMessage): void => parent.postMessage(message);
/** How long what was written waits for others before it goes to the operating system, ms. */
const BATCH_MS = 20;

try {
  mkdirSync(directory, { recursive: true });
  const lock = lockDisk(join(directory, 'pitwall.lock'), dirname(directory));
  const figures = createFigures(head);
  const logger = createPortLogger((line) => say({ log: line }));
  const ports = new Set<MessagePort>();
  const clears = openSqliteClears(join(directory, 'clears.db'), {
    ...bounds,
    wall: systemClock.wall,
    newId: randomUUID,
  });
  if (clears.damage !== undefined)
    logger.warn(`The clear log starts anew, and so does the cache on disk: ${clears.damage}.`);
  figures.set('clearNumber', clears.head.number);
  const store = openDiskStore({
    directory: join(directory, 'l3'),
    budgetBytes,
    epoch: clears.epoch,
    clock: systemClock,
    logger,
    figures,
    onState: (state) => {
      for (const port of ports) port.postMessage({ state });
    },
    onDirty: () => setTimeout(() => store.flush(), BATCH_MS),
  });
  parent.on('message', (order: DiskOrder) => {
    if ('connect' in order) {
      const port = order.connect;
      ports.add(port);
      port.on('close', () => ports.delete(port));
      serveDisk(port, { store, clears, figures });
      return;
    }
    store.close();
    clears.close();
    lock.release();
    for (const port of ports) port.close();
    parent.close();
  });
  say({ ready: true });
  flushCompileCache();
} catch (error) {
  const { code, message } = asPitwallError(error, 'storage_unavailable');
  say({ failed: { code, message } });
  parent.close();
}
