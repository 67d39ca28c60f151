import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createMemoryClears } from '../cache/clear-sources/memory.ts';
import { systemClock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { createGateway } from './gateway.ts';
import { serveMessageControl } from './message-control.ts';
import { createPortLogger } from '../kernel/port-logger.ts';
import type { WorkerMessage, WorkerStart } from './thread.ts';

/** The gateway thread's entry: one gateway, run by the control port that came with the start. */
const start = workerData as WorkerStart;
const parent = parentPort as MessagePort;
const say = (message: WorkerMessage): void => parent.postMessage(message);

try {
  const gateway = await createGateway(start.options, {
    clock: systemClock,
    random: Math.random,
    logger: createPortLogger((line) => say({ log: line })),
    clears: createMemoryClears(),
  });
  serveMessageControl(start.control, gateway);
  say({ ready: { url: gateway.url, port: gateway.port } });
} catch (error) {
  const { code, message } = asPitwallError(error);
  say({ failed: { code, message } });
}
