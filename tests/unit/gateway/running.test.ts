import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { createGateway } from '../../../lib/gateway/gateway.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayConfig, openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, type Answer, type Ask } from '../../support/raw-client.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';

let origin: ScriptedOrigin;
let gateway: TestGateway;

beforeEach(async () => {
  origin = await scriptedOrigin();
});

afterEach(async () => {
  await gateway.close();
  await origin.close();
});

async function open(setup: GatewaySetup = {}): Promise<void> {
  gateway = await openGateway(origin.url, setup);
}

const get = (path = '/', options: Ask = {}): Promise<Answer> => ask(gateway.port, path, options);
const configure = (setup: GatewaySetup, url = origin.url): Promise<void> =>
  gateway.gateway.command({ type: 'configure', config: gatewayConfig(url, setup) });
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe('modes', () => {
  it('take effect with the next request, and back', async () => {
    await open();
    await get();
    await get();
    await get();
    await gateway.setMode('bypass');
    const bypassed = await get();
    expect([bypassed.text, bypassed.headers['cache-status']]).toEqual([
      'answer 2',
      'pitwall; fwd=bypass; fwd-status=200; detail=bypass',
    ]);
    await gateway.setMode('observe');
    const observed = await get();
    expect(observed.text).toBe('answer 3');
    expect(observed.headers['cache-status']).toContain('detail=observe');
    await gateway.setMode('cache');
    expect((await get()).headers['cache-status']).toContain('hit');
    expect(gateway.events.map((event) => (event.type === 'mode' ? `${event.from}>${event.to}` : ''))).toEqual([
      'cache>bypass',
      'bypass>observe',
      'observe>cache',
    ]);
    expect((await gateway.route()).reasons).toMatchObject({ bypass: 1, observe: 1, cold: 1 });
  });

  it('bypass forwards conditionals and ranges as they came', async () => {
    await open({ service: { mode: 'bypass' } });
    await get('/', { headers: { 'If-None-Match': '"x"', Range: 'bytes=0-1' } });
    expect(origin.seen[0]?.headers).toMatchObject({ 'if-none-match': '"x"', range: 'bytes=0-1' });
  });

  it('observe forwards everything and counts what would have been saved', async () => {
    await open({ service: { mode: 'observe' } });
    for (let i = 0; i < 5; i++) await get('/a');
    await get('/b');
    expect(origin.seen).toHaveLength(6);
    expect(await gateway.route()).toMatchObject({ wouldHave: 4, results: { origin: 6 } });
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60' });
        response.end();
      });
    });
    const asked = [1, 2, 3].map(() => get('/c'));
    await origin.arrived(9);
    hold.open();
    await Promise.all(asked);
    expect((await gateway.route()).wouldHave).toBe(6);
  });

  it('observe promises nothing for what is never shared', async () => {
    await open({ service: { mode: 'observe' } });
    origin.reply({ 'Cache-Control': 'no-store' });
    await get();
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'no-store' });
        response.end();
      });
    });
    const asked = [1, 2, 3].map(() => get());
    await origin.arrived(4);
    hold.open();
    await Promise.all(asked);
    expect((await gateway.route()).wouldHave).toBe(0);
  });

  it('return to the configured one when their time is over', async () => {
    await open();
    await gateway.setMode('bypass', Date.now() + 150);
    expect((await gateway.snapshot()).services[0]).toMatchObject({ mode: 'bypass', modeReason: 'a test' });
    await eventually(async () => expect((await gateway.snapshot()).services[0]?.mode).toBe('cache'));
    expect((await gateway.snapshot()).services[0]).toMatchObject({ modeReason: undefined, modeUntil: undefined });
  });

  it('of unknown services are refused', async () => {
    await open();
    await expect(
      gateway.gateway.command({ type: 'set-mode', service: 'x', mode: 'cache', reason: '', until: undefined }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('configure', () => {
  it('keeps counters, cache, mode and breaker, and takes the new policies', async () => {
    await open();
    await get();
    await get();
    await get();
    await gateway.setMode('observe');
    await configure({ policy: { ttl: '1m' } });
    expect((await gateway.snapshot()).services[0]).toMatchObject({ mode: 'observe' });
    await gateway.setMode('cache');
    expect((await get()).headers['cache-status']).toContain('hit');
    expect(sum((await gateway.route()).results)).toBe(4);
    origin.reply({}, 'by policy');
    await get('/p');
    expect((await get('/p')).headers['cache-status']).toContain('hit');
  });

  it('matches stored URLs anew: a route that appears counts for itself, L1 too', async () => {
    await open();
    await get('/a');
    await get('/a');
    await get('/a');
    await configure({ routes: [{ name: 'a', path: '/a' }] });
    await get('/a');
    await get('/a');
    expect((await gateway.route('a')).results).toMatchObject({ l2: 1, l1: 1 });
  });

  it('moves to another target, while what is under way ends at the old one', async () => {
    await open();
    const other = await scriptedOrigin((_, response) => void response.end('other'));
    const hold = gate();
    origin.script((_, response) => {
      response.write('slow ');
      void hold.opened.then(() => response.end('end'));
    });
    const slow = get('/slow');
    await origin.arrived(1);
    await configure({}, other.url);
    expect((await get('/new')).text).toBe('other');
    hold.open();
    expect((await slow).text).toBe('slow end');
    await eventually(() => expect(origin.seen[0]?.socket.destroyed).toBe(true));
    await other.close();
  });

  it('serves followers that have to go alone after their target was retired', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'private' });
        response.end('mine');
      });
    });
    const asked = [1, 2, 3].map(() => get());
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(3));
    await origin.arrived(1);
    await configure({ service: { breaker: { failures: 77 } } });
    hold.open();
    expect((await Promise.all(asked)).map(({ status, text }) => `${status} ${text}`)).toEqual(
      Array(3).fill('200 mine'),
    );
  });

  it('says that settings of the gateway itself wait for the next start', async () => {
    const warnings: string[] = [];
    await open({ logger: { ...silentLogger, warn: (message) => warnings.push(message) } });
    await configure({});
    expect(warnings).toEqual([]);
    await configure({ gateway: { maxUrlLength: 100 } });
    expect(warnings).toEqual([expect.stringContaining('next start')]);
    expect((await get(`/${'x'.repeat(200)}`)).status).toBe(200);
  });

  it('forgets a service that is gone', async () => {
    await open();
    await get();
    await configure({ service: { name: 'other' } });
    expect((await gateway.snapshot()).services.map(({ service }) => service)).toEqual(['other']);
    expect((await get()).headers['cache-status']).toContain('hit');
  });
});

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
    await eventually(() => expect(records).toHaveLength(4));
    expect(records.map(({ result, reason }) => [result, reason])).toEqual([
      ['origin', 'cold'],
      ['l2', undefined],
      ['l1', undefined],
      ['origin', 'method'],
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
    expect(records).toHaveLength(5);
  });

  it('answers a snapshot with where it listens, what it holds and how the loop is', async () => {
    await open();
    await get();
    const snapshot = await gateway.snapshot();
    expect(snapshot).toMatchObject({ instance: 'test', worker: 0, url: gateway.url, inFlight: 0 });
    expect(snapshot.levels.map(({ level, state }) => `${level} ${state}`)).toEqual(['l1 ok', 'l2 ok']);
    expect(snapshot.memory.heapUsed).toBeGreaterThan(1_000_000);
    expect(snapshot.eventLoop.utilization).toBeGreaterThanOrEqual(0);
    expect(() => structuredClone(snapshot)).not.toThrow();
  });
});

