import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { ask } from '../support/raw-client.ts';
import { startRedis } from '../support/redis.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/* Groups that an unsafe request has changed (RFC 9875), over the real clear logs: what one process was told, all know. */
let origin: Origin;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  origin = await startOrigin();
  closing.push(() => origin.close());
  origin.answer(({ method, url }, response) => {
    if (method === 'POST') response.writeHead(200, { 'cache-group-invalidation': '"g"' });
    else response.writeHead(200, { 'cache-control': 'max-age=600', ...(url === '/in' && { 'cache-groups': '"g"' }) });
    response.end(`answer ${origin.calls.length}`);
  });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(env: Record<string, string>): Promise<ReadyServer> {
  const server = await startServer({ PITWALL_UPSTREAM: origin.url, LOG_LEVEL: 'warn', ...env });
  closing.push(() => server.stop());
  return server;
}

/** What a host's resource is answered with; each request on a connection of its own, so that any worker takes it. */
async function text({ gatewayUrl }: ReadyServer, path: string, method = 'GET'): Promise<string> {
  const answer = await ask(Number(new URL(gatewayUrl).port), path, { method, headers: { Host: 'a.test' } });
  return answer.text;
}

/** Stores a member and another with each, has the one changed by way of the first, and asks until each has it anew. */
async function change(servers: readonly ReadyServer[]): Promise<void> {
  const [first] = servers as [ReadyServer];
  const before = { in: await text(first, '/in'), out: await text(first, '/out') };
  for (const server of servers) {
    for (let n = 0; n < 8; n++)
      expect([await text(server, '/in'), await text(server, '/out')]).toEqual([before.in, before.out]);
  }
  await text(first, '/change', 'POST');
  for (const server of servers) {
    await eventually(async () => {
      for (let n = 0; n < 8; n++) expect(await text(server, '/in')).not.toBe(before.in);
    });
    expect(await text(server, '/out')).toBe(before.out);
  }
}

it('are cleared with all workers of a process', async () => {
  await change([await start({ PITWALL_WORKERS: '2' })]);
});

it('are cleared with all processes on one Redis', async () => {
  const redis = await startRedis();
  closing.push(() => redis.stop());
  const env = (PITWALL_INSTANCE: string) => ({ REDIS_URL: redis.url, PITWALL_INSTANCE });
  await change([await start(env('one')), await start(env('two'))]);
});
