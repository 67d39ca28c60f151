import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, type Answer, type Ask } from '../../support/raw-client.ts';
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
const cacheStatus = (answer: Answer): string => String(answer.headers['cache-status']);
/** Asks, and says which origin call answered: "answer 1" -> 1. */
const which = async (path = '/', options: Ask = {}): Promise<number> =>
  Number(/answer (\d+)/.exec((await get(path, options)).text)?.[1]);

/** Answers "answer n" with these headers. */
function numbered(headers: Record<string, string | string[]>, status = 200): void {
  origin.script((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(status, headers);
      response.end(`answer ${origin.seen.length}`);
    });
  });
}

describe('hits', () => {
  it('answers from L2, then from L1, each with Age, Cache-Status, Server-Timing and a request id', async () => {
    await open();
    const miss = await get();
    expect(cacheStatus(miss)).toBe('pitwall; fwd=uri-miss; fwd-status=200; stored; detail=cold');
    expect(miss.headers['server-timing']).toMatch(/^origin;dur=\d+\.\d$/);
    gateway.advance(3_000);
    const ids = new Set([miss.headers['x-request-id']]);
    for (const level of ['l2', 'l1', 'l1']) {
      const hit = await get();
      expect([hit.status, hit.text, hit.headers.age]).toEqual([200, 'answer 1', '3']);
      expect(cacheStatus(hit)).toMatch(new RegExp(`^pitwall; hit; ttl=5[67]; detail=${level}$`));
      expect(hit.headers['server-timing']).toBe('cache;desc="memory"');
      ids.add(hit.headers['x-request-id']);
    }
    expect(ids.size).toBe(4);
    expect(await gateway.route()).toMatchObject({ results: { origin: 1, l2: 1, l1: 2 }, bytesSaved: 24 });
  });

  it('asks L2 again after the residency, and renews L1', async () => {
    await open();
    await get();
    await get();
    gateway.advance(150);
    expect(cacheStatus(await get())).toContain('detail=l2');
    expect(cacheStatus(await get())).toContain('detail=l1');
    gateway.advance(5_000);
    expect((await get()).headers.age).toBe('5');
    expect((await get()).headers.age).toBe('5');
    expect(origin.seen).toHaveLength(1);
  });

  it('never serves past freshness from L1', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=1' });
    await get();
    await get();
    await get();
    gateway.advance(1_001);
    expect(await which()).toBe(2);
  });

  it('keeps binary bodies and Latin-1 headers byte for byte, on every level', async () => {
    await open();
    const body = Buffer.from(Array.from({ length: 1_024 }, (_, i) => i % 256));
    origin.reply({ 'Cache-Control': 'max-age=60', 'X-Name': 'café' }, body);
    for (let i = 0; i < 3; i++) {
      const answer = await get();
      expect(answer.body.equals(body)).toBe(true);
      expect(answer.headers['x-name']).toBe('café');
    }
  });

  it('keeps hosts, paths, queries and spellings apart where they differ, and together where they do not', async () => {
    await open();
    expect(await which('/a?x=1')).toBe(1);
    expect(await which('/a?x=2')).toBe(2);
    expect(await which('/A?x=1')).toBe(3);
    expect(await which('/a?x=1', { headers: { Host: 'b.test' } })).toBe(4);
    expect(await which('/%61?x=1')).toBe(1);
    expect(await which('/b/../a?x=1')).toBe(1);
    expect(await which('/a?x=1', { headers: { Host: 'B.test:80' } })).toBe(4);
  });

  it('stores a 404 and a 301 with freshness, and a 204 without a body', async () => {
    await open();
    for (const status of [404, 301, 204]) {
      const before = origin.seen.length;
      numbered({ 'Cache-Control': 'max-age=60' }, status);
      const path = `/${status}`;
      for (let i = 0; i < 3; i++) {
        const answer = await get(path);
        expect(answer.status).toBe(status);
        if (status === 204) expect([answer.text, answer.headers['content-length']]).toEqual(['', undefined]);
      }
      expect(origin.seen).toHaveLength(before + 1);
    }
  });

  it('counts the age that a response came with', async () => {
    await open();
    numbered({ 'Cache-Control': 'max-age=60', Age: '50' });
    await get();
    gateway.advance(5_000);
    expect((await get()).headers.age).toBe('55');
    gateway.advance(6_000);
    expect(await which()).toBe(2);
  });
});

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
    expect(cacheStatus(again)).toBe('pitwall; fwd=stale; fwd-status=304; stored; detail=expired');
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
    expect((await get()).text).toBe('answer 1');
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

  it('passes a range on when nothing is stored, and stores none of it', async () => {
    await open();
    origin.script((request, response) => {
      response.writeHead(206, { ...headers, 'Content-Range': 'bytes 0-0/10' });
      response.end(request.headers.range);
    });
    const answer = await get('/', { headers: { Range: 'bytes=0-0' } });
    expect([answer.status, answer.text]).toEqual([206, 'bytes=0-0']);
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    expect((await gateway.route()).reasons).toEqual({ range: 1 });
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

describe('unsafe methods', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('a %s that succeeds clears its URL', async (method) => {
    await open();
    numbered({ 'Cache-Control': 'max-age=60' });
    expect(await which('/x')).toBe(1);
    expect(await which('/x')).toBe(1);
    expect(await which('/y')).toBe(2);
    await get('/x', { method });
    expect(await which('/x')).toBe(4);
    expect(await which('/y')).toBe(2);
  });

  it('one that fails, and a safe one, clear nothing', async () => {
    await open();
    expect(await which()).toBe(1);
    numbered({}, 403);
    await get('/', { method: 'POST' });
    numbered({}, 200);
    await get('/', { method: 'OPTIONS' });
    expect(await which()).toBe(1);
  });

  it('clears a store that is under way, and nobody gets the old answer afterwards', async () => {
    await open();
    const held = gate();
    origin.script((request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      if (request.method === 'GET' && origin.seen.length === 1) {
        response.write('old ');
        void held.opened.then(() => response.end('answer 1'));
      } else response.end(`answer ${origin.seen.length}`);
    });
    const early = get();
    await origin.arrived(1);
    await get('/', { method: 'POST' });
    const late = which();
    await origin.arrived(3);
    held.open();
    expect((await early).text).toBe('old answer 1');
    expect(await late).toBe(3);
    expect(await which()).toBe(3);
  });
});

describe("the client's directives", () => {
  it('are not obeyed by default: nobody bypasses the cache at will', async () => {
    await open();
    await get();
    for (const value of ['no-cache', 'no-store', 'max-age=0', 'only-if-cached'])
      expect(await which('/', { headers: { 'Cache-Control': value, Pragma: 'no-cache' } })).toBe(1);
    expect((await get('/other', { headers: { 'Cache-Control': 'only-if-cached' } })).status).toBe(200);
    expect((await gateway.route()).results.l1).toBeGreaterThan(0);
  });

  it('are obeyed where the policy says so', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    await get();
    await get();
    gateway.advance(20_000);
    const header = (value: string): Ask => ({ headers: { 'Cache-Control': value } });
    expect(await which('/', header('max-age=30'))).toBe(1);
    expect(await which('/', header('min-fresh=30'))).toBe(1);
    expect(await which('/', header('no-cache'))).toBe(2);
    expect(await which('/', { headers: { Pragma: 'no-cache' } })).toBe(3);
    gateway.advance(20_000);
    expect(await which('/', header('max-age=10'))).toBe(4);
    gateway.advance(20_000);
    expect(await which('/', header('min-fresh=50'))).toBe(5);
    expect(await which('/fresh', header('no-store'))).toBe(6);
    expect(await which('/fresh')).toBe(7);
    expect((await gateway.route()).reasons['request-no-cache']).toBe(4);
  });

  it('only-if-cached gets 504 where nothing usable is stored', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    const answer = await get('/', { headers: { 'Cache-Control': 'only-if-cached' } });
    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'only_if_cached', status: 504 });
    await get();
    expect(await which('/', { headers: { 'Cache-Control': 'only-if-cached' } })).toBe(1);
    expect(origin.seen).toHaveLength(1);
  });
});
