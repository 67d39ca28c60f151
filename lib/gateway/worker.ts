import { flushCompileCache } from 'node:module';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createMemoryClears } from '../cache/clear-sources/memory.ts';
import { createSealKey } from '../cache/seal/seal-key.ts';
import { createSealedLevel } from '../cache/seal/sealed-level.ts';
import { createDiskLevel, type DiskLevel } from '../cache/stores/disk-level.ts';
import type { RedisLevel } from '../cache/stores/redis-level.ts';
import { createTimebase, type Timebase } from '../cache/timebase.ts';
import { systemClock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { createPortLogger } from '../kernel/port-logger.ts';
import { createGateway, type GatewayDeps } from './gateway.ts';
import { serveMessageControl } from './message-control.ts';
import type { Persistent } from './third-level.ts';
import type { Shared, WorkerMessage, WorkerOrder, WorkerStart } from './thread.ts';

/** The gateway thread's entry: one gateway, run by the control port that came with the start. */
const start = workerData as WorkerStart;
const parent = parentPort as MessagePort;
const say = (message: WorkerMessage): void => parent.postMessage(message);
const logger = createPortLogger((line) => say({ log: line }));

type Parts = Pick<GatewayDeps, 'clears' | 'persistent' | 'fleet'>;

/** L3 with the entries of sensitive routes encrypted in it. */
function persistent(
  { kind, keys }: Shared,
  level: DiskLevel | RedisLevel,
  timebase: Timebase,
  shared: boolean,
): Persistent {
  const onWarning = (sentence: string): void => logger.warn(sentence);
  const sealed = createSealedLevel({ level, keys: keys.map(createSealKey), timebase, onWarning });
  const health: Persistent['health'] = () => {
    const { dropped, ...rest } = level.health();
    return { ...rest, dropped: dropped + sealed.dropped, unreadable: sealed.unreadable };
  };
  return { kind, level: sealed, shared, health };
}

/** The storage thread keeps the clear log and, unless it has no budget, L3. */
function onDisk(disk: Extract<Shared, { kind: 'disk' }>): Parts {
  const { connection } = disk;
  const timebase = createTimebase(systemClock, connection.seen);
  const level = createDiskLevel({ connection, timebase });
  parent.on('message', (order: WorkerOrder) => level.reconnect(order.disk));
  const { clears } = level;
  if (!disk.level) return { clears };
  return { clears, persistent: persistent(disk, level, timebase, start.options.reusePort) };
}

/** L3, the clear log and the turns of a fleet. The client is loaded only where it's used. */
async function onRedis(redis: Extract<Shared, { kind: 'redis' }>): Promise<Parts> {
  const { url, prefix } = redis;
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
  const { level, clears, fleet, timebase } = side;
  return { clears, fleet, persistent: persistent(redis, level, timebase, true) };
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
