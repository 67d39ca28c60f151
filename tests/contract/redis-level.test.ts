import { afterAll, beforeAll, describe } from 'vitest';
import type { Level } from '../../lib/cache/level.ts';
import { createRedisLevel, type RedisLevel } from '../../lib/cache/stores/redis-level.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { manualClock, systemClock } from '../../lib/kernel/clock.ts';
import { openRedis, type RedisConnection } from '../../lib/storage/redis/connect.ts';
import { createRedisGuard } from '../../lib/storage/redis/guard.ts';
import { eventually } from '../support/eventually.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { startSentinel } from '../support/redis-sentinel.ts';
import { startRedis } from '../support/redis.ts';
import { sealAll } from '../support/sealed-level.ts';
import { levelSuite } from '../suites/level.ts';

/** The suite over the servers that `start` starts; each level has names of its own. */
function overRedis(name: string, start: () => Promise<{ readonly url: string; stop(): Promise<void> }>): void {
  describe(name, () => {
    let servers: { readonly url: string; stop(): Promise<void> };
    let connection: RedisConnection;
    let count = 0;

    beforeAll(async () => {
      servers = await start();
      connection = openRedis(servers.url, { name: 'level', random: Math.random });
      await eventually(() => {
        if (connection.state.kind !== 'ready') throw new Error(connection.state.why);
      }, 10_000);
    }, 60_000);
    afterAll(async () => {
      connection.close();
      await servers.stop();
    });

    const create = (timebase = createTimebase(manualClock())): RedisLevel => {
      count += 1;
      return createRedisLevel({
        bodies: connection.client,
        // A busy machine is no reason to fail here.
        guard: createRedisGuard({ clock: systemClock, random: Math.random, deadlineMs: 5_000 }),
        clock: manualClock(),
        timebase,
        prefix: `test:${count}:`,
        id: 'level-0123456789',
      });
    };
    levelSuite(name, () => create(), { accounts: false });
    const sealed = (): Level => {
      const timebase = createTimebase(manualClock());
      return sealAll(create(timebase), timebase);
    };
    levelSuite(`${name}, encrypted`, sealed, { accounts: false });
  });
}

overRedis('Redis', () => startRedis());
overRedis('Redis by Sentinel', () => startSentinel());
overRedis('Redis Cluster', () => startCluster());
