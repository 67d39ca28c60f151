import { once } from 'node:events';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/kernel/clock.ts';
import { createSampleOrigin } from '../../sample/origin.ts';

let origin: Server;
let url: string;

beforeEach(async () => {
  origin = createSampleOrigin({ clock: systemClock, random: Math.random, latencyScale: 0 });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
});

afterEach(() => {
  origin.closeAllConnections();
  origin.close();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });

describe('sample origin', () => {
  it('answers a chat’s history the same each time, tagged, fresh for a minute, with a validator', async () => {
    const first = await fetch(`${url}/api/chats/42/history`);
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('max-age=60, stale-while-revalidate=30, stale-if-error=600');
    expect(first.headers.get('cache-tag')).toBe('chat:42');
    const etag = first.headers.get('etag') as string;
    const again = await fetch(`${url}/api/chats/42/history`);
    expect(await again.json()).toEqual(await first.json());
    const checked = await fetch(`${url}/api/chats/42/history`, { headers: { 'If-None-Match': `"x", W/${etag}` } });
    expect(checked.status).toBe(304);
    expect(checked.headers.get('etag')).toBe(etag);
    expect(await checked.text()).toBe('');
    const other = await fetch(`${url}/api/chats/43/history`);
    expect(other.headers.get('etag')).not.toBe(etag);
  });

  it('takes its time: 300 to 800 ms for a history', async () => {
    const slow = createSampleOrigin({ clock: systemClock, random: () => 0 });
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const started = performance.now();
    await (await fetch(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/api/chats/1/history`)).text();
    expect(performance.now() - started).toBeGreaterThan(295);
    slow.closeAllConnections();
    slow.close();
  });

  it.each([
    ['/api/sessions', 'max-age=10', 'sessions'],
    ['/api/ide/current?session=7', 'max-age=1800', null],
    ['/api/status', null, null],
    ['/api/unstable', null, null],
    ['/', null, null],
  ])('answers %s', async (path, cacheControl, tag) => {
    const response = await fetch(url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe(cacheControl);
    expect(response.headers.get('cache-tag')).toBe(tag);
    expect(await response.json()).toBeTypeOf('object');
  });

  it('lists fifty sessions', async () => {
    const { sessions } = (await (await fetch(`${url}/api/sessions`)).json()) as { sessions: unknown[] };
    expect(sessions).toHaveLength(50);
  });

  it('keeps what is private to one person out of caches', async () => {
    const response = await fetch(`${url}/api/me`);
    expect(response.headers.get('cache-control')).toContain('private');
    expect(response.headers.get('set-cookie')).toMatch(/^visit=/);
  });

  it('gives the same prompt the same analysis, without saying for how long', async () => {
    const one = await post('/api/analysis', { prompt: 'a' });
    expect(one.headers.get('cache-control')).toBeNull();
    const body = await one.text();
    expect(await (await post('/api/analysis', { prompt: 'a' })).text()).toBe(body);
    expect(await (await post('/api/analysis', { prompt: 'b' })).text()).not.toBe(body);
  });

  it('switches the editor', async () => {
    expect(await (await post('/api/ide/switch', { session: 1 })).json()).toEqual({ switched: true, bytes: 13 });
  });

  it('serves static files of about 60 KB, and HEAD without a body', async () => {
    const response = await fetch(`${url}/static/app.js`);
    expect(response.headers.get('cache-control')).toBe('max-age=86400, immutable');
    const bytes = (await response.arrayBuffer()).byteLength;
    expect(bytes).toBeGreaterThan(55_000);
    expect(bytes).toBeLessThan(70_000);
    const head = await fetch(`${url}/static/app.js`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(bytes));
    expect(await head.text()).toBe('');
    expect((await fetch(`${url}/static/nothing.js`)).status).toBe(404);
  });

  it('streams events until the reader leaves', async () => {
    const leave = new AbortController();
    const response = await fetch(`${url}/api/events`, { signal: leave.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    const text = new TextDecoder().decode((await reader?.read())?.value);
    expect(text).toContain('id: 1\n');
    leave.abort();
    await expect.poll(() => new Promise((resolve) => origin.getConnections((_, count) => resolve(count)))).toBe(0);
  });

  it('fails on demand: with an error, by reset, by silence, until healed', async () => {
    expect((await post('/_sample/fail', { seconds: 60 })).status).toBe(200);
    expect((await fetch(`${url}/api/status`)).status).toBe(503);
    await post('/_sample/fail', { seconds: 60, mode: 'reset', path: '/api' });
    await expect(fetch(`${url}/api/status`)).rejects.toThrow();
    expect((await fetch(`${url}/static/app.js`)).status).toBe(200);
    await post('/_sample/fail', { seconds: 60, mode: 'hang' });
    await expect(fetch(`${url}/api/status`, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
    expect((await post('/_sample/heal', '')).status).toBe(200);
    expect((await fetch(`${url}/api/status`)).status).toBe(200);
    expect((await fetch(`${url}/api/unstable?fail=error`)).status).toBe(503);
  });

  it('obeys nobody who comes through a proxy, and no nonsense', async () => {
    expect((await post('/_sample/fail', { seconds: 60 }, { Via: '1.1 pitwall' })).status).toBe(404);
    expect((await post('/_sample/heal', '', { 'X-Forwarded-For': '10.0.0.1' })).status).toBe(404);
    expect((await post('/_sample/fail', 'not json')).status).toBe(400);
    expect((await post('/_sample/fail', { seconds: -1 })).status).toBe(400);
    expect((await fetch(`${url}/api/status`)).status).toBe(200);
  });

  it('names what it does not know', async () => {
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect((await post('/api/sessions', {})).status).toBe(405);
    expect((await post('/api/analysis', 'x'.repeat(300_000))).status).toBe(413);
    expect((await fetch(`${url}/api/status`)).status).toBe(200);
  });

  it('survives clients that leave in the middle of an answer or of a body', async () => {
    const slow = createSampleOrigin({ clock: systemClock, random: () => 0, latencyScale: 1 });
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const leave = AbortSignal.timeout(30);
    await expect(fetch(`http://127.0.0.1:${port}/api/chats/1/history`, { signal: leave })).rejects.toThrow();
    const half = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/api/analysis',
      headers: { 'content-length': 100 },
    });
    half.on('error', () => undefined);
    half.write('half');
    await once(slow, 'request');
    half.destroy();
    await expect.poll(() => new Promise((resolve) => slow.getConnections((_, count) => resolve(count)))).toBe(0);
    expect((await fetch(`http://127.0.0.1:${port}/api/status`)).status).toBe(200);
    slow.closeAllConnections();
    slow.close();
  });
});
