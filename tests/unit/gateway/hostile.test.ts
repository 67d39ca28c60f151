import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gatewayConfig } from '../../support/gateway.ts';
import { rawClient, rawExchange, type Answer } from '../../support/raw-client.ts';
import { gate, scriptedOrigin } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get } = gatewayScene({}, (request, response) => {
  response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' });
  const { 'accept-language': language = 'none', 'x-tenant': tenant = 'none' } = request.headers;
  response.end(`language=${language} tenant=${String(tenant)}`);
});

describe('a stranger cannot poison entries', () => {
  it.each([
    ['Accept-Language: de', 'language=de tenant=none'],
    ['X-Tenant: acme', 'language=none tenant=acme'],
  ])('by a Connection that names %s', async (field, honest) => {
    await open({ policy: { keyHeaders: ['x-tenant'] } });
    const [name = '', value = ''] = field.split(': ');
    await rawExchange(gateway.port, `GET / HTTP/1.1\r\nHost: a\r\nConnection: close, ${name}\r\n${field}\r\n\r\n`);
    for (let i = 0; i < 2; i++) expect((await get('/', { headers: { Host: 'a', [name]: value } })).text).toBe(honest);
  });

  it('by a Connection that names a field which L1 selects by', async () => {
    await open();
    for (let i = 0; i < 3; i++) await get('/', { headers: { Host: 'a', 'Accept-Language': 'de' } });
    const request = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, Accept-Language\r\nAccept-Language: de\r\n\r\n';
    expect(await rawExchange(gateway.port, request)).toContain('language=none');
  });

  it('by claims with underscores, which some origins read as hyphens', async () => {
    await open();
    const headers = {
      X_Forwarded_Host: 'evil',
      X_HTTP_Method_Override: 'DELETE',
      Proxy: 'http://evil',
      'X-Fine': 'yes',
    };
    await get('/', { headers });
    const seen = origin.seen[0]?.headers ?? {};
    expect(Object.keys(seen).filter((name) => name.includes('_') || name === 'proxy')).toEqual([]);
    expect(seen['x-fine']).toBe('yes');
  });

  it('by another encoding of the same body', async () => {
    await open({ policy: { keyBody: true, ttl: 60_000 } });
    origin.script((request, response) => {
      request.resume();
      request.on('end', () => response.end(String(request.headers['content-encoding'] ?? 'plain')));
    });
    const post = (headers: Record<string, string>): Promise<Answer> =>
      get('/', { method: 'POST', body: '{}', headers });
    expect((await post({ 'Content-Encoding': 'br' })).text).toBe('br');
    expect((await post({})).text).toBe('plain');
  });
});

describe('a stranger cannot empty the cache', () => {
  it('by unsafe requests for URLs that are not stored', async () => {
    await open({ policy: { keyHeaders: ['x-tenant'] } });
    await get('/hot');
    for (let n = 0; n < 30; n++) await get(`/${n}`, { method: 'POST' });
    expect((await get('/hot')).headers['cache-status']).toContain('hit');
    await get('/hot', { method: 'POST' });
    expect((await get('/hot')).headers['cache-status']).toContain('fwd=');
  });

  it('by no-store with a confirmation', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    origin.script((request, response) => {
      const headers = { 'Cache-Control': 'max-age=60', ETag: '"a"' };
      response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 200, headers).end();
    });
    await get();
    await get('/', { headers: { 'Cache-Control': 'no-cache, no-store' } });
    expect((await get()).headers['cache-status']).toContain('hit');
  });

  it('by one request with a Cookie: the next ones still share a flight', async () => {
    await open({ policy: { ttl: 60_000 } });
    const held = gate();
    origin.script((_, response) => void held.opened.then(() => response.end('x')));
    held.open();
    await get('/cold', { headers: { Cookie: 'a=1' } });
    const slow = gate();
    origin.script((_, response) => void slow.opened.then(() => response.end('x')));
    const before = origin.seen.length;
    const asked = Array.from({ length: 20 }, () => get('/cold'));
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(20));
    slow.open();
    await Promise.all(asked);
    expect(origin.seen.length - before).toBe(1);
  });
});

