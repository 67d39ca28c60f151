import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { rawClient, type Ask } from '../../support/raw-client.ts';

/* What the policy leaves out of a query reaches the origin with exactly those requests that have no key. */
const { origin, gateway, open, get } = gatewayScene({
  policy: { keyBody: true, maxKeyBody: '10B', query: { drop: ['utm_*'] }, cacheStatusKey: true },
});
const body = (length: number): Ask => ({ method: 'POST', body: 'x'.repeat(length) });

/** What the origin was asked for, and whether the answer tells a key. */
async function forwarded(options: Ask): Promise<readonly [url: string | undefined, keyed: boolean]> {
  const before = origin.seen.length;
  const answer = await get('/p?utm_a=1&b=2', options);
  expect(origin.seen).toHaveLength(before + 1);
  return [origin.seen.at(-1)?.url, String(answer.headers['cache-status']).includes('; key=')];
}

describe('the query that the origin gets', () => {
  it.each<[string, Ask]>([
    ['GET', {}],
    ['HEAD', { method: 'HEAD' }],
    ['GET for a range', { headers: { Range: 'bytes=0-1' } }],
    ['a POST whose body is part of the key', body(1)],
    ['a POST whose body is as long as may be', body(10)],
  ])('is that of the key with %s', async (_, options) => {
    await open();
    expect(await forwarded(options)).toEqual(['/p?b=2', true]);
  });

  it.each<[string, Ask]>([
    ['another method', { method: 'PUT', body: 'x' }],
    ['a POST without a body', { method: 'POST' }],
    ['a POST whose body is too long for a key', body(11)],
    ['a GET with a body', { body: 'x', headers: { 'Content-Length': '1' } }],
    ['a precondition', { headers: { 'If-Match': '"a"' } }],
    ['a field that ends here', { headers: { Connection: 'x-a', 'X-A': '1' } }],
  ])('is whole with %s, which has no key', async (_, options) => {
    await open();
    expect(await forwarded(options)).toEqual(['/p?utm_a=1&b=2', false]);
  });

  it('is that of the key in mode observe, and whole in mode bypass', async () => {
    await open();
    await gateway.setMode('observe');
    expect(await forwarded({})).toEqual(['/p?b=2', true]);
    await gateway.setMode('bypass');
    expect(await forwarded({})).toEqual(['/p?utm_a=1&b=2', false]);
  });

  it('is whole with a WebSocket', async () => {
    await open();
    const client = await rawClient(gateway.port);
    client.send('GET /p?utm_a=1&b=2 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await client.closed();
    expect(origin.seen.map(({ url }) => url)).toEqual(['/p?utm_a=1&b=2']);
  });
});
