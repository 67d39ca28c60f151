import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRedisClearSource } from '../../lib/cache/clear-sources/redis.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

let server: RedisServer;
let client: Redis;
beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.url);
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

it('gets back what a flushed Redis has lost, above what either side has seen, and each clear once', async () => {
  const open = () =>
    createRedisClearSource(client, { prefix: '', names: 3, patterns: 700, wall: () => 1, newId: () => randomUUID() });
  const [one, other] = [open(), open()];
  for (const tag of ['a', 'b', 'c', 'd']) await one.append({ scope: { tag, service: 's' }, mode: 'hard' });
  for (let i = 0; i < 600; i++) await one.append({ scope: { prefix: `http://${i}/` }, mode: 'soft' });
  const before = await one.since(0);
  await other.since(0);
  await server.flush();
  const { id } = await other.append({ scope: { glob: 'http://new/*' }, mode: 'hard' });
  await Promise.all([one.head(), other.head()]);
  const [told, same] = [await one.since(before.head.number), await other.since(0)];
  expect((await one.since(0)).records).toEqual(same.records);
  expect(told.head.number).toBeGreaterThan(before.head.number + 1_000_000);
  const ids = same.records.map((record) => record.id);
  expect([...ids].sort()).toEqual([...before.records.map((record) => record.id), id].sort());
  expect(same.folded).toMatchObject([{ service: 's', mode: 'hard' }]);
});
