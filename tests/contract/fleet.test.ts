import { afterAll, beforeAll, describe } from 'vitest';
import { startCluster, type RedisCluster } from '../support/redis-cluster.ts';
import { memoryFleet } from '../support/memory-fleet.ts';
import { redisMember, type RedisMember } from '../support/redis-fleet.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { fleetSuite, type Members } from '../suites/fleet.ts';

fleetSuite('in memory', async (count) => {
  const fleet = memoryFleet();
  return {
    members: Array.from({ length: count }, () => fleet.member()),
    killFirst: () => fleet.killLeaders(),
    close: () => undefined,
  };
});

/** Members over Redis, each with connections of its own; the first dies by losing them. */
async function overRedis(url: string, count: number): Promise<Members> {
  const members: RedisMember[] = [];
  for (let i = 0; i < count; i++) members.push(await redisMember(url));
  return {
    members: members.map(({ fleet }) => fleet),
    killFirst: () => members[0]?.close(),
    close() {
      for (const member of members) member.close();
    },
  };
}

describe('Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  fleetSuite('Redis', (count) => overRedis(redis.url, count));
});

describe('Redis Cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 120_000);
  afterAll(() => cluster.stop());
  fleetSuite('Redis Cluster', (count) => overRedis(cluster.url, count));
});
