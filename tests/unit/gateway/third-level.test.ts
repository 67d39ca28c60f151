import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClearSource } from '../../../lib/cache/clear-record.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, type Answer, type Ask } from '../../support/raw-client.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';
import { sharedLevel, type SharedLevel } from '../../support/shared-level.ts';

const HOST = 'shop.test';
let origin: ScriptedOrigin;
let l3: SharedLevel;
let clears: ClearSource;
const opened: TestGateway[] = [];

beforeEach(async () => {
  origin = await scriptedOrigin();
  l3 = sharedLevel();
  clears = createMemoryClears();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
  await origin.close();
});

async function open(setup: GatewaySetup = {}): Promise<TestGateway> {
  const gateway = await openGateway(origin.url, { persistent: l3, clears, ...setup });
  opened.push(gateway);
  return gateway;
}

/** All gateways are asked for the same host, so that they have the same keys. */
const get = (gateway: TestGateway, path = '/', { headers, ...options }: Ask = {}): Promise<Answer> =>
  ask(gateway.port, path, { ...options, headers: { Host: HOST, ...headers } });
const detail = (answer: Answer): string | undefined =>
  /detail=(\S+)$/.exec(String(answer.headers['cache-status']))?.[1];
const held = (path = '/'): Promise<number> =>
  eventually(async () => {
    const found = (await l3.level.read(l3.reads.find((key) => key.includes(path)) as string))?.length ?? 0;
    expect(found).toBeGreaterThan(0);
    return found;
  });

/** A gateway that has stored the path and is gone, and the one that comes after it. */
async function restarted(path = '/', setup: GatewaySetup = {}, request: Ask = {}): Promise<TestGateway> {
  const before = await open(setup);
  await get(before, path, request);
  await held(path);
  await before.close();
  return open(setup);
}

