import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask } from '../support/raw-client.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

const HOST = 'shop.test';
let redis: RedisServer;
let origin: ScriptedOrigin;
let servers: ReadyServer[];

beforeEach(async () => {
  redis = await startRedis();
  origin = await scriptedOrigin();
  servers = [];
  for (const name of ['one', 'two', 'three']) {
    servers.push(
      await startServer({
        PITWALL_UPSTREAM: origin.url,
        REDIS_URL: redis.url,
        PITWALL_INSTANCE: name,
        LOG_LEVEL: 'silent',
      }),
    );
  }
}, 120_000);

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await origin.close();
  await redis.stop();
});

const get = (server: ReadyServer, path: string): Promise<{ text: string }> =>
  ask(Number(new URL(server.gatewayUrl).port), path, { headers: { Host: HOST } });

/** Asks each for what nobody has, until none of it waits for code that runs the first time: Redis is given 50 ms. */
async function warm(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(servers.flatMap((server, i) => [0, 1, 2, 3].map((n) => get(server, `/warm/${round}/${i}/${n}`))));
  }
}

it('one origin call for 300 simultaneous requests to three processes', async () => {
  await warm();
  const before = origin.seen.length;
  const held = gate();
  origin.script((_, response) => {
    const call = origin.seen.length - before;
    void held.opened.then(() => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      response.end(`answer ${call}`);
    });
  });
  const asked = Array.from({ length: 300 }, (_, i) => get(servers[i % 3] as ReadyServer, '/cold'));
  await origin.arrived(before + 1);
  held.open();
  for (const { text } of await Promise.all(asked)) expect(text).toBe('answer 1');
  expect(origin.seen).toHaveLength(before + 1);
});

it('a leader that is killed is replaced within a second', async () => {
  origin.script((_, response) => {
    // The first one to ask never gets its answer.
    if (origin.seen.length === 1) return;
    response.writeHead(200, { 'Cache-Control': 'max-age=60' });
    response.end(`answer ${origin.seen.length}`);
  });
  const [leader, ...others] = servers as [ReadyServer, ...ReadyServer[]];
  const lost = get(leader, '/cold').catch(() => 'lost');
  await origin.arrived(1);
  const waiting = others.flatMap((server) => Array.from({ length: 20 }, () => get(server, '/cold')));
  await Promise.all(others.map((server) => get(server, '/other')));
  const calls = origin.seen.length;
  leader.signal('SIGKILL');
  const since = performance.now();
  for (const { text } of await Promise.all(waiting)) expect(text).toBe(`answer ${calls + 1}`);
  expect(performance.now() - since).toBeLessThan(1_000);
  expect(origin.seen).toHaveLength(calls + 1);
  expect(await lost).toBe('lost');
});
