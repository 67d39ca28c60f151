import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { rawClient, type Ask } from '../../support/raw-client.ts';

const { origin, gateway, open, get } = gatewayScene();

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe('accounting', () => {
  it("adds up: every request is in one route's results or among the refused", async () => {
    await open({
      routes: [
        { name: 'posts', path: '/posts', methods: ['POST'] },
        { name: 'user', path: '/user/:id' },
      ],
    });
    origin.script((request, response) => {
      request.resume();
      const path = request.url ?? '';
      if (path.startsWith('/broken')) request.socket.destroy();
      else if (path.startsWith('/500')) {
        response.writeHead(500);
        response.end('oops');
      } else {
        response.writeHead(200, { 'Cache-Control': path.includes('private') ? 'private' : 'max-age=60' });
        response.end('12345');
      }
    });
    const plan: [string, Ask?][] = [
      ['/a'],
      ['/a'],
      ['/a'],
      ['/a', { method: 'HEAD' }],
      ['/private'],
      ['/user/7'],
      ['/user/7', { headers: { 'If-None-Match': '*' } }],
      ['/posts', { method: 'POST', body: 'x' }],
      ['/posts'],
      ['/500'],
      ['/broken'],
      ['/%zz'],
      ['/', { headers: { Host: 'a b' } }],
    ];
    for (const [path, options] of plan) await get(path, options);
    const snapshot = await gateway.snapshot();
    const routes = Object.fromEntries((snapshot.services[0]?.routes ?? []).map((route) => [route.route, route]));
    const total = Object.values(routes).reduce((count, { results }) => count + sum(results), 0);
    expect(total + sum(snapshot.refused)).toBe(plan.length);
    expect(snapshot.refused).toEqual({ invalid_url: 1, invalid_host: 1 });
    expect(routes['*']).toMatchObject({
      results: { l1: 1, l2: 2, origin: 3, error: 2 },
      reasons: { cold: 3, private: 1, status: 1 },
      originErrors: 1,
      gatewayErrors: 1,
      statuses: [0, 6, 0, 0, 2],
      aborted: 0,
    });
    expect(routes.user).toMatchObject({ results: { origin: 1, l2: 1 }, statuses: [0, 1, 1, 0, 0] });
    expect(routes.posts).toMatchObject({ results: { origin: 1 }, reasons: { method: 1 }, originCalls: { pass: 1 } });
    const all = Object.values(routes);
    for (const { results, reasons } of all)
      expect(sum(reasons as Record<string, number>)).toBe(results.origin + results.coalesced + results.error);
    expect(routes['*']?.bytesSaved).toBe(10);
  });

  it('counts those who leave apart, and still once', async () => {
    await open();
    origin.script((_, response) => void response.write('start'));
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/start/);
    client.end();
    await eventually(async () => expect((await gateway.route()).aborted).toBe(1));
    expect(sum((await gateway.route()).results)).toBe(1);
  });

  it('writes a record per request while somebody listens, and none otherwise', async () => {
    await open({ policy: { ttl: '1m' } });
    const records: RequestRecord[] = [];
    gateway.gateway.events.on((event) => {
      if (event.type === 'requests') records.push(...event.records);
    });
    await get('/unseen');
    gateway.gateway.tail(true);
    for (let i = 0; i < 3; i++) await get('/a?b=1', { headers: { Host: 'H.test:81' } });
    await get('/a', { method: 'DELETE' });
    origin.reply({}, 'broken', 503);
    await get('/broken');
    await eventually(() => expect(records).toHaveLength(5));
    expect(records.map(({ result, reason }) => [result, reason])).toEqual([
      ['origin', 'cold'],
      ['l2', undefined],
      ['l1', undefined],
      ['origin', 'method'],
      // That it was the first request is no reason for a 503.
      ['error', undefined],
    ]);
    for (const record of records.slice(0, 3))
      expect(record).toMatchObject({
        client: '127.0.0.1',
        service: 's',
        route: '*',
        method: 'GET',
        path: '/a?b=1',
        status: 200,
        bytes: 8,
        aborted: false,
      });
    expect(new Set(records.map(({ host }) => host.toLowerCase()))).toEqual(
      new Set(['h.test:81', `127.0.0.1:${gateway.port}`]),
    );
    gateway.gateway.tail(false);
    await get('/a');
    await get('/late');
    gateway.gateway.tail(true);
    await get('/last');
    await eventually(() => expect(records.at(-1)?.path).toBe('/last'));
    expect(records).toHaveLength(6);
  });

  it('answers a snapshot with where it listens, what it holds and how the loop is', async () => {
    await open();
    await get();
    const snapshot = await gateway.snapshot();
    expect(snapshot).toMatchObject({ instance: 'test', worker: 0, url: gateway.url, inFlight: 0 });
    expect(snapshot.levels.map(({ level, state }) => `${level} ${state}`)).toEqual(['l1 ok', 'l2 ok']);
    expect(snapshot.memory.heapUsed).toBeGreaterThan(1_000_000);
    expect(() => structuredClone(snapshot)).not.toThrow();
  });

  it('shows the same event loop to all who ask within a second', async () => {
    await open();
    const cell = new Int32Array(new SharedArrayBuffer(4));
    await eventually(async () => {
      Atomics.wait(cell, 0, 0, 60);
      const [one, other] = await Promise.all([gateway.snapshot(), gateway.snapshot()]);
      expect(one.eventLoop.max).toBeGreaterThan(30);
      expect(other.eventLoop).toEqual(one.eventLoop);
    });
  });
});