describe('L3', () => {
  it('answers after a restart, and hands over to L2 and L1', async () => {
    const gateway = await restarted('/a?b=c');
    const first = await get(gateway, '/a?b=c');
    expect([first.text, detail(first)]).toEqual(['answer 1', 'l3']);
    expect(first.headers['cache-status']).toBe('pitwall; hit; ttl=60; detail=l3');
    expect(detail(await get(gateway, '/a?b=c'))).toBe('l1');
    expect(origin.seen).toHaveLength(1);
    const { results, bytesSaved, hitLatency } = await gateway.route();
    expect([results.l3, results.l1, bytesSaved]).toEqual([1, 1, 16]);
    expect(hitLatency[1]).toBe(2);
    const [, , level] = (await gateway.snapshot()).levels;
    expect(level).toMatchObject({ level: 'l3', kind: 'disk', state: 'ok', entries: 1 });
    expect(level?.latency[1]).toBe(1);
  });

  it('never holds what a credential selects: its value is part of what is stored', async () => {
    origin.reply({ 'Cache-Control': 'public, max-age=60', Vary: 'Authorization' }, 'varied');
    const [gateway, mine] = [await open(), { headers: { Authorization: 'Bearer s3cr3t' } }];
    for (const from of ['cold', 'l2']) expect(detail(await get(gateway, '/mine', mine))).toBe(from);
    await get(gateway, '/anyone');
    await held('/anyone');
    expect(await l3.level.read(l3.reads.find((key) => key.includes('/mine')) as string)).toBeUndefined();
  });

  it('is asked once for any number of simultaneous requests, and the origin not at all', async () => {
    const gateway = await restarted();
    const before = l3.reads.length;
    const release = l3.hold();
    const asked = Array.from({ length: 50 }, () => get(gateway));
    await eventually(() => expect(l3.reads.length).toBeGreaterThan(before));
    release();
    for (const answer of await Promise.all(asked)) expect(answer.text).toBe('answer 1');
    expect([l3.reads.length - before, origin.seen.length]).toEqual([1, 1]);
  });

  it('has nothing: one origin call for all who waited', async () => {
    const gateway = await open();
    const release = l3.hold();
    const asked = Array.from({ length: 50 }, () => get(gateway));
    await eventually(() => expect(l3.reads).toHaveLength(1));
    release();
    for (const answer of await Promise.all(asked)) expect(answer.text).toBe('answer 1');
    expect(origin.seen).toHaveLength(1);
  });

  it('picks the variant, and asks for another one by itself', async () => {
    origin.script((request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' });
      response.end(`${request.headers['accept-language']} ${origin.seen.length}`);
    });
    const de = { headers: { 'Accept-Language': 'de' } };
    const gateway = await restarted('/', {}, de);
    expect((await get(gateway, '/', de)).text).toBe('de 1');
    const en = await get(gateway, '/', { headers: { 'Accept-Language': 'en' } });
    expect([en.text, detail(en)]).toEqual(['en 2', 'vary']);
  });

  it('gives what has expired to be confirmed by the origin', async () => {
    origin.script((request, response) => {
      const same = request.headers['if-none-match'] === '"v1"';
      response.writeHead(same ? 304 : 200, { 'Cache-Control': 'max-age=10', ETag: '"v1"' });
      response.end(same ? undefined : 'body');
    });
    const before = await open();
    await get(before);
    await held();
    const gateway = await open();
    gateway.advance(11_000);
    const answer = await get(gateway);
    expect([answer.text, answer.headers['cache-status']]).toEqual([
      'body',
      expect.stringMatching(/^pitwall; fwd=stale; fwd-status=304; stored; ttl=(9|10); detail=expired$/),
    ]);
  });

  it('that fails is a miss, and says so', async () => {
    const gateway = await restarted();
    l3.breakDown();
    expect((await get(gateway)).text).toBe('answer 2');
    expect((await gateway.snapshot()).levels[2]).toMatchObject({ state: 'degraded', why: 'It is broken.' });
    expect((await get(gateway, '/', { method: 'POST' })).status).toBe(200);
  });

  it("isn't asked in other modes, nor for what was lately for one client alone", async () => {
    const gateway = await open();
    await gateway.setMode('bypass');
    await get(gateway);
    await gateway.setMode('observe');
    await get(gateway);
    expect(l3.reads).toEqual([]);
    await gateway.setMode('cache');
    origin.reply({ 'Cache-Control': 'no-store' });
    await get(gateway, '/own');
    expect(l3.reads).toHaveLength(1);
    await get(gateway, '/own');
    expect(l3.reads).toHaveLength(1);
  });

  it('answers what is too large for L2', async () => {
    origin.reply({ 'Cache-Control': 'max-age=60' }, Buffer.alloc(200_000, 'x'));
    const small = { gateway: { memory: '100KiB' } } as const;
    const gateway = await restarted('/', small);
    const answer = await get(gateway);
    expect([answer.text.length, detail(answer)]).toEqual([200_000, 'l3']);
    expect(origin.seen).toHaveLength(1);
  });

  it('no longer writes to a client that left while it was asked', async () => {
    const gateway = await restarted();
    const release = l3.hold();
    const reads = l3.reads.length;
    const leaving = await rawClient(gateway.port);
    leaving.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    await eventually(() => expect(l3.reads.length).toBeGreaterThan(reads));
    leaving.end();
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(0));
    release();
    expect(detail(await get(gateway))).toBe('l2');
    expect((await gateway.route()).aborted).toBe(1);
  });
});

