import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplayOrigin, replayHeaders } from '../../lib/benchmark/replay-origin.ts';
import { SCRIPT_HEADER } from '../../lib/benchmark/script.ts';

const origin = createReplayOrigin();
let url: string;
beforeAll(async () => {
  origin.server.listen(0, '127.0.0.1');
  await once(origin.server, 'listening');
  url = `http://127.0.0.1:${(origin.server.address() as AddressInfo).port}`;
});
afterAll(() => {
  origin.server.close();
  origin.server.closeAllConnections();
});

const ask = (path: string, script: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url + path, { redirect: 'manual', ...init, headers: { ...(init.headers as object), [SCRIPT_HEADER]: script } });

describe('replay origin', () => {
  it.each([0, 1, 65_536, 65_537, 1_000_000])('answers with a body of %i bytes, the same each time', async (size) => {
    const first = await ask('/a', `status=200; size=${size}`);
    expect(first.headers.get('content-length')).toBe(String(size));
    expect(first.headers.get('cache-control')).toBeNull();
    const body = Buffer.from(await first.arrayBuffer());
    expect(body.length).toBe(size);
    const again = await ask('/a', `status=200; size=${size}`);
    expect(Buffer.from(await again.arrayBuffer()).equals(body)).toBe(true);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  });

  it.each([404, 500, 301, 204])('answers with the log’s status %i', async (status) => {
    const response = await ask('/s', `status=${status}; size=20`);
    expect(response.status).toBe(status);
    expect(response.headers.get('location')).toBe(status === 301 ? 'http://elsewhere.invalid/' : null);
    expect((await response.text()).length).toBe(status === 204 ? 0 : 20);
  });

  it('confirms by 304 what a cache has, unless the size has changed', async () => {
    const etag = (await ask('/e', 'status=200; size=10')).headers.get('etag') as string;
    expect((await ask('/e', 'status=200; size=10', { headers: { 'If-None-Match': etag } })).status).toBe(304);
    expect((await ask('/e', 'status=200; size=11', { headers: { 'If-None-Match': etag } })).status).toBe(200);
    expect(replayHeaders('/e', 200, 10)).toContain(etag);
  });

  it('answers a range from the start, and HEAD without a body', async () => {
    const part = await ask('/r', 'status=200; size=100', { headers: { Range: 'bytes=0-9' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 0-9/100']);
    expect((await part.text()).length).toBe(10);
    const empty = await ask('/r', 'status=200; size=0', { headers: { Range: 'bytes=0-9' } });
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    const head = await ask('/r', 'status=200; size=100', { method: 'HEAD' });
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['100', '']);
  });

  it('makes up a small answer without a script, and counts all calls', async () => {
    const before = origin.calls();
    const plain = await fetch(`${url}/anything`);
    expect(plain.status).toBe(200);
    const { length } = await plain.text();
    expect(length).toBeLessThan(16_384);
    expect((await (await ask('/anything', 'status=9; size=-1')).text()).length).toBe(length);
    expect(origin.calls()).toBe(before + 2);
  });
});
