import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, expect } from 'vitest';
import { createControlBus } from '../../lib/gateway/control-bus.ts';
import { serveRedisControl } from '../../lib/gateway/control-server.ts';
import { createMessageControl, serveMessageControl } from '../../lib/gateway/message-control.ts';
import { createRedisControls } from '../../lib/gateway/redis-control.ts';
import { startGateway } from '../../lib/gateway/thread.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { controlRedis } from '../support/control-redis.ts';
import { eventually } from '../support/eventually.ts';
import { gatewayConfig, openGateway } from '../support/gateway.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { gatewayControlSuite } from '../suites/gateway-control.ts';

gatewayControlSuite('a message port within the thread', async (originUrl) => {
  const { port1, port2 } = new MessageChannel();
  const served = await openGateway(originUrl);
  serveMessageControl(port2, served.gateway);
  return {
    control: createMessageControl(port1),
    port: served.port,
    async kill() {
      port2.close();
      await served.close();
    },
  };
});

gatewayControlSuite('a gateway in a thread of its own', async (originUrl) => {
  const thread = await startGateway({
    config: gatewayConfig(originUrl),
    instance: 'test',
    worker: 0,
    host: '127.0.0.1',
    port: 0,
    reusePort: false,
  });
  return { control: thread.control, port: thread.port, kill: () => thread.close(0) };
});

let redis: RedisServer;
let fleets = 0;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

gatewayControlSuite('Redis, to a gateway in a thread of its own', async (originUrl) => {
  const thread = await startGateway({
    config: gatewayConfig(originUrl),
    instance: 'far',
    worker: 0,
    host: '127.0.0.1',
    port: 0,
    reusePort: false,
  });
  const prefix = `test-${++fleets}:`;
  const [there, here] = await Promise.all([controlRedis(redis.url), controlRedis(redis.url)]);
  serveRedisControl(createControlBus(there, prefix), {
    info: () => ({ instance: 'far', id: 'one', workers: 1, url: thread.url, configError: null, draining: false }),
    controls: [thread.control],
    all: thread.control,
    describe: () => undefined,
    clock: systemClock,
    logger: silentLogger,
  });
  const controls = createRedisControls(createControlBus(here, prefix), { id: 'console' });
  await eventually(() => expect(controls.instances()).toMatchObject([{ instance: 'far', alive: true }]));
  return {
    control: controls.control('far', 0),
    port: thread.port,
    async kill() {
      there.close();
      await thread.close(0);
    },
    close() {
      controls.close();
      here.close();
    },
  };
});