describe('clears', () => {
  it('of any scope hold for what L3 has from before', async () => {
    const gateway = await restarted('/a');
    const { number } = await clears.append({ scope: { prefix: `http://${HOST}/` }, mode: 'hard' });
    await gateway.gateway.command({ type: 'follow-clears', number });
    expect((await get(gateway, '/a')).text).toBe('answer 2');
    await eventually(async () => expect(await l3.level.read(l3.reads[0] as string)).toHaveLength(1));
  });

  it('soft: the copy in L3 is stale, answers in its grace, and is refreshed', async () => {
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60, stale-while-revalidate=60' });
      response.end(`answer ${origin.seen.length}`);
    });
    const gateway = await restarted('/a');
    const { number } = await clears.append({ scope: { key: `http://${HOST}/a` }, mode: 'soft' });
    await gateway.gateway.command({ type: 'follow-clears', number });
    const stale = await get(gateway, '/a');
    expect([stale.text, stale.headers['cache-status']]).toEqual(['answer 1', 'pitwall; hit; ttl=0; detail=stale']);
    await eventually(async () => expect((await get(gateway, '/a')).text).toBe('answer 2'));
  });

  it('what another has stored anew since is taken from L3, not asked of the origin again', async () => {
    l3 = sharedLevel({ shared: true });
    const [one, other] = [await open(), await open()];
    await get(one, '/a');
    await held('/a');
    await get(other, '/a');
    for (const mode of ['hard', 'soft'] as const) {
      one.advance(1_000);
      const { number } = await clears.append({ scope: { all: true }, mode });
      for (const { gateway } of [one, other]) await gateway.command({ type: 'follow-clears', number });
      const renewed = (await get(one, '/a')).text;
      await eventually(async () => {
        const stored = await l3.level.read(l3.reads[0] as string);
        expect(stored?.[0]?.body.toString()).toBe(renewed);
      });
      expect((await get(other, '/a')).text).toBe(renewed);
    }
    expect(origin.seen).toHaveLength(3);
  });

  it('hard, while an entry is being confirmed: the 304 confirms nothing, and a new answer is fetched', async () => {
    const gateway = await open();
    const held304 = gate();
    origin.script((request, response) => {
      const call = origin.seen.length;
      const same = request.headers['if-none-match'] !== undefined;
      void (same ? held304.opened : Promise.resolve()).then(() => {
        response.writeHead(same ? 304 : 200, { 'Cache-Control': 'max-age=10', ETag: '"v"' });
        response.end(same ? undefined : `answer ${call}`);
      });
    });
    await get(gateway, '/a');
    gateway.advance(11_000);
    const confirming = get(gateway, '/a');
    await origin.arrived(2);
    const { number } = await clears.append({ scope: { key: `http://${HOST}/a` }, mode: 'hard' });
    await gateway.gateway.command({ type: 'follow-clears', number });
    held304.open();
    expect((await confirming).text).toBe('answer 3');
    expect(detail(await get(gateway, '/a'))).toBe('l2');
    expect(origin.seen).toHaveLength(3);
  });

  it('an answer with more tags than are kept is not stored', async () => {
    const gateway = await open();
    origin.reply({ 'Cache-Control': 'max-age=60', 'Cache-Tag': Array.from({ length: 300 }, (_, i) => `t${i}`).join() });
    expect(detail(await get(gateway, '/a'))).toBe('too-large');
    expect(detail(await get(gateway, '/a'))).toBe('too-large');
  });

  it('that are missed keep L3 from being read until they were caught up with', async () => {
    const reachable = createMemoryClears();
    let away = false;
    const source: ClearSource = {
      head: () => (away ? Promise.reject(new Error('away')) : reachable.head()),
      since: (number) => (away ? Promise.reject(new Error('away')) : reachable.since(number)),
      append: (draft) => reachable.append(draft),
    };
    const gateway = await restarted('/a', { clears: source });
    away = true;
    await eventually(async () => expect((await gateway.snapshot()).clears.state).toBe('unconfirmed'));
    const reads = l3.reads.length;
    expect((await get(gateway, '/a')).text).toBe('answer 2');
    expect(l3.reads).toHaveLength(reads);
    away = false;
    await eventually(async () => expect((await gateway.snapshot()).clears.state).toBe('confirmed'));
    await get(gateway, '/b');
    expect(l3.reads).toHaveLength(reads + 1);
  });
});

describe('an unsafe request', () => {
  it('forgets its URL in L3 too, and tells the other workers', async () => {
    const gateway = await restarted('/a');
    await get(gateway, '/a', { method: 'DELETE' });
    const told = gateway.events.find((event) => event.type === 'invalidated');
    expect(told).toMatchObject({ url: `http://${HOST}/a` });
    const other = await open();
    expect((await get(other, '/a')).text).toBe('answer 3');
  });

  it('overtakes what is being read from L3', async () => {
    const gateway = await restarted('/a');
    const release = l3.hold();
    const reads = l3.reads.length;
    const early = get(gateway, '/a');
    await eventually(() => expect(l3.reads.length).toBeGreaterThan(reads));
    await get(gateway, '/a', { method: 'PUT' });
    release();
    expect((await early).text).toBe('answer 3');
  });

  it('is forgotten by a worker that is told of it', async () => {
    const [one, other] = [await open({ persistent: undefined }), await open({ persistent: undefined })];
    await get(one, '/a');
    await get(other, '/a');
    await get(one, '/a', { method: 'POST' });
    const told = one.events.find((event) => event.type === 'invalidated');
    await other.gateway.command({ ...(told as Extract<typeof told, { type: 'invalidated' }>), type: 'forget' });
    expect((await get(other, '/a')).text).toBe('answer 4');
  });
});
