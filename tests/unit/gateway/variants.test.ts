import { describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gate } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get, which, numbered } = gatewayScene();

describe('variants and keys', () => {
  it('keeps a variant per selecting value', async () => {
    await open();
    origin.script((request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language, X-Kind' });
      response.end(`${request.headers['accept-language'] ?? 'none'} ${origin.seen.length}`);
    });
    const language = async (value?: string): Promise<string> =>
      (await get('/', value === undefined ? {} : { headers: { 'Accept-Language': value } })).text;
    expect(await language('de')).toBe('de 1');
    expect(await language('en')).toBe('en 2');
    expect(await language()).toBe('none 3');
    for (let round = 0; round < 3; round++) {
      expect(await language('de')).toBe('de 1');
      expect(await language('en')).toBe('en 2');
      expect(await language()).toBe('none 3');
    }
    expect((await get('/', { headers: { 'Accept-Language': 'de', 'X-Kind': 'a' } })).text).toBe('de 4');
    expect(await gateway.route()).toMatchObject({ reasons: { cold: 1, vary: 3 } });
    expect((await gateway.snapshot()).levels).toMatchObject([{ entries: 3 }, { entries: 4 }]);
  });

  it('takes keyHeaders into the key, and clears all of a URL by an unsafe method', async () => {
    await open({ policy: { keyHeaders: ['X-Tenant'] } });
    const tenant = (name: string): Promise<number> => which('/', { headers: { 'X-Tenant': name } });
    expect(await tenant('a')).toBe(1);
    expect(await tenant('b')).toBe(2);
    for (let i = 0; i < 3; i++) expect([await tenant('a'), await tenant('b')]).toEqual([1, 2]);
    await get('/', { method: 'DELETE' });
    expect([await tenant('a'), await tenant('b')]).toEqual([4, 5]);
  });

  it('tells a key header that is empty from one that is absent', async () => {
    await open({ policy: { keyHeaders: ['X-Tenant'] } });
    expect(await which('/', { headers: { 'X-Tenant': '' } })).toBe(1);
    expect([await which(), await which()]).toEqual([2, 2]);
    expect(await which('/', { headers: { 'X-Tenant': '' } })).toBe(1);
  });

  it.each(['utm_source=x&b=2&a=1', 'b=2&a=1', 'a=1&b=2'])('is cleared by a URL as it was asked: ?%s', async (query) => {
    const clears = createMemoryClears();
    await open({ clears, policy: { query: { sort: true, drop: ['utm_*'] } } });
    expect(await which('/p?b=2&a=1&utm_source=y')).toBe(1);
    const { number } = await clears.append({ scope: { key: `${gateway.url}/p?${query}` }, mode: 'hard' });
    await gateway.gateway.command({ type: 'follow-clears', number });
    expect([await which('/p?a=1&b=2'), await which('/p?a=1&b=2')]).toEqual([2, 2]);
  });

  it('caches POST by its body where the policy says so', async () => {
    await open({ policy: { keyBody: true, maxKeyBody: '100B' } });
    numbered({ 'Cache-Control': 'max-age=60' });
    const post = (body: string, type = 'application/json'): Promise<number> =>
      which('/graphql', { method: 'POST', body, headers: { 'Content-Type': type } });
    expect(await post('{a}')).toBe(1);
    expect(await post('{a}')).toBe(1);
    expect(await post('{b}')).toBe(2);
    expect(await post('{a}', 'text/plain')).toBe(3);
    expect(await post('{a}')).toBe(1);
    expect(origin.seen[0]).toMatchObject({ method: 'POST', body: '{a}' });
    const long = 'x'.repeat(101);
    expect(await post(long)).toBe(4);
    expect(await post(long)).toBe(5);
    expect(origin.seen[4]?.body).toBe(long);
    expect((await gateway.route()).reasons).toMatchObject({ 'too-large': 2 });
    expect(await which('/graphql')).toBe(6);
  });

  it('coalesces POSTs by their body', async () => {
    await open({ policy: { keyBody: true } });
    const held = gate();
    origin.script((request, response) => {
      request.resume();
      void held.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60' });
        response.end('one');
      });
    });
    const asked = [1, 2, 3].map(() => get('/', { method: 'POST', body: 'same' }));
    await origin.arrived(1);
    held.open();
    await Promise.all(asked);
    expect(origin.seen).toHaveLength(1);
    expect((await gateway.route()).results).toMatchObject({ origin: 1, coalesced: 2 });
  });
});

