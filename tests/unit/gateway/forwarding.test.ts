import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { ask, rawExchange } from '../../support/raw-client.ts';
import type { Seen } from '../../support/scripted-origin.ts';

const { origin, gateway, open } = gatewayScene({}, (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' });
    response.end('hello');
  });
});

/** The value of each field line of `name` that the origin saw. */
function lines(name: string, index = 0): string[] {
  const raw = origin.seen[index]?.rawHeaders ?? [];
  return raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === name);
}

describe('methods', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY', 'PURGE'])(
    '%s goes to the origin with its body and comes back',
    async (method) => {
      await open();
      const answer = await ask(gateway.port, '/a?b=c', { method, body: 'payload', headers: { 'Content-Length': '7' } });
      expect([answer.status, answer.text]).toEqual([200, 'hello']);
      expect(origin.seen).toMatchObject([{ method, url: '/a?b=c', body: 'payload', whole: true }]);
    },
  );

  it('passes a chunked body on as it came, and announces no length', async () => {
    await open();
    const answer = await ask(gateway.port, '/', {
      method: 'PUT',
      body: 'chunks',
      headers: { 'Transfer-Encoding': 'chunked' },
    });
    expect(answer.status).toBe(200);
    expect(origin.seen[0]).toMatchObject({ body: 'chunks', headers: { 'transfer-encoding': 'chunked' } });
    expect(lines('content-length')).toEqual([]);
  });

  it('sends a POST without a body as one of length 0', async () => {
    await open();
    await ask(gateway.port, '/', { method: 'POST', headers: { 'Content-Length': '0' } });
    expect(lines('content-length')).toEqual(['0']);
  });

  it.each([
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n'],
    ['CONNECT', 'CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n'],
  ])('refuses %s', async (_, text) => {
    await open();
    const answer = await rawExchange(gateway.port, text);
    expect(answer).toMatch(/^HTTP\/1\.1 501 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('"code":"method_refused"');
    expect(origin.seen).toEqual([]);
  });
});

