import { Agent } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, rawExchange } from '../../support/raw-client.ts';
import { gate, rawOrigin, scriptedOrigin, type ScriptedOrigin, type Seen } from '../../support/scripted-origin.ts';

let origin: ScriptedOrigin;
let gateway: TestGateway;

beforeEach(async () => {
  origin = await scriptedOrigin((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' });
      response.end('hello');
    });
  });
});

afterEach(async () => {
  await gateway.close();
  await origin.close();
});

async function open(setup: GatewaySetup = {}, path = ''): Promise<void> {
  gateway = await openGateway(origin.url + path, setup);
}

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
});

describe('interim responses', () => {
  it('passes early hints on, several links too', async () => {
    await open();
    origin.script((_, response) => {
      response.writeEarlyHints({ link: ['</a.css>; rel=preload; as=style', '</b,c.js>; rel="preload"; as=script'] });
      response.end('done');
    });
    const answer = await ask(gateway.port, '/');
    expect([answer.status, answer.text]).toEqual([200, 'done']);
    expect(answer.interim).toMatchObject([{ status: 103 }]);
    expect(answer.interim[0]?.headers.link).toContain('/a.css');
    expect(answer.interim[0]?.headers.link).toContain('/b,c.js');
  });

  it('lives with hints that make no sense', async () => {
    await open();
    const raw = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: not a link; "\r\n\r\n');
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    const own = await openGateway(raw.url);
    const answer = await ask(own.port, '/');
    expect([answer.status, answer.text]).toEqual([200, 'ok']);
    await own.close();
    await raw.close();
  });

  it('passes 102 on', async () => {
    await open();
    origin.script((_, response) => {
      response.writeProcessing();
      response.end('done');
    });
    const answer = await ask(gateway.port, '/');
    expect([answer.text, answer.interim.map(({ status }) => status)]).toEqual(['done', [102]]);
  });

  it('sends none to an HTTP/1.0 client, which would take it for the answer', async () => {
    await open();
    origin.script((_, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.writeProcessing();
      response.end('done');
    });
    const answer = await rawExchange(gateway.port, 'GET / HTTP/1.0\r\nHost: a.test\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const post = 'POST / HTTP/1.0\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok';
    expect(await rawExchange(gateway.port, post)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('invites the body of an Expect: 100-continue', async () => {
    await open();
    const client = await rawClient(gateway.port);
    client.send('POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('body');
    await client.until(/HTTP\/1\.1 200 OK[^]*hello/);
    expect(origin.seen[0]).toMatchObject({ body: 'body' });
    expect(lines('expect')).toEqual([]);
    client.end();
  });

  it('refuses a body that is too large before it comes', async () => {
    await open({ gateway: { maxRequestBody: '1KiB' } });
    const answer = await rawExchange(
      gateway.port,
      'POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 1025\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*"code":"body_too_large"/);
    expect(answer).not.toContain('100 Continue');
    expect(answer).toMatch(/Connection: close/i);
    expect(origin.seen).toEqual([]);
  });

  it('refuses any other expectation', async () => {
    await open();
    const answer = await rawExchange(
      gateway.port,
      'GET / HTTP/1.1\r\nHost: a.test\r\nExpect: wonders\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 417 [^]*"code":"expectation_failed"/);
  });
});

describe('bodies and trailers', () => {
  it('sends server-sent events on as they come', async () => {
    await open();
    const end = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'max-age=60' });
      response.write('data: one\n\n');
      void end.opened.then(() => response.end('data: two\n\n'));
    });
    const client = await rawClient(gateway.port);
    client.send('GET /events HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    const first = await client.until(/data: one/);
    expect(first).not.toContain('data: two');
    expect(first).toContain('fwd=bypass');
    end.open();
    expect(await client.closed()).toContain('data: two');
    await ask(gateway.port, '/events');
    expect(origin.seen).toHaveLength(2);
    const route = await gateway.route();
    expect(route).toMatchObject({ reasons: { 'event-stream': 2 }, missLatency: [] });
  });

  it('sends the head on before there is a body', async () => {
    await open();
    const end = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'X-Early': 'yes' });
      response.flushHeaders();
      void end.opened.then(() => response.end('late'));
    });
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    await client.until(/X-Early: yes[^]*\r\n\r\n/);
    end.open();
    expect(await client.closed()).toContain('late');
  });

  it('passes trailers on, to those who can take them', async () => {
    await open();
    origin.script((_, response) => {
      response.writeHead(200, { Trailer: 'X-Sum', 'Cache-Control': 'no-store' });
      response.write('body');
      response.addTrailers({ 'X-Sum': '42' });
      response.end();
    });
    expect(await ask(gateway.port, '/')).toMatchObject({ text: 'body', trailers: { 'x-sum': '42' } });
    const old = await rawExchange(gateway.port, 'GET / HTTP/1.0\r\nHost: a.test\r\n\r\n');
    expect(old).toMatch(/\r\n\r\nbody$/);
  });

  it('answers HEAD without a body and with the length of GET', async () => {
    await open();
    origin.script((request, response) => {
      response.writeHead(200, { 'Content-Length': '5', 'Cache-Control': 'max-age=60' });
      response.end(request.method === 'HEAD' ? undefined : 'hello');
    });
    const miss = await ask(gateway.port, '/', { method: 'HEAD' });
    expect([miss.status, miss.headers['content-length'], miss.text]).toEqual([200, '5', '']);
    expect(origin.seen[0]?.method).toBe('HEAD');
    await ask(gateway.port, '/');
    const stored = await ask(gateway.port, '/', { method: 'HEAD' });
    expect([stored.headers['content-length'], stored.text]).toEqual(['5', '']);
    expect(stored.headers['cache-status']).toContain('; hit');
    expect(origin.seen).toHaveLength(2);
  });

  it.each([204, 304])('passes a %s on without a body', async (status) => {
    await open();
    origin.script((_, response) => {
      response.writeHead(status, { 'Cache-Control': 'no-store' });
      response.end();
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await ask(gateway.port, '/', { agent, headers: { 'If-None-Match': '"a"' } });
    expect([first.status, first.text]).toEqual([status, '']);
    expect((await ask(gateway.port, '/', { agent })).status).toBe(status);
    agent.destroy();
  });
});

describe('connections', () => {
  it('takes absolute-form, whose host wins over Host', async () => {
    await open({ target: { host: 'preserve' } });
    const answer = await rawExchange(
      gateway.port,
      'GET http://Right.test/p?q HTTP/1.1\r\nHost: wrong.test\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(origin.seen[0]).toMatchObject({ url: '/p?q', headers: { host: 'right.test' } });
    await rawExchange(gateway.port, 'GET http://right.test?q HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(origin.seen[1]?.url).toBe('/?q');
  });

  it('answers HTTP/1.0, with or without Host, and closes', async () => {
    await open({ target: { host: 'preserve' } });
    const answer = await rawExchange(gateway.port, 'GET / HTTP/1.0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nhello$/);
    expect(origin.seen[0]?.headers.host).toBe(`127.0.0.1:${gateway.port}`);
    expect(origin.seen[0]?.headers.via).toBe('1.0 pitwall-test');
  });

  it('keeps a connection, and answers pipelined requests in their order', async () => {
    await open();
    const slow = gate();
    origin.script((request, response) => {
      const answer = (): void => void response.end(`<${request.url}>`);
      if (request.url === '/1') void slow.opened.then(answer);
      else answer();
    });
    const client = await rawClient(gateway.port);
    client.send([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: a.test\r\n\r\n`).join(''));
    await origin.arrived(3);
    slow.open();
    const text = await client.until(/<\/3>/);
    expect(text.match(/<\/\d>/g)).toEqual(['</1>', '</2>', '</3>']);
    client.end();
  });

  it('lets go of what pipelined requests asked for when their client leaves', async () => {
    await open();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'no-store' });
      response.write('started');
    });
    const client = await rawClient(gateway.port);
    client.send([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: a.test\r\n\r\n`).join(''));
    await origin.arrived(3);
    client.end();
    await eventually(() => expect(origin.seen.map(({ abandoned }) => abandoned)).toEqual([true, true, true]));
    await eventually(async () => {
      expect((await gateway.snapshot()).inFlight).toBe(0);
      expect((await gateway.route()).aborted).toBe(3);
    });
  });

  it('ends the origin call when the client leaves, before the head and after', async () => {
    await open();
    origin.script((request, response) => {
      if (request.url === '/after') response.write('first');
    });
    for (const [index, path] of ['/before', '/after'].entries()) {
      const client = await rawClient(gateway.port);
      client.send(`GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
      await origin.arrived(index + 1);
      if (path === '/after') await client.until(/first/);
      client.end();
      await eventually(() => expect(origin.seen[index]?.abandoned).toBe(true));
    }
    await eventually(async () => expect(await gateway.route()).toMatchObject({ aborted: 2 }));
    expect((await gateway.snapshot()).services[0]?.targets[0]).toMatchObject({ breaker: 'closed' });
  });

  it('does not blame the origin for uploads that clients break off', async () => {
    await open({ service: { breaker: { failures: 2 } } });
    origin.script(() => undefined);
    for (const framing of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
      for (let i = 0; i < 3; i++) {
        const before = origin.seen.length;
        const client = await rawClient(gateway.port);
        client.send(`POST / HTTP/1.1\r\nHost: a.test\r\n${framing}\r\n\r\n5\r\nhello\r\n`);
        await origin.arrived(before + 1);
        client.end();
        await eventually(() => expect(origin.seen[before]?.abandoned).toBe(true));
      }
    }
    await eventually(async () => expect((await gateway.route()).aborted).toBe(6));
    expect((await gateway.snapshot()).services[0]?.targets[0]).toMatchObject({
      breaker: 'closed',
      lastFailure: undefined,
    });
  });

  it('declines another upgrade by going on in HTTP/1.1', async () => {
    await open();
    const answer = await rawExchange(
      gateway.port,
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*hello/);
    expect(origin.seen[0]?.headers).not.toHaveProperty('upgrade');
    expect(origin.seen[0]?.headers).not.toHaveProperty('http2-settings');
  });

  it('answers over IPv6 and names the address as RFC 7239 wants it', async () => {
    gateway = await openGateway(origin.url, { host: '::1' });
    expect(gateway.url).toBe(`http://[::1]:${gateway.port}`);
    const socket = connect({ host: '::1', port: gateway.port });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.write('GET / HTTP/1.0\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toContain('hello');
    expect(origin.seen[0]?.headers.forwarded).toBe(`for="[::1]";host="[::1]:${gateway.port}";proto=http`);
  });
});
