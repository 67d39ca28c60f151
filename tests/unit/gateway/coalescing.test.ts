import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { rawClient } from '../../support/raw-client.ts';
import { gate, type Script } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get } = gatewayScene();

/** With this clock no answer is older on arrival than its Age says. */
const BEFORE_ANY_DATE = Date.UTC(2000, 0, 1);

/** Resolves once `count` requests sit in flights or wait for one. */
const connected = (count: number): Promise<void> =>
  eventually(async () => expect((await gateway.snapshot()).connections).toBe(count));

/** Holds every answer until opened; "answer n for <cookie>". */
function held(headers: Record<string, string>): { open(): void } {
  const hold = gate();
  const script: Script = (request, response) => {
    const number = origin.seen.length;
    void hold.opened.then(() => {
      response.writeHead(200, headers);
      response.end(`answer ${number} for ${request.headers.cookie ?? 'nobody'}`);
    });
  };
  origin.script(script);
  return hold;
}

describe('one origin call', () => {
  it('for 1,000 simultaneous requests for one cold key', async () => {
    await open();
    const hold = held({ 'Cache-Control': 'max-age=60' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
    const asked = Array.from({ length: 1_000 }, () => get('/cold', { agent }));
    await connected(1_000);
    hold.open();
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['answer 1 for nobody']));
    expect(origin.seen).toHaveLength(1);
    const { results } = await gateway.route();
    expect(results.origin).toBe(1);
    expect(results.coalesced + results.l1 + results.l2).toBe(999);
    expect(results.coalesced).toBeGreaterThan(900);
    agent.destroy();
  });

  it('says in Cache-Status who was collapsed', async () => {
    await open({ wall: BEFORE_ANY_DATE });
    const hold = held({ 'Cache-Control': 'max-age=60' });
    const asked = [get(), get()];
    await connected(2);
    hold.open();
    const statuses = (await Promise.all(asked)).map(({ headers }) => headers['cache-status']);
    expect(statuses.sort()).toEqual([
      'pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=60; collapsed; detail=cold',
      'pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=60; detail=cold',
    ]);
  });

  it('for those who come while the body streams; each gets it from the first byte', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      response.write('first ');
      void hold.opened.then(() => response.end('last'));
    });
    const leader = await rawClient(gateway.port);
    leader.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await leader.until(/first/);
    const follower = await rawClient(gateway.port);
    follower.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await follower.until(/first/);
    hold.open();
    for (const client of [leader, follower]) expect(await client.closed()).toMatch(/first [^]*last/);
    expect(origin.seen).toHaveLength(1);
  });

  it('unless the policy turns it off', async () => {
    await open({ policy: { coalesce: false } });
    const hold = held({ 'Cache-Control': 'max-age=60' });
    const asked = [get(), get()];
    await origin.arrived(2);
    hold.open();
    await Promise.all(asked);
    expect((await gateway.route()).results).toMatchObject({ origin: 2, coalesced: 0 });
  });

  it('for a revalidation that many wait for', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'max-age=10', ETag: '"v1"' }, 'body');
    await get();
    gateway.advance(11_000);
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(304, { 'Cache-Control': 'max-age=10', ETag: '"v1"' });
        response.end();
      });
    });
    const asked = [1, 2, 3].map(() => get());
    await connected(3);
    hold.open();
    expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(['body', 'body', 'body']);
    expect(origin.seen).toHaveLength(2);
  });
});

describe('privacy', () => {
  it("sends followers on alone when the answer is private, and nobody sees another's", async () => {
    await open({ policy: { coalesceCookies: true } });
    const hold = held({ 'Cache-Control': 'private' });
    const names = Array.from({ length: 20 }, (_, i) => `user=${i}`);
    const asked = names.map((Cookie) => get('/me', { headers: { Cookie } }));
    await connected(20);
    await origin.arrived(1);
    hold.open();
    const answers = await Promise.all(asked);
    for (const [i, { text }] of answers.entries()) expect(text).toMatch(new RegExp(` for user=${i}$`));
    expect(origin.seen).toHaveLength(20);
    expect((await gateway.route()).results).toMatchObject({ origin: 20, coalesced: 0 });
  });

  it('remembers the key as hit-for-miss: the next go in parallel at once, until it can be shared', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'no-store' }, 'x');
    await get();
    const hold = held({ 'Cache-Control': 'max-age=60' });
    const asked = [get(), get(), get()];
    await origin.arrived(4);
    hold.open();
    await Promise.all(asked);
    gateway.advance(61_000);
    const again = held({ 'Cache-Control': 'max-age=60' });
    const late = [get(), get()];
    await connected(2);
    again.open();
    await Promise.all(late);
    expect(origin.seen).toHaveLength(5);
  });

  it('does not take a failure for a reason not to share', async () => {
    await open();
    origin.reply({}, 'oops', 500);
    await get();
    const hold = held({ 'Cache-Control': 'max-age=60' });
    const asked = [get(), get()];
    await connected(2);
    hold.open();
    await Promise.all(asked);
    expect(origin.seen).toHaveLength(2);
  });

  it('lets requests with a Cookie wait for nobody by default', async () => {
    await open();
    const hold = held({ 'Cache-Control': 'max-age=60' });
    const asked = ['a=1', 'a=2'].map((Cookie) => get('/', { headers: { Cookie } }));
    await origin.arrived(2);
    hold.open();
    expect((await Promise.all(asked)).map(({ text }) => text.slice(-3)).sort()).toEqual(['a=1', 'a=2']);
  });

  it('shares with Authorization only what the origin lets be shared', async () => {
    await open();
    for (const [control, calls] of [
      ['max-age=60', 3],
      ['public, max-age=60', 1],
    ] as const) {
      const before = origin.seen.length;
      const hold = held({ 'Cache-Control': control });
      const asked = ['x', 'y', 'z'].map((Authorization) => get(`/${calls}`, { headers: { Authorization } }));
      await connected(3);
      await origin.arrived(before + 1);
      hold.open();
      await Promise.all(asked);
      expect(origin.seen).toHaveLength(before + calls);
    }
  });

  it('does not share a variant with those who asked for another', async () => {
    await open();
    const hold = gate();
    origin.script((request, response) => {
      const language = request.headers['accept-language'];
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' });
        response.end(language);
      });
    });
    const asked = ['de', 'en', 'de', 'en'].map((language) => get('/', { headers: { 'Accept-Language': language } }));
    await connected(4);
    await origin.arrived(1);
    hold.open();
    expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(['de', 'en', 'de', 'en']);
  });

  it('keeps a cookie that the policy lets pass for the client that led', async () => {
    await open({ policy: { ttl: '1m', ignore: ['set-cookie'] } });
    const hold = held({ 'Set-Cookie': 'session=leader' });
    const leader = get();
    await origin.arrived(1);
    const followers = [get(), get()];
    await connected(3);
    hold.open();
    expect((await leader).headers['set-cookie']).toEqual(['session=leader']);
    for (const { headers } of await Promise.all(followers)) expect(headers).not.toHaveProperty('set-cookie');
    expect(origin.seen).toHaveLength(1);
  });

  it("gives a follower neither the leader's request id nor its conditional answer", async () => {
    await open();
    const hold = held({ 'Cache-Control': 'max-age=60', ETag: '"v1"' });
    const leader = get('/', { headers: { 'If-None-Match': '"v1"' } });
    await origin.arrived(1);
    const follower = get();
    await connected(2);
    hold.open();
    expect((await leader).status).toBe(304);
    expect((await follower).status).toBe(200);
    expect((await leader).headers['x-request-id']).not.toBe((await follower).headers['x-request-id']);
  });
});
