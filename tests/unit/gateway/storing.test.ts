import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import type { Answer } from '../../support/raw-client.ts';

const { origin, gateway, open, get, which, numbered } = gatewayScene();

const cacheStatus = (answer: Answer): string => String(answer.headers['cache-status']);

describe('what may not be stored', () => {
  const cases: [string, Record<string, string>, Record<string, string>, string][] = [
    ['no-store', { 'Cache-Control': 'no-store, max-age=60' }, {}, 'no-store'],
    ['private', { 'Cache-Control': 'private, max-age=60' }, {}, 'private'],
    ['Set-Cookie', { 'Cache-Control': 'max-age=60', 'Set-Cookie': 'a=b' }, {}, 'set-cookie'],
    ['Vary: *', { 'Cache-Control': 'max-age=60', Vary: '*' }, {}, 'vary-star'],
    ['no freshness', {}, {}, 'no-freshness'],
    ['Authorization', { 'Cache-Control': 'max-age=60' }, { Authorization: 'Bearer x' }, 'authorization'],
  ];
  it.each(cases)('%s', async (_, headers, sent, reason) => {
    await open();
    numbered(headers);
    expect(await which('/', { headers: sent })).toBe(1);
    const second = await get('/', { headers: sent });
    expect(second.text).toBe('answer 2');
    expect(cacheStatus(second)).not.toContain('stored');
    expect((await gateway.route()).reasons).toEqual({ [reason]: 2 });
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
  });

  it('shares what Authorization asked for only where the origin allows it', async () => {
    await open();
    numbered({ 'Cache-Control': 'public, max-age=60' });
    expect(await which('/p', { headers: { Authorization: 'a' } })).toBe(1);
    expect(await which('/p', { headers: { Authorization: 'b' } })).toBe(1);
    expect(await which('/p')).toBe(1);
    numbered({ 'Cache-Control': 'max-age=60' });
    expect(await which('/q')).toBe(2);
    expect(await which('/q')).toBe(2);
    expect(await which('/q')).toBe(2);
    expect(await which('/q', { headers: { Authorization: 'a' } })).toBe(3);
    expect(await which('/q')).toBe(2);
  });

  it("keeps the policy's TTL away from requests with a Cookie", async () => {
    await open({ policy: { ttl: '1m' } });
    numbered({});
    expect(await which('/', { headers: { Cookie: 'a=1' } })).toBe(1);
    expect(await which()).toBe(2);
    for (let i = 0; i < 3; i++) expect(await which()).toBe(2);
    expect(await which('/', { headers: { Cookie: 'a=1' } })).toBe(4 - 1);
    expect((await gateway.route()).reasons).toMatchObject({ cookie: 2 });
  });

  it("answers a request with a Cookie from an entry with the origin's own freshness, L1 too", async () => {
    await open();
    for (let i = 0; i < 3; i++) expect(await which('/', { headers: { Cookie: 'a=1' } })).toBe(1);
    expect((await gateway.route()).results).toMatchObject({ l1: 1, l2: 1 });
  });

  it.each([
    ['no-store', { 'Cache-Control': 'no-store' }, {}],
    ['private', { 'Cache-Control': 'private' }, {}],
    ['set-cookie', { 'Set-Cookie': 'a=b' }, {}],
    ['authorization', {}, { Authorization: 'x' }],
    ['cookie', {}, { Cookie: 'a=b' }],
  ] as const)('a policy that ignores %s stores it, and is marked as unsafe', async (name, headers, sent) => {
    await open({ policy: { ttl: '1m', ignore: [name] } });
    numbered(headers);
    await get('/', { headers: sent });
    const hit = await get('/', { headers: sent });
    expect(hit.text).toBe('answer 1');
    expect(hit.headers).not.toHaveProperty('set-cookie');
    expect((await gateway.route()).unsafe).toEqual([name]);
    if (name === 'cookie') expect(origin.seen[0]?.headers).not.toHaveProperty('cookie');
  });

  it('a policy TTL gives freshness to what has none, and to nothing else', async () => {
    await open({ policy: { ttl: '10s' } });
    numbered({});
    await get('/none');
    expect(await which('/none')).toBe(1);
    gateway.advance(11_000);
    expect(await which('/none')).toBe(2);
    numbered({ 'Cache-Control': 'max-age=1' });
    await get('/own');
    gateway.advance(2_000);
    expect(await which('/own')).toBe(4);
    numbered({}, 500);
    expect(await which('/error')).toBe(5);
    expect(await which('/error')).toBe(6);
  });

  it('does not store an entry over maxEntry, announced or not', async () => {
    await open({ policy: { maxEntry: '1KiB' } });
    origin.reply({ 'Cache-Control': 'max-age=60', 'Content-Length': '1025' }, Buffer.alloc(1_025));
    await get('/announced');
    const second = await get('/announced');
    expect(cacheStatus(second)).toContain('detail=too-large');
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      response.write(Buffer.alloc(1_000));
      response.end(Buffer.alloc(25));
    });
    await get('/chunked');
    expect((await get('/chunked')).body).toHaveLength(1_025);
    expect(origin.seen).toHaveLength(4);
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
  });

  it('stays within its memory by evicting', async () => {
    await open({ gateway: { memory: '1MiB' } });
    origin.reply({ 'Cache-Control': 'max-age=60' }, Buffer.alloc(100_000));
    for (let i = 0; i < 12; i++) {
      await get(`/${i}`);
      await get(`/${i}`);
    }
    const [l1, l2] = (await gateway.snapshot()).levels;
    expect(l2?.evictions).toBeGreaterThan(5);
    expect(l2?.bytes).toBeLessThanOrEqual(l2?.budgetBytes ?? 0);
    expect(l1?.entries).toBe(l2?.entries);
    expect((l1?.budgetBytes ?? 0) + (l2?.budgetBytes ?? 0)).toBeLessThanOrEqual(1_048_576);
  });
});
