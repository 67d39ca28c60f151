import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../../../lib/contracts/policy.ts';
import type { GatewaySetup } from '../../support/gateway.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import type { Answer, Ask } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const scene = gatewayScene();
const { origin, gateway } = scene;
type Headers = Record<string, string>;
const FRESH = { 'Cache-Control': 'max-age=60' };

const open = (setup: GatewaySetup = {}): Promise<void> =>
  scene.open({ ...setup, policy: { getFromPost: true, ...setup.policy } });

/** POST brings these fields, and says what it was sent; GET brings "got". */
function answers(headers: Headers, status = 200): void {
  origin.script((request, response, seen) => {
    request.on('end', () => {
      if (request.method !== 'POST') response.writeHead(200, FRESH).end('got');
      else response.writeHead(status, headers).end(`posted ${seen.body}`);
    });
  });
}

const get = (path = '/a', headers: Headers = {}): Promise<Answer> => scene.get(path, { headers });
const post = (path = '/a', options: Ask = {}): Promise<Answer> =>
  scene.get(path, { method: 'POST', body: 'x', ...options });

describe('GET after a POST', () => {
  it.each(['/a', '', 'http://127.0.0.1:PORT/a', 'ORIGIN/a', '#x'])(
    'is answered from what the POST brought as that of "%s"',
    async (location) => {
      await open();
      const own = location.replace('PORT', String(gateway.port)).replace('ORIGIN', origin.url);
      answers({ ...FRESH, 'Content-Location': own, 'X-A': 'a' });
      const first = await post();
      expect(first.text).toBe('posted x');
      expect(first.headers['cache-status']).toBe('pitwall; fwd=method; fwd-status=200; stored; ttl=60; detail=method');
      gateway.advance(3_000);
      const hit = await get();
      expect([hit.status, hit.text, hit.headers.age, hit.headers['x-a']]).toEqual([200, 'posted x', '3', 'a']);
      expect((await get()).headers['cache-status']).toContain('detail=l1');
      expect((await scene.get('/a', { method: 'HEAD' })).headers['content-length']).toBe('8');
      expect(origin.seen).toHaveLength(1);
      gateway.advance(58_000);
      expect((await get()).text).toBe('got');
    },
  );

  it.each<[string, Headers, number, PolicyInput, Headers]>([
    ['the policy doesn’t ask for it', {}, 200, { getFromPost: false }, {}],
    ['it is of another URL', { 'Content-Location': '/b' }, 200, {}, {}],
    ['it is of another query', { 'Content-Location': '/a?b' }, 200, {}, {}],
    ['it is of another origin', { 'Content-Location': 'http://other.test/a' }, 200, {}, {}],
    ['it names no URL', { 'Content-Location': 'http://[' }, 200, {}, {}],
    ['it was created', {}, 201, {}, {}],
    ['it has failed', {}, 404, {}, {}],
    ['only the policy says how long it is fresh', { 'Cache-Control': 'public' }, 200, { ttl: '1m' }, {}],
    ['it is stale', { 'Cache-Control': 'max-age=60', Age: '60', ETag: '"1"' }, 200, {}, {}],
    ['it must be confirmed', { 'Cache-Control': 'max-age=60, no-cache', ETag: '"1"' }, 200, {}, {}],
    ['it is private', { 'Cache-Control': 'private, max-age=60' }, 200, {}, {}],
    ['it sets a cookie', { 'Set-Cookie': 'a=b' }, 200, {}, {}],
    ['it was asked for with Authorization', {}, 200, {}, { Authorization: 'Basic x' }],
    ['it was asked for with a Cookie that GET goes without', {}, 200, { ignore: ['cookie'] }, { Cookie: 'a=b' }],
    ['it was asked for on a condition', { ETag: '"1"' }, 200, {}, { 'If-Match': '*' }],
    ['it was asked for with a range', {}, 200, {}, { Range: 'bytes=0-1' }],
    ['what Connection names isn’t forwarded', {}, 200, {}, { Connection: 'X-B, close' }],
    ['the body is larger than an entry', { 'Content-Length': '8' }, 200, { maxEntry: 7 }, {}],
  ])('isn’t where %s', async (_, headers, status, policy, sent) => {
    await open({ policy });
    answers({ ...FRESH, 'Content-Location': '/a', ...headers }, status);
    const posted = await post('/a', { headers: sent });
    expect(posted.text).toBe('posted x');
    expect(posted.headers['cache-status']).not.toContain('; stored');
    expect((await get()).text).toBe('got');
  });

  it('is where the answer to Authorization says that all may have it', async () => {
    await open();
    answers({ 'Cache-Control': 'public, max-age=60', 'Content-Location': '/a' });
    await post('/a', { headers: { Authorization: 'Basic x' } });
    expect((await get()).text).toBe('posted x');
  });

  it('isn’t where the origin was asked with more of the query than GET’s key has', async () => {
    await open({ policy: { query: { drop: ['utm_*'] } } });
    answers({ ...FRESH, 'Content-Location': '' });
    await post('/a?utm_source=x');
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    expect((await get('/a')).text).toBe('got');
    expect((await get('/a?utm_source=x')).text).toBe('got');
  });

  it('isn’t where bodies are part of keys, not even without one', async () => {
    await open({ policy: { keyBody: true } });
    answers({ ...FRESH, 'Content-Location': '/a' });
    await scene.get('/a', { method: 'POST' });
    expect((await get()).text).toBe('got');
  });

  it('isn’t where another route answers it', async () => {
    await open({ routes: [{ path: '/a', methods: ['GET'] }] });
    answers({ ...FRESH, 'Content-Location': '/a' });
    await post();
    expect((await get()).text).toBe('got');
  });

  it.each(['observe', 'bypass'] as const)('isn’t in mode %s', async (mode) => {
    await open({ service: { mode } });
    answers({ ...FRESH, 'Content-Location': '/a' });
    await post();
    await gateway.setMode('cache');
    expect((await get()).text).toBe('got');
  });

  it('is told apart by Vary and the policy’s headers', async () => {
    await open({ policy: { keyHeaders: ['x-k'] } });
    answers({ ...FRESH, 'Content-Location': '/a', Vary: 'X-V' });
    await post('/a', { headers: { 'X-K': 'k', 'X-V': 'v' } });
    expect((await get('/a', { 'X-K': 'k', 'X-V': 'v' })).text).toBe('posted x');
    expect((await get('/a', { 'X-K': 'k' })).text).toBe('got');
    expect((await get('/a', { 'X-V': 'v' })).text).toBe('got');
  });

  it('isn’t where another unsafe request succeeded meanwhile, before its head or after', async () => {
    await open();
    for (const late of ['head', 'body']) {
      const sent = gate();
      origin.script((request, response) => {
        if (request.method === 'PUT') response.writeHead(204).end();
        else if (request.method === 'GET') response.writeHead(200, FRESH).end('got');
        else {
          if (late === 'body') response.writeHead(200, { ...FRESH, 'Content-Location': '/a' }).write('posted');
          void sent.opened.then(() => {
            if (late === 'head') response.writeHead(200, { ...FRESH, 'Content-Location': '/a' });
            response.end(' x');
          });
        }
      });
      const headCame = gate();
      const before = origin.seen.length;
      const posted = post('/a', { onHead: () => headCame.open() });
      await (late === 'body' ? headCame.opened : origin.arrived(before + 1));
      await scene.get('/a', { method: 'PUT' });
      sent.open();
      await posted;
      expect((await get()).text).toBe('got');
      await scene.get('/a', { method: 'PUT' });
    }
  });

  it('finds the next POST’s answer in place of the last', async () => {
    await open();
    answers({ ...FRESH, 'Content-Location': '/a' });
    await post();
    await post('/a', { body: 'y' });
    expect((await get()).text).toBe('posted y');
  });
});
