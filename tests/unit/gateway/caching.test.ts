import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import type { Answer, Ask } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get, which, numbered } = gatewayScene();

const cacheStatus = (answer: Answer): string => String(answer.headers['cache-status']);

describe('hits', () => {
  it('answers from L2, then from L1, each with Age, Cache-Status, Server-Timing and a request id', async () => {
    await open();
    const miss = await get();
    expect(cacheStatus(miss)).toMatch(/^pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=(59|60); detail=cold$/);
    expect(miss.headers['server-timing']).toMatch(/^origin;dur=\d+\.\d$/);
    gateway.advance(3_000);
    const ids = new Set([miss.headers['x-request-id']]);
    for (const level of ['l2', 'l1', 'l1']) {
      const hit = await get();
      expect([hit.status, hit.text, hit.headers.age]).toEqual([200, 'answer 1', '3']);
      expect(cacheStatus(hit)).toMatch(new RegExp(`^pitwall; hit; ttl=5[67]; detail=${level}$`));
      expect(hit.headers['server-timing']).toBe('cache;desc="memory"');
      ids.add(hit.headers['x-request-id']);
    }
    expect(ids.size).toBe(4);
    expect(await gateway.route()).toMatchObject({ results: { origin: 1, l2: 1, l1: 2 }, bytesSaved: 24 });
  });

  it('asks L2 again after the residency, and renews L1', async () => {
    await open();
    await get();
    await get();
    gateway.advance(150);
    expect(cacheStatus(await get())).toContain('detail=l2');
    expect(cacheStatus(await get())).toContain('detail=l1');
    gateway.advance(5_000);
    expect((await get()).headers.age).toBe('5');
    expect((await get()).headers.age).toBe('5');
    expect(origin.seen).toHaveLength(1);
  });

  it('never serves past freshness from L1', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=1' });
    await get();
    await get();
    await get();
    gateway.advance(1_001);
    expect(await which()).toBe(2);
  });

  it('keeps binary bodies and Latin-1 headers byte for byte, on every level', async () => {
    await open();
    const body = Buffer.from(Array.from({ length: 1_024 }, (_, i) => i % 256));
    origin.reply({ 'Cache-Control': 'max-age=60', 'X-Name': 'café' }, body);
    for (let i = 0; i < 3; i++) {
      const answer = await get();
      expect(answer.body.equals(body)).toBe(true);
      expect(answer.headers['x-name']).toBe('café');
    }
  });

  it('keeps hosts, paths, queries and spellings apart where they differ, and together where they do not', async () => {
    await open();
    expect(await which('/a?x=1')).toBe(1);
    expect(await which('/a?x=2')).toBe(2);
    expect(await which('/A?x=1')).toBe(3);
    expect(await which('/a?x=1', { headers: { Host: 'b.test' } })).toBe(4);
    expect(await which('/%61?x=1')).toBe(1);
    expect(await which('/b/../a?x=1')).toBe(1);
    expect(await which('/a?x=1', { headers: { Host: 'B.test:80' } })).toBe(4);
  });

  it('stores a 404 and a 301 with freshness, and a 204 without a body', async () => {
    await open();
    for (const status of [404, 301, 204]) {
      const before = origin.seen.length;
      numbered({ 'Cache-Control': 'max-age=60' }, status);
      const path = `/${status}`;
      for (let i = 0; i < 3; i++) {
        const answer = await get(path);
        expect(answer.status).toBe(status);
        if (status === 204) expect([answer.text, answer.headers['content-length']]).toEqual(['', undefined]);
      }
      expect(origin.seen).toHaveLength(before + 1);
    }
  });

  it('counts the age that a response came with', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=60', Age: '50' });
    await get();
    gateway.advance(5_000);
    expect((await get()).headers.age).toBe('55');
    gateway.advance(6_000);
    expect(await which()).toBe(2);
  });
});

