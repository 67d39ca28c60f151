import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { GatewayControl, GatewayEvent, GatewaySnapshot } from '../../lib/contracts/control.ts';
import { createControlBus } from '../../lib/gateway/control-bus.ts';
import { serveRedisControl } from '../../lib/gateway/control-server.ts';
import { createRedisControls } from '../../lib/gateway/redis-control.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { openRedis } from '../../lib/storage/redis/connect.ts';
import { eventually } from '../support/eventually.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { startSentinel } from '../support/redis-sentinel.ts';

it.each([
  ['a cluster', startCluster],
  ['Sentinel', startSentinel],
] as const)('control goes over %s as over one Redis', async (_name, start) => {
  const redis = await start();
  const open = () => openRedis(redis.url, { name: 'test', random: Math.random });
  const connections = [open(), open(), open(), open()];
  await Promise.all(connections.map(({ client }) => once(client, 'ready')));
  const [one, two, three, four] = connections.map(({ client }) => client);
  if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error('four');
  const listeners = new Set<(event: GatewayEvent) => void>();
  const control: GatewayControl = {
    snapshot: () => Promise.resolve({ worker: 0 } as GatewaySnapshot),
    command: () => Promise.resolve(),
    subscribe(_topic, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const served = serveRedisControl(createControlBus({ commands: one, subscriber: two }, 'p:'), {
    info: () => ({ instance: 'far', id: 'life', workers: 1, url: undefined, configError: null, draining: false }),
    controls: [control],
    all: control,
    describe: () => null,
    clock: systemClock,
    logger: silentLogger,
  });
  const controls = createRedisControls(createControlBus({ commands: three, subscriber: four }, 'p:'), { id: 'c' });
  try {
    await eventually(() => expect(controls.instances()).toMatchObject([{ instance: 'far', alive: true }]));
    await eventually(async () => expect(await controls.control('far', 0).snapshot()).toEqual({ worker: 0 }));
    const events: GatewayEvent[] = [];
    controls.control('far', 0).subscribe('requests', (event) => events.push(event));
    await eventually(() => expect(listeners.size).toBe(1));
    for (const listener of listeners) listener({ type: 'requests', records: [], dropped: 3 });
    await eventually(() => expect(events).toMatchObject([{ dropped: 3 }]));
  } finally {
    controls.close();
    await served.close();
    for (const connection of connections) connection.close();
    await redis.stop();
  }
});