describe('headers to the origin', () => {
  it('removes hop-by-hop fields and those that Connection names, and keeps the rest with its case', async () => {
    await open();
    const answer = await rawExchange(
      gateway.port,
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close, X-Secret-Hop\r\nKeep-Alive: timeout=5\r\n' +
        'Proxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nX-Secret-Hop: 1\r\n' +
        'X-KEEP: yes\r\nx-keep: again\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    const { headers, rawHeaders } = origin.seen[0] as Seen;
    for (const name of ['keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'x-secret-hop'])
      expect(headers).not.toHaveProperty(name);
    expect(headers['x-keep']).toBe('yes, again');
    expect(rawHeaders).toContain('X-KEEP');
  });

  it('cannot be talked into dropping what a message means', async () => {
    await open();
    await rawExchange(
      gateway.port,
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close, Authorization, Cookie\r\nAuthorization: Bearer x\r\n' +
        'Cookie: a=b\r\n\r\n',
    );
    expect(origin.seen[0]?.headers).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b' });
  });

  it('says where the request has been', async () => {
    await open();
    await ask(gateway.port, '/', { headers: { Via: '1.0 first', Host: 'a.test:8080' } });
    expect(origin.seen[0]?.headers.via).toBe('1.0 first, 1.1 pitwall-test');
    expect(origin.seen[0]?.headers).toMatchObject({
      forwarded: 'for=127.0.0.1;host="a.test:8080";proto=http',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'a.test:8080',
      'x-forwarded-proto': 'http',
    });
    expect(origin.seen[0]?.headers['x-request-id']).toMatch(/^\w+$/);
  });

  it("drops a stranger's claims about client, host, path and method", async () => {
    await open();
    const claims = {
      Forwarded: 'for=6.6.6.6',
      'X-Forwarded-For': '6.6.6.6',
      'X-Forwarded-Host': 'evil.test',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Prefix': '/evil',
      'X-Real-IP': '6.6.6.6',
      'X-Original-URL': '/admin',
      'X-HTTP-Method-Override': 'DELETE',
      'X-Request-Id': 'forged',
    };
    const answer = await ask(gateway.port, '/', { headers: { Host: 'a.test', ...claims } });
    const { headers } = origin.seen[0] as Seen;
    expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|evil|admin|DELETE|forged/);
    expect(headers['x-forwarded-proto']).toBe('http');
    expect(answer.headers['x-request-id']).not.toBe('forged');
  });

  it("extends a trusted proxy's word, and takes client, host, scheme and request id from it", async () => {
    const records: string[] = [];
    await open({ gateway: { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] } });
    gateway.gateway.events.on((event) => {
      if (event.type === 'requests') for (const { client, host } of event.records) records.push(`${client} ${host}`);
    });
    gateway.gateway.tail(true);
    const answer = await ask(gateway.port, '/', {
      headers: {
        Host: 'inner.test',
        Forwarded: 'for=9.9.9.9',
        'X-Forwarded-For': '6.6.6.6, 9.9.9.9, 10.1.1.1',
        'X-Forwarded-Host': 'outer.test',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Port': '443',
        'X-Request-Id': 'abc-123',
      },
    });
    expect(origin.seen[0]?.headers).toMatchObject({
      forwarded: 'for=9.9.9.9, for=127.0.0.1;host="outer.test";proto=https',
      'x-forwarded-for': '6.6.6.6, 9.9.9.9, 10.1.1.1, 127.0.0.1',
      'x-forwarded-host': 'outer.test',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
      'x-request-id': 'abc-123',
    });
    expect(answer.headers['x-request-id']).toBe('abc-123');
    await eventually(() => expect(records).toEqual(['9.9.9.9 outer.test']));
  });

  it("takes the client's address from Forwarded where a trusted proxy sends that", async () => {
    await open({ gateway: { trustedProxies: ['127.0.0.1'] } });
    const clients: string[] = [];
    gateway.gateway.events.on((event) => {
      if (event.type === 'requests') for (const { client } of event.records) clients.push(client);
    });
    gateway.gateway.tail(true);
    await ask(gateway.port, '/', { headers: { Forwarded: 'for="[2001:db8::1]:4711";proto=https;host=outer.test' } });
    expect(origin.seen[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'outer.test' });
    await eventually(() => expect(clients).toEqual(['2001:db8::1']));
  });

  it('does not take a request id that could forge log lines, even from a trusted proxy', async () => {
    await open({ gateway: { trustedProxies: ['127.0.0.1'] } });
    const answer = await ask(gateway.port, '/', { headers: { 'X-Request-Id': 'a b"c' } });
    expect(answer.headers['x-request-id']).toMatch(/^\w+$/);
  });

  it('rewrites Host to the target, or preserves it', async () => {
    await open();
    await ask(gateway.port, '/', { headers: { Host: 'shop.test' } });
    expect(lines('host')).toEqual([`127.0.0.1:${origin.port}`]);
    await gateway.close();
    await open({ target: { host: 'preserve' } });
    await ask(gateway.port, '/', { headers: { Host: 'shop.test' } });
    expect(lines('host', 1)).toEqual(['shop.test']);
  });

  it("puts the target's path before the request's", async () => {
    await open({}, '/base/');
    await ask(gateway.port, '/x/../y%7ea?q=%2f');
    expect(origin.seen[0]?.url).toBe('/base/y~a?q=%2F');
  });
});

describe('headers to the client', () => {
  it('removes hop-by-hop fields and those that Connection names', async () => {
    await open();
    origin.reply({
      'Cache-Control': 'no-store',
      Connection: 'X-Hop',
      'X-Hop': '1',
      'Keep-Alive': 'timeout=99',
      'Proxy-Authenticate': 'Basic',
      'X-End': 'to end',
    });
    const answer = await ask(gateway.port, '/');
    expect(answer.headers).toMatchObject({ 'x-end': 'to end' });
    for (const name of ['x-hop', 'proxy-authenticate']) expect(answer.headers).not.toHaveProperty(name);
    expect(answer.headers['keep-alive']).not.toBe('timeout=99');
  });

  it('keeps several Set-Cookie lines and the reason phrase', async () => {
    await open();
    origin.script((_, response) => {
      response.writeHead(201, 'Well Made', { 'Set-Cookie': ['a=1', 'b=2'] });
      response.end();
    });
    const answer = await ask(gateway.port, '/');
    expect([answer.status, answer.statusMessage, answer.headers['set-cookie']]).toEqual([
      201,
      'Well Made',
      ['a=1', 'b=2'],
    ]);
  });

  it('keeps cache tags to itself', async () => {
    await open();
    origin.reply({ 'Cache-Tag': 'a,b', 'Surrogate-Key': 'c', 'Cache-Control': 'no-store' });
    const answer = await ask(gateway.port, '/');
    expect(answer.headers).not.toHaveProperty('cache-tag');
    expect(answer.headers).not.toHaveProperty('surrogate-key');
  });

  it('tells origins what it can, believes no client that does, and keeps what is for it alone', async () => {
    await open();
    origin.reply({
      'Surrogate-Control': 'max-age=9',
      'Pitwall-Cache-Control': 'max-age=9',
      'CDN-Cache-Control': 'max-age=9',
    });
    const answer = await ask(gateway.port, '/', { headers: { 'Surrogate-Capability': 'x="ESI/1.0"' } });
    expect(origin.seen[0]?.headers['surrogate-capability']).toBe('pitwall="Surrogate/1.0"');
    expect(answer.headers).toMatchObject({ 'cdn-cache-control': 'max-age=9' });
    expect(answer.headers).not.toHaveProperty('surrogate-control');
    expect(answer.headers).not.toHaveProperty('pitwall-cache-control');
  });
});