describe('drain', () => {
  const drain = (graceMs: number): Promise<void> => gateway.gateway.command({ type: 'drain', graceMs });

  it('lets a slow answer finish, announces the close, takes nothing new', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => void hold.opened.then(() => response.end('done')));
    const slow = get('/slow');
    await origin.arrived(1);
    const idle = await rawClient(gateway.port);
    const draining = drain(10_000);
    expect(await idle.closed()).toBe('');
    await expect(get('/new')).rejects.toThrow(/ECONNREFUSED/);
    hold.open();
    expect(await slow).toMatchObject({ text: 'done', headers: { connection: 'close' } });
    await draining;
  });

  it('answers what comes on a connection that is still busy, and closes it', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hit me');
    for (let i = 0; i < 3; i++) await get('/hit', { headers: { Host: 'x' } });
    const hold = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'no-store' });
      response.write('first');
      void hold.opened.then(() => response.end('last'));
    });
    const client = await rawClient(gateway.port);
    client.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/first/);
    const draining = drain(10_000);
    client.send('GET /hit HTTP/1.1\r\nHost: x\r\n\r\n');
    hold.open();
    const text = await client.closed();
    expect(text).toMatch(/last[^]*connection: close[^]*hit me/i);
    await draining;
  });

  it('ends streams at the grace limit', async () => {
    await open();
    origin.script((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/data: 1/);
    const started = performance.now();
    await drain(200);
    expect(performance.now() - started).toBeGreaterThan(150);
    await client.closed();
    await eventually(() => expect(origin.seen[0]?.abandoned).toBe(true));
  });
});

describe('starting', () => {
  it('says that the port is in use', async () => {
    await open();
    await expect(
      createGateway(
        {
          config: gatewayConfig(origin.url),
          instance: 'second',
          worker: 0,
          host: '127.0.0.1',
          port: gateway.port,
          reusePort: false,
        },
        { clock: systemClock, random: Math.random, logger: silentLogger },
      ),
    ).rejects.toMatchObject({ code: 'port_in_use', message: expect.stringContaining(String(gateway.port)) as string });
  });

  it('says that it cannot listen there', async () => {
    await open();
    await expect(openGateway(origin.url, { host: '203.0.113.7' })).rejects.toMatchObject({ code: 'port_in_use' });
  });

  it('takes no more connections than it may', async () => {
    await open({ gateway: { maxConnections: 2 } });
    const clients = [await rawClient(gateway.port), await rawClient(gateway.port)];
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(2));
    const third = await rawClient(gateway.port);
    await third.closed();
    for (const client of clients) client.end();
    await eventually(async () => expect((await get()).status).toBe(200));
  });
});
