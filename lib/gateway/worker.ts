import { flushCompileCache } from 'node:module';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createMemoryClears } from '../cache/clear-sources/memory.ts';
import { createDiskLevel } from '../cache/stores/disk-level.ts';
import { createTimebase } from '../cache/timebase.ts';
import { systemClock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { createPortLogger } from '../kernel/port-logger.ts';
import { createGateway, type GatewayDeps } from './gateway.ts';
import { serveMessageControl } from './message-control.ts';
import type { Shared, WorkerMessage, WorkerOrder, WorkerStart } from './thread.ts';

/** The gateway thread's entry: one gateway, run by the control port that came with the start. */
const start = workerData as WorkerStart;
const parent = parentPort as MessagePort;
const say = (message: WorkerMessage): void => parent.postMessage(message);
const logger = createPortLogger((line) => say({ log: line }));

type Parts = Pick<GatewayDeps, 'clears' | 'persistent' | 'fleet'>;

/** The storage thread keeps the clear log and, unless it has no budget, L3. */
function onDisk({ connection, level: holds }: Extract<Shared, { kind: 'disk' }>): Parts {
  const level = createDiskLevel({ connection, timebase: createTimebase(systemClock, connection.seen) });
  parent.on('message', (order: WorkerOrder) => level.reconnect(order.disk));
  const { clears } = level;
  if (!holds) return { clears };
  const shared = start.options.reusePort;
  return { clears, persistent: { kind: 'disk', level, shared, health: () => level.health() } };
}

/** L3, the clear log and the turns of a fleet. The client is loaded only where it's used. */
async function onRedis({ url, prefix }: Extract<Shared, { kind: 'redis' }>): Promise<Parts> {
  const { openGatewaySide } = await import('../storage/redis/gateway-side.ts');
  const { instance, worker, config } = start.options;
  const side = openGatewaySide({
    url,
    prefix,
    name: `pitwall-${instance}-${worker}`,
    clears: config.gateway.clears,
    clock: systemClock,
    random: Math.random,
    logger,
  });
  const { level, clears, fleet } = side;
  return { clears, fleet, persistent: { kind: 'redis', level, shared: true, health: () => level.health() } };
}

async function parts(shared: Shared | undefined): Promise<Parts> {
  if (shared === undefined) return { clears: createMemoryClears() };
  if (shared.kind === 'disk') return onDisk(shared);
  return onRedis(shared);
}

try {
  const gateway = await createGateway(start.options, {
    clock: systemClock,
    random: Math.random,
    logger,
    ...(await parts(start.shared)),
  });
  serveMessageControl(start.control, gateway);
  say({ ready: { url: gateway.url, port: gateway.port } });
  flushCompileCache();
} catch (error) {
  const { code, message } = asPitwallError(error);
  say({ failed: { code, message } });
}
