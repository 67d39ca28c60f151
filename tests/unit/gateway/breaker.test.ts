import { Agent } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, type Answer, type Ask } from '../../support/raw-client.ts';
import { gate, rawOrigin, scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';

let origin: ScriptedOrigin;
let gateway: TestGateway;

beforeEach(async () => {
  origin = await scriptedOrigin();
});

afterEach(async () => {
  await gateway.close();
  await origin.close();
});

const LIMITS = { failures: 3, openFor: '2s', maxOpenFor: '30s', probes: 1 };

async function open(setup: GatewaySetup = {}): Promise<void> {
  gateway = await openGateway(origin.url, { ...setup, service: { breaker: LIMITS } });
}

const get = (path = '/', options: Ask = {}): Promise<Answer> => ask(gateway.port, path, options);
const state = async (): Promise<string | undefined> => (await gateway.snapshot()).services[0]?.targets[0]?.breaker;
const hold = (how: 'open' | 'closed' | 'release', service = 's'): Promise<void> =>
  gateway.gateway.command({ type: 'hold-breaker', service, target: origin.url, hold: how });

async function fail(times: number): Promise<void> {
  origin.reply({}, 'broken', 500);
  for (let i = 0; i < times; i++) expect((await get(`/fail/${i}`)).status).toBe(500);
}

describe('the breaker', () => {
  it('opens on failures, leaves the origin alone, probes, and closes', async () => {
    await open();
    await fail(3);
    expect(await state()).toBe('open');
    const refused = await get();
    expect(refused.status).toBe(503);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'breaker_open', status: 503 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3);
    expect(origin.seen).toHaveLength(3);

    gateway.advance(3_000);
    const held = gate();
    origin.script((_, response) => void held.opened.then(() => response.end('well again')));
    const probe = get('/probe');
    await origin.arrived(4);
    expect(await state()).toBe('half-open');
    expect((await get('/other')).status).toBe(503);
    held.open();
    expect((await probe).text).toBe('well again');
    expect(await state()).toBe('closed');
    expect(gateway.events.map((event) => (event.type === 'breaker' ? event.to : event.type))).toEqual([
      'open',
      'half-open',
      'closed',
    ]);
    expect((await gateway.snapshot()).services[0]?.targets[0]?.lastFailure).toBe('answered 500');
    expect(await gateway.route()).toMatchObject({ originErrors: 3, gatewayErrors: 2, results: { error: 5 } });
  });

  it('opens again, for longer, when a probe fails', async () => {
    await open();
    await fail(3);
    gateway.advance(3_000);
    await fail(1);
    expect(await state()).toBe('open');
    gateway.advance(2_100);
    expect((await get()).status).toBe(503);
    gateway.advance(3_000);
    origin.reply({}, 'ok');
    expect((await get()).status).toBe(200);
  });

  it('dates an outage from its first opening, however often it is tried', async () => {
    await open();
    const target = async () => (await gateway.snapshot()).services[0]?.targets[0];
    await fail(3);
    const opened = (await target())?.since;
    gateway.advance(3_000);
    await fail(1);
    expect(await target()).toMatchObject({ breaker: 'open', since: opened });
    gateway.advance(6_000);
    origin.reply({}, 'ok');
    await get();
    const moves = gateway.events.flatMap((event) => (event.type === 'breaker' ? [event] : []));
    expect(moves.map(({ to }) => to)).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
    for (const { since } of moves.slice(0, 4)) expect(since).toBe(opened);
    expect(await target()).toMatchObject({ breaker: 'closed', since: moves[4]?.at, triedAt: undefined });
  });

  it('tells when it was last tried', async () => {
    await open();
    await fail(3);
    gateway.advance(3_000);
    await fail(1);
    const tried = gateway.events.find((event) => event.type === 'breaker' && event.to === 'half-open');
    expect(tried).toBeDefined();
    const [target] = (await gateway.snapshot()).services[0]?.targets ?? [];
    expect(target?.triedAt).toBe(tried?.type === 'breaker' ? tried.at : NaN);
  });

  it('serves what is fresh, and stale within its grace, meanwhile', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'fresh');
    await get('/fresh');
    origin.reply({ 'Cache-Control': 'max-age=1, stale-if-error=60' }, 'stale');
    await get('/stale');
    await fail(3);
    gateway.advance(1_500);
    expect(await state()).toBe('open');
    expect((await get('/fresh')).text).toBe('fresh');
    const stale = await get('/stale');
    expect([stale.status, stale.text]).toEqual([200, 'stale']);
    expect(origin.seen).toHaveLength(5);
  });

  it('asks the origin for its patience: Retry-After lengthens the pause', async () => {
    await open();
    origin.reply({ 'Retry-After': '20' }, '', 503);
    for (let i = 0; i < 3; i++) await get(`/${i}`);
    gateway.advance(10_000);
    expect((await get()).headers['retry-after']).toBe('10');
    expect(origin.seen).toHaveLength(3);
  });

  it.each([
    ['a date', 'Fri, 31 Dec 9999 23:59:59 GMT', 30],
    ['nothing that HTTP knows', '+9999', 3],
  ])('takes %s in Retry-After for what it is', async (_, value, most) => {
    await open();
    origin.reply({ 'Retry-After': value }, '', 503);
    for (let i = 0; i < 3; i++) await get(`/${i}`);
    const left = Number((await get()).headers['retry-after']);
    expect(left).toBeLessThanOrEqual(most);
    expect(left).toBeGreaterThan(most / 2 - 1);
  });

  it('can be held open, held closed, and released', async () => {
    await open();
    await hold('open');
    expect((await get()).status).toBe(503);
    await hold('closed');
    await fail(5);
    expect(await state()).toBe('held-closed');
    await hold('release');
    expect(await state()).toBe('closed');
    await expect(hold('open', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([404, 429, 501, 505])('does not take a %i for a failure', async (status) => {
    await open();
    origin.reply({}, '', status);
    for (let i = 0; i < 4; i++) await get(`/${i}`);
    expect(await state()).toBe('closed');
  });

  it("takes a client's oversized body for the client's fault", async () => {
    gateway = await openGateway(origin.url, { service: { breaker: LIMITS }, gateway: { maxRequestBody: '1KiB' } });
    origin.script((request) => request.resume());
    for (let i = 0; i < 4; i++) {
      const answer = await get('/', {
        method: 'POST',
        body: 'x'.repeat(2_000),
        headers: { 'Transfer-Encoding': 'chunked' },
      });
      expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([413, 'body_too_large']);
    }
    expect(await state()).toBe('closed');
  });
});

describe('bounds on calls', () => {
  it('refuses more than the target can queue, and counts no failure of the origin', async () => {
    gateway = await openGateway(origin.url, { target: { connections: 1 } });
    const held = gate();
    origin.script((_, response) => void held.opened.then(() => response.end('ok')));
    const agent = new Agent({ maxSockets: 100 });
    const asked = Array.from({ length: 20 }, (_, i) => get(`/${i}`, { agent }));
    const early = await Promise.race(asked);
    expect([early.status, early.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(early.text)).toMatchObject({ code: 'origin_busy' });
    await eventually(async () => expect((await gateway.route()).results.error).toBe(3));
    held.open();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 503)).toHaveLength(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(17);
    expect(await state()).toBe('closed');
    agent.destroy();
  });
});

describe('retries', () => {
  /** Answers the first request on each connection and breaks the next. */
  async function flaky(): Promise<{ port: number; close(): Promise<void>; heads: readonly string[] }> {
    const answered = new WeakSet<object>();
    return rawOrigin((socket) => {
      if (answered.has(socket)) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: no-store\r\n\r\nok');
      answered.add(socket);
    });
  }

  it('repeats an idempotent request once when a kept connection breaks', async () => {
    const raw = await flaky();
    gateway = await openGateway(`http://127.0.0.1:${raw.port}`);
    expect((await get('/1')).text).toBe('ok');
    expect((await get('/2')).text).toBe('ok');
    expect(raw.heads).toHaveLength(3);
    expect((await gateway.route()).originCalls).toMatchObject({ fetch: 2, retry: 1 });
    await raw.close();
  });

  it('repeats no POST', async () => {
    const raw = await flaky();
    gateway = await openGateway(`http://127.0.0.1:${raw.port}`);
    await get('/1');
    const answer = await get('/2', { method: 'POST', body: 'x' });
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([502, 'origin_reset']);
    expect(raw.heads).toHaveLength(2);
    const empty = await flaky();
    const own = await openGateway(`http://127.0.0.1:${empty.port}`);
    await ask(own.port, '/1');
    expect((await ask(own.port, '/2', { method: 'POST' })).status).toBe(502);
    await own.close();
    await empty.close();
    await raw.close();
  });

  it('repeats nothing after the first byte', async () => {
    const raw = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
      setImmediate(() => socket.destroy());
    });
    gateway = await openGateway(raw.url);
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.closed();
    expect(raw.heads).toHaveLength(1);
    await raw.close();
  });

  it('stops repeating once the budget is spent', async () => {
    const raw = await rawOrigin((socket) => socket.destroy());
    gateway = await openGateway(raw.url, { service: { breaker: { failures: 1_000, minimumCalls: 1_000 } } });
    for (let i = 0; i < 30; i++) expect((await get(`/${i}`)).status).toBe(502);
    const { retry } = (await gateway.route()).originCalls;
    expect(retry).toBeGreaterThanOrEqual(10);
    expect(retry).toBeLessThanOrEqual(14);
    await raw.close();
  });
});
