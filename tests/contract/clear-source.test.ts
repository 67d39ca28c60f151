import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createMemoryClears } from '../../lib/cache/clear-sources/memory.ts';
import { createRedisClearSource } from '../../lib/cache/clear-sources/redis.ts';
import { openSqliteClears } from '../../lib/cache/clear-sources/sqlite.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { clearSourceSuite } from '../suites/clear-source.ts';

const tools = { wall: () => Date.now(), newId: () => randomUUID() };

clearSourceSuite('memory', (bounds) => createMemoryClears(bounds));

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});
clearSourceSuite('sqlite', (bounds) => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-clears-'));
  const clears = openSqliteClears(join(directory, 'clears.db'), { ...bounds, ...tools });
  closes.push(() => {
    clears.close();
    rmSync(directory, { recursive: true });
  });
  return {
    head: () => clears.head,
    since: async (number) => clears.since(number),
    append: async (draft) => clears.append(draft),
  };
});

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
clearSourceSuite('redis', (bounds) =>
  createRedisClearSource(client, { ...bounds, ...tools, prefix: `${randomUUID()}:` }),
);
