import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import type { Answer } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get, which, numbered } = gatewayScene();

const cacheStatus = (answer: Answer): string => String(answer.headers['cache-status']);

describe('expiry and revalidation', () => {
  function validated(headers: Record<string, string>): void {
    origin.script((request, response) => {
      const same = request.headers['if-none-match'] === '"v1"' || request.headers['if-modified-since'] !== undefined;
      response.writeHead(same ? 304 : 200, { ...headers, 'X-Call': String(origin.seen.length) });
      response.end(same ? undefined : `answer ${origin.seen.length}`);
    });
  }

  it('confirms an expired entry with its ETag, takes the headers of the 304, and is fresh again', async () => {
    await open();
    validated({ 'Cache-Control': 'max-age=10', ETag: '"v1"' });
    await get();
    gateway.advance(11_000);
    const again = await get();
    expect([again.status, again.text, again.headers['x-call'], again.headers.age]).toEqual([200, 'answer 1', '2', '0']);
    expect(origin.seen[1]?.headers['if-none-match']).toBe('"v1"');
    expect(cacheStatus(again)).toMatch(/^pitwall; fwd=stale; fwd-status=304; stored; ttl=(9|10); detail=expired$/);
    gateway.advance(9_000);
    expect((await get()).headers['x-call']).toBe('2');
    expect(origin.seen).toHaveLength(2);
    expect(await gateway.route()).toMatchObject({
      originCalls: { fetch: 1, revalidate: 1 },
      reasons: { cold: 1, expired: 1 },
    });
  });

  it('confirms with Last-Modified, and replaces what has changed', async () => {
    await open();
    const modified = 'Mon, 02 Jan 2023 00:00:00 GMT';
    validated({ 'Cache-Control': 'max-age=10', 'Last-Modified': modified });
    await get('/m');
    gateway.advance(11_000);
    expect((await get('/m')).text).toBe('answer 1');
    expect(origin.seen[1]?.headers['if-modified-since']).toBe(modified);
    numbered({ 'Cache-Control': 'max-age=10' });
    gateway.advance(11_000);
    expect((await get('/m')).text).toBe('answer 3');
    expect((await get('/m')).text).toBe('answer 3');
  });

  it('keeps the entry when it was HEAD that confirmed it', async () => {
    await open();
    validated({ 'Cache-Control': 'max-age=10', ETag: '"v1"' });
    await get();
    gateway.advance(11_000);
    const head = await get('/', { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '8']);
    expect((await get()).text).toBe('answer 1');
    expect(origin.seen).toHaveLength(2);
  });

  it('lets a 304 end the storing where it says so', async () => {
    await open();
    validated({ 'Cache-Control': 'max-age=10', ETag: '"v1"' });
    await get();
    gateway.advance(11_000);
    validated({ 'Cache-Control': 'no-store', ETag: '"v1"' });
    const last = await get();
    // Nobody behind us may keep it either.
    expect([last.text, last.headers['cache-control'], last.headers['content-length']]).toEqual([
      'answer 1',
      'no-store',
      '8',
    ]);
    expect(cacheStatus(last)).toBe('pitwall; fwd=stale; fwd-status=304; detail=expired');
    expect((await gateway.snapshot()).levels).toMatchObject([{ entries: 0 }, { entries: 0 }]);
    expect((await get()).text).toBe('answer 3');
  });

  it('lets an entry without validators expire into a plain fetch', async () => {
    await open();
    expect(await which()).toBe(1);
    gateway.advance(61_000);
    expect(await which()).toBe(2);
    expect(origin.seen[1]?.headers).not.toHaveProperty('if-none-match');
  });

  it('serves stale while one refresh runs', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=10, stale-while-revalidate=60' });
    await get();
    gateway.advance(11_000);
    const held = gate();
    origin.script((_, response) => {
      void held.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'max-age=10' });
        response.end('answer 2');
      });
    });
    const answers = await Promise.all([1, 2, 3, 4].map(() => get()));
    expect(answers.map(({ text }) => text)).toEqual(Array(4).fill('answer 1'));
    expect(cacheStatus(answers[0] as Answer)).toMatch(/^pitwall; hit; ttl=-[12]; detail=stale$/);
    await origin.arrived(2);
    held.open();
    await eventually(async () => expect((await get()).text).toBe('answer 2'));
    expect(origin.seen).toHaveLength(2);
    expect(await gateway.route()).toMatchObject({ originCalls: { fetch: 1, refresh: 1 } });
  });

  it('does not serve stale past the grace', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=10, stale-while-revalidate=5' });
    await get();
    gateway.advance(16_000);
    expect(await which()).toBe(2);
  });

  it('gives the policy’s graces where the response says nothing', async () => {
    await open({ policy: { staleWhileRevalidate: '1m', staleIfError: '1h' } });
    numbered({ 'Cache-Control': 'max-age=10' });
    await get();
    gateway.advance(11_000);
    expect(cacheStatus(await get())).toContain('detail=stale');
    await eventually(async () => expect((await get()).text).toBe('answer 2'));
    gateway.advance(71_000);
    numbered({}, 503);
    expect((await get()).text).toBe('answer 2');
  });

  it.each([500, 502, 503, 504])('stands in with the stale entry for a %s, within its grace', async (status) => {
    await open();
    numbered({ 'Cache-Control': 'max-age=10, stale-if-error=60' });
    await get();
    numbered({}, status);
    gateway.advance(11_000);
    const stale = await get();
    expect([stale.status, stale.text]).toEqual([200, 'answer 1']);
    expect(cacheStatus(stale)).toContain('detail=stale');
    expect((await gateway.route()).results).toMatchObject({ stale: 1, error: 0 });
    gateway.advance(60_000);
    expect((await get()).status).toBe(status);
  });

  it('stands in when the origin breaks off, too', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=10, stale-if-error=60' });
    await get();
    origin.script((request) => request.socket.destroy());
    gateway.advance(11_000);
    expect((await get()).text).toBe('answer 1');
  });

  it.each(['must-revalidate', 'proxy-revalidate', 's-maxage=10'])('never serves stale under %s', async (directive) => {
    await open({ policy: { staleIfError: '1h', staleWhileRevalidate: '1h' } });
    numbered({ 'Cache-Control': `max-age=10, ${directive}` });
    await get();
    gateway.advance(11_000);
    numbered({}, 503);
    expect((await get()).status).toBe(503);
  });

  it('stores no-cache with a validator, and confirms it each time', async () => {
    await open();
    validated({ 'Cache-Control': 'no-cache', ETag: '"v1"' });
    for (let i = 0; i < 3; i++) expect((await get()).text).toBe('answer 1');
    expect(origin.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"', '"v1"']);
  });
});