describe('ranges and conditionals', () => {
  const headers = { 'Cache-Control': 'max-age=60', ETag: '"v1"', 'Last-Modified': 'Mon, 02 Jan 2023 00:00:00 GMT' };

  async function stored(): Promise<void> {
    await open();
    origin.reply(headers, '0123456789');
    await get();
  }

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=1-2,5-6', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('answers %s from the store with %i', async (range, status, body, contentRange) => {
    await stored();
    const answer = await get('/', { headers: { Range: range } });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, body, contentRange]);
    expect(answer.headers['content-length']).toBe(String(body.length));
    expect(origin.seen).toHaveLength(1);
  });

  it('asks If-Range first', async () => {
    await stored();
    expect((await get('/', { headers: { Range: 'bytes=0-0', 'If-Range': '"v1"' } })).status).toBe(206);
    expect((await get('/', { headers: { Range: 'bytes=0-0', 'If-Range': '"v0"' } })).status).toBe(200);
  });

  it('passes a part on that isn’t what it says, and stores none of it', async () => {
    await open();
    origin.script((request, response) => {
      response.writeHead(206, { ...headers, 'Content-Range': 'bytes 0-0/10' });
      response.end(request.headers.range);
    });
    const answer = await get('/', { headers: { Range: 'bytes=0-0' } });
    expect([answer.status, answer.text]).toEqual([206, 'bytes=0-0']);
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    expect((await gateway.route()).reasons).toEqual({ cold: 1 });
  });

  it.each([
    [{ 'If-None-Match': '"v1"' }, 304],
    [{ 'If-None-Match': 'W/"v1"' }, 304],
    [{ 'If-None-Match': '"v0", "v1"' }, 304],
    [{ 'If-None-Match': '*' }, 304],
    [{ 'If-None-Match': '"v2"' }, 200],
    [{ 'If-Modified-Since': 'Mon, 02 Jan 2023 00:00:00 GMT' }, 304],
    [{ 'If-Modified-Since': 'Sun, 01 Jan 2023 00:00:00 GMT' }, 200],
    [{ 'If-None-Match': '"v2"', 'If-Modified-Since': 'Mon, 02 Jan 2023 00:00:00 GMT' }, 200],
  ])('answers %j from the store with %i', async (conditional, status) => {
    await stored();
    const answer = await get('/', { headers: conditional as Record<string, string> });
    expect([answer.status, answer.text]).toEqual([status, status === 304 ? '' : '0123456789']);
    expect(answer.headers.etag).toBe('"v1"');
    if (status === 304) expect(answer.headers).not.toHaveProperty('content-length');
    expect(origin.seen).toHaveLength(1);
  });

  it('fetches the whole for a conditional request, stores it, and answers 304 if it matches', async () => {
    await open();
    origin.reply(headers, '0123456789');
    const first = await get('/', { headers: { 'If-None-Match': '"v1"' } });
    expect([first.status, first.text]).toEqual([304, '']);
    expect(origin.seen[0]?.headers).not.toHaveProperty('if-none-match');
    expect((await get()).text).toBe('0123456789');
    expect(origin.seen).toHaveLength(1);
  });

  it('answers 304 to a matching conditional also where the response may not be stored', async () => {
    await open();
    origin.reply({ ...headers, 'Cache-Control': 'private' }, '0123456789');
    expect((await get('/', { headers: { 'If-None-Match': '"v1"' } })).status).toBe(304);
    expect((await get('/', { headers: { 'If-None-Match': '"v2"' } })).status).toBe(200);
  });

  it('passes If-Match and If-Unmodified-Since on', async () => {
    await stored();
    origin.reply({}, 'no', 412);
    for (const name of ['If-Match', 'If-Unmodified-Since'])
      expect((await get('/', { headers: { [name]: '"v0"' } })).status).toBe(412);
    expect(origin.seen[1]?.headers['if-match']).toBe('"v0"');
  });
});
