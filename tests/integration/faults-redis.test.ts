import { afterEach, describe, expect, it } from 'vitest';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { startSentinel } from '../support/redis-sentinel.ts';
import { startRedis } from '../support/redis.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';
import {
  versionedOrigin,
  versionedTraffic,
  type VersionedOrigin,
  type VersionedTraffic,
} from '../support/versioned-traffic.ts';

const HOST = 'shop.test';
const PATHS = Array.from({ length: 40 }, (_, i) => `/page/${i}`);
/** Longest that a request may take while Redis fails: its deadlines, and a busy machine, ms. */
const SLOWEST_MS = 2_000;

/** Two instances on one Redis, under traffic, and what they get from it. */
interface Scene {
  readonly traffic: VersionedTraffic;
  /** Changes paths at the origin and clears them hard, by one instance and the other. */
  clearSome(count: number): Promise<void>;
  /** Both instances follow the log again, and L3 is well. */
  recovered(): Promise<void>;
}

let closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function scene(redisUrl: string): Promise<Scene> {
  const origin: VersionedOrigin = await versionedOrigin();
  closing.push(() => origin.close());
  const servers: ReadyServer[] = [];
  for (const name of ['one', 'two']) {
    const env = { PITWALL_UPSTREAM: origin.url, REDIS_URL: redisUrl, PITWALL_INSTANCE: name, LOG_LEVEL: 'silent' };
    const server = await startServer(env);
    closing.push(() => server.stop());
    servers.push(server);
  }
  const traffic = versionedTraffic({ host: HOST, paths: PATHS });
  closing.push(() => traffic.stop());
  const apis = servers.map(({ consoleUrl }) => consoleApi(consoleUrl));
  traffic.at(servers.map(({ gatewayUrl }) => gatewayUrl));
  let turn = 0;

  const made: Scene = {
    traffic,
    async clearSome(count) {
      for (let made = 0; made < count; made += 1) {
        turn += 1;
        const path = PATHS[(turn * 7) % PATHS.length] as string;
        const version = origin.change(path);
        const api = apis[turn % apis.length] as (typeof apis)[number];
        const scope = turn % 2 === 0 ? { key: `http://${HOST}${path}` } : { tag: `tag${path}` };
        // Refused for a moment after Redis is back, until the console has its connection again too.
        await eventually(() => api.clear({ scope, mode: 'hard' }));
        traffic.cleared(path, version);
        await traffic.goesOn(20);
      }
    },
    recovered: () =>
      eventually(async () => {
        for (const api of apis) {
          const { instances } = await api.overview();
          expect(instances.map(({ instance, state, clears }) => [instance, state, clears.state])).toEqual([
            ['one', 'ok', 'confirmed'],
            ['two', 'ok', 'confirmed'],
          ]);
          const l3 = instances.flatMap(({ levels }) => levels.filter(({ level }) => level === 'l3'));
          expect(l3.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['redis ok', 'redis ok']);
        }
      }, 20_000),
  };
  await made.recovered();
  return made;
}

async function unharmed({ traffic }: Scene, atLeast: number): Promise<void> {
  const { requests, failed, cleared, slowest } = await traffic.stop();
  expect({ failed, cleared }).toEqual({ failed: [], cleared: [] });
  expect(requests).toBeGreaterThan(atLeast);
  expect(slowest).toBeLessThan(SLOWEST_MS);
}

describe('no request fails, no cleared entry comes back, and all recovers by itself, while Redis', () => {
  it('is killed, and comes back empty', { timeout: 120_000 }, async () => {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const running = await scene(redis.url);
    for (let round = 0; round < 3; round += 1) {
      await running.clearSome(4);
      await redis.kill();
      await running.traffic.goesOn(200);
      await redis.restart();
      await running.recovered();
      await running.clearSome(4);
    }
    await unharmed(running, 600);
  });

  it('is frozen, and goes on', { timeout: 120_000 }, async () => {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const running = await scene(redis.url);
    for (let round = 0; round < 3; round += 1) {
      await running.clearSome(4);
      redis.freeze();
      await running.traffic.goesOn(200);
      redis.thaw();
      await running.recovered();
    }
    await running.clearSome(4);
    await unharmed(running, 600);
  });

  it('is slow', { timeout: 120_000 }, async () => {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const running = await scene(redis.url);
    await running.clearSome(4);
    // Answers only in bursts: each pause is longer than every deadline of ours.
    for (let round = 0; round < 5; round += 1) {
      await redis.command('CLIENT', 'PAUSE', '400', 'ALL');
      await running.traffic.goesOn(100);
    }
    await running.recovered();
    await running.clearSome(4);
    await unharmed(running, 500);
  });

  it('is flushed', { timeout: 120_000 }, async () => {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const running = await scene(redis.url);
    for (let round = 0; round < 3; round += 1) {
      await running.clearSome(6);
      await redis.flush();
      await running.traffic.goesOn(200);
      await running.recovered();
    }
    await running.clearSome(6);
    await unharmed(running, 600);
  });

  it('fails over (Sentinel)', { timeout: 180_000 }, async () => {
    const sentinels = await startSentinel();
    closing.push(() => sentinels.stop());
    const running = await scene(sentinels.url);
    await running.clearSome(6);
    await sentinels.killMaster();
    await running.traffic.goesOn(300);
    await running.recovered();
    await running.clearSome(6);
    await unharmed(running, 400);
  });

  it('is resharded (Cluster)', { timeout: 180_000 }, async () => {
    const cluster = await startCluster();
    closing.push(() => cluster.stop());
    const running = await scene(cluster.url);
    await running.clearSome(6);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      const [first] = cluster.range(from);
      await cluster.reshard(
        from,
        to,
        Array.from({ length: 100 }, (_, i) => first + i),
      );
    }
    await running.traffic.goesOn(300);
    await running.recovered();
    await running.clearSome(6);
    await unharmed(running, 400);
  });
});