describe('a reload', () => {
  it('leaves nothing that a looser policy stored, nor anything of another target', async () => {
    await open({ policy: { ignore: ['private'] } });
    origin.script((_, response) => response.writeHead(200, { 'Cache-Control': 'private, max-age=60' }).end('mine'));
    for (let i = 0; i < 2; i++) await get();
    expect((await get()).headers['cache-status']).toContain('hit');
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(origin.url) });
    expect((await get()).headers['cache-status']).toContain('detail=private');
    origin.script((_, response) => response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('old'));
    await get('/target');
    const other = await scriptedOrigin((_, response) => void response.end('new'));
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(other.url) });
    expect((await get('/target')).text).toBe('new');
    await other.close();
  });
});

describe('clients that fill the origin’s slots', () => {
  it('and leave again take nothing along, and were no origin calls', async () => {
    await open({ target: { connections: 1 } });
    const held = gate();
    origin.script((_, response) => void held.opened.then(() => response.end('x')));
    const first = get('/first');
    await eventually(() => expect(origin.seen).toHaveLength(1));
    for (let round = 0; round < 3; round++) {
      const clients = await Promise.all(Array.from({ length: 10 }, () => rawClient(gateway.port)));
      clients.forEach((client, n) => client.send(`GET /${round}-${n} HTTP/1.1\r\nHost: a\r\n\r\n`));
      await eventually(async () => expect((await gateway.snapshot()).inFlight).toBe(11));
      for (const client of clients) client.end();
      await eventually(async () => expect((await gateway.snapshot()).inFlight).toBe(1));
    }
    held.open();
    await first;
    expect(origin.seen).toHaveLength(1);
    const { originCalls } = await gateway.route();
    expect(originCalls.fetch + originCalls.pass).toBe(1);
  });

  it('let a stale answer stand in when no slot comes free in time', async () => {
    await open({ target: { connections: 1 }, policy: { staleIfError: '10m', timeouts: { headers: 300 } } });
    await get('/kept');
    gateway.advance(61_000);
    const held = gate();
    origin.script((_, response) => {
      response.writeHead(200);
      response.write('x');
      void held.opened.then(() => response.end());
    });
    const client = await rawClient(gateway.port);
    client.send('GET /hog HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/x/);
    const answer = await get('/kept');
    expect([answer.status, answer.text]).toEqual([200, 'language=none tenant=none']);
    expect((await gateway.snapshot()).services[0]?.targets[0]?.breaker).toBe('closed');
    held.open();
    client.end();
  });

  it('with event streams leave the slots to the others', async () => {
    await open({ target: { connections: 1 } });
    origin.script((request, response) => {
      if (request.url !== '/events') {
        response.end('fine');
        return;
      }
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const stream = await rawClient(gateway.port);
    stream.send('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
    await stream.until(/data: 1/);
    expect((await get('/other')).text).toBe('fine');
    const second = await get('/events');
    expect([second.status, JSON.parse(second.text)]).toMatchObject([503, { code: 'origin_busy' }]);
    stream.end();
  });
});

describe('a lying origin', () => {
  it('that sends interim responses without end is cut off', async () => {
    await open();
    origin.script((_, response) => {
      for (let i = 0; i < 100; i++) response.writeProcessing();
    });
    const answer = await get();
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([502, { code: 'origin_invalid' }]);
  });

  it('that names hundreds of selecting headers is not stored', async () => {
    await open();
    const vary = Array.from({ length: 200 }, (_, n) => `X-${n}`).join(', ');
    origin.script((_, response) => response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: vary }).end());
    expect((await get()).headers['cache-status']).toContain('detail=vary-star');
  });
});

it('tells what mode observe would have saved of all that it saw', async () => {
  await open();
  await gateway.setMode('observe');
  for (const path of ['/1', '/2', '/3', '/1']) await get(path);
  await get('/1', { method: 'POST' });
  expect(await gateway.route()).toMatchObject({ wouldHave: 1, observed: 5 });
});