describe('unsafe methods', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('a %s that succeeds clears its URL', async (method) => {
    await open();
    numbered({ 'Cache-Control': 'max-age=60' });
    expect(await which('/x')).toBe(1);
    expect(await which('/x')).toBe(1);
    expect(await which('/y')).toBe(2);
    await get('/x', { method });
    expect(await which('/x')).toBe(4);
    expect(await which('/y')).toBe(2);
  });

  it('one that fails, and a safe one, clear nothing', async () => {
    await open();
    expect(await which()).toBe(1);
    numbered({}, 403);
    await get('/', { method: 'POST' });
    numbered({}, 200);
    await get('/', { method: 'OPTIONS' });
    expect(await which()).toBe(1);
  });

  it.each<[string, Record<string, string>]>([
    ['a path in Location', { Location: '/made/1?a=b' }],
    ['a reference in Content-Location', { 'Content-Location': '1?a=b' }],
    ['the host that the client asked', { Location: 'http://shop.example/made/1?a=b' }],
    ['the target under its own name', { Location: 'ORIGIN/made/1?a=b' }],
  ])('clear what their answer names: %s', async (_, named) => {
    await open();
    numbered({ 'Cache-Control': 'max-age=60' });
    const shop: Ask = { headers: { Host: 'shop.example' } };
    expect(await which('/made/1?a=b', shop)).toBe(1);
    expect(await which('/other', shop)).toBe(2);
    const headers = Object.entries(named).map(([name, value]) => [name, value.replace('ORIGIN', origin.url)]);
    numbered({ 'Cache-Control': 'max-age=60', ...Object.fromEntries(headers) }, 201);
    await get('/made/', { ...shop, method: 'POST' });
    expect(await which('/made/1?a=b', shop)).toBe(4);
    expect(await which('/other', shop)).toBe(2);
  });

  it.each<[string, string, string]>([
    ["an apostrophe in the query, which keys don't encode", 'shop.example', "/made/1?a='b'"],
    ['the port 443, which URLs drop', 'shop.example:443', '/made/1?a=b'],
    ['an address that URLs write anew', '[::0:1]', '/made/1?a=b'],
  ])('clear what their answer names, with %s', async (_, host, path) => {
    await open({ gateway: { trustedProxies: ['127.0.0.1'] } });
    const shop: Ask = { headers: { Host: host, 'X-Forwarded-Proto': 'https' } };
    expect(await which(path, shop)).toBe(1);
    numbered({ 'Cache-Control': 'max-age=60', Location: `${path}#part` }, 201);
    await get('/made/', { ...shop, method: 'POST' });
    expect(await which(path, shop)).toBe(3);
  });

  it.each(['http://else.example/made/1', '//else.example/made/1', 'https://shop.example/made/1', 'http://[/', '/%zz'])(
    'clear nothing elsewhere: %s',
    async (reference) => {
      await open();
      numbered({ 'Cache-Control': 'max-age=60' });
      for (const host of ['else.example', 'shop.example'])
        expect(await which('/made/1', { headers: { Host: host } })).toBe(host === 'else.example' ? 1 : 2);
      numbered({ Location: reference }, 201);
      await get('/made/', { method: 'POST', headers: { Host: 'shop.example' } });
      for (const host of ['else.example', 'shop.example'])
        expect(await which('/made/1', { headers: { Host: host } })).toBe(host === 'else.example' ? 1 : 2);
    },
  );

  it('clears a store that is under way, and nobody gets the old answer afterwards', async () => {
    await open();
    const held = gate();
    origin.script((request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      if (request.method === 'GET' && origin.seen.length === 1) {
        response.write('old ');
        void held.opened.then(() => response.end('answer 1'));
      } else response.end(`answer ${origin.seen.length}`);
    });
    const early = get();
    await origin.arrived(1);
    await get('/', { method: 'POST' });
    const late = which();
    await origin.arrived(3);
    held.open();
    expect((await early).text).toBe('old answer 1');
    expect(await late).toBe(3);
    expect(await which()).toBe(3);
  });
});

describe("the client's directives", () => {
  it('are not obeyed by default: nobody bypasses the cache at will', async () => {
    await open();
    await get();
    for (const value of ['no-cache', 'no-store', 'max-age=0', 'only-if-cached'])
      expect(await which('/', { headers: { 'Cache-Control': value, Pragma: 'no-cache' } })).toBe(1);
    expect((await get('/other', { headers: { 'Cache-Control': 'only-if-cached' } })).status).toBe(200);
    expect((await gateway.route()).results.l1).toBeGreaterThan(0);
  });

  it('are obeyed where the policy says so', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    await get();
    await get();
    gateway.advance(20_000);
    const header = (value: string): Ask => ({ headers: { 'Cache-Control': value } });
    expect(await which('/', header('max-age=30'))).toBe(1);
    expect(await which('/', header('min-fresh=30'))).toBe(1);
    expect(await which('/', header('no-cache'))).toBe(2);
    expect(await which('/', { headers: { Pragma: 'no-cache' } })).toBe(3);
    gateway.advance(20_000);
    expect(await which('/', header('max-age=10'))).toBe(4);
    gateway.advance(20_000);
    expect(await which('/', header('min-fresh=50'))).toBe(5);
    gateway.advance(70_000);
    expect(await which('/', header('max-stale=5'))).toBe(6);
    gateway.advance(70_000);
    expect(await which('/', header('max-stale'))).toBe(6);
    await origin.arrived(7);
    expect(await which('/fresh', header('no-store'))).toBe(8);
    expect(await which('/fresh')).toBe(9);
    expect((await gateway.route()).reasons['request-no-cache']).toBe(4);
  });

  it('only-if-cached gets 504 where nothing usable is stored', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    const answer = await get('/', { headers: { 'Cache-Control': 'only-if-cached' } });
    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'only_if_cached', status: 504 });
    await get();
    expect(await which('/', { headers: { 'Cache-Control': 'only-if-cached' } })).toBe(1);
    expect(origin.seen).toHaveLength(1);
  });
});
