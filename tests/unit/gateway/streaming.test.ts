import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { openGateway } from '../../support/gateway.ts';
import { ask, rawClient, rawExchange } from '../../support/raw-client.ts';
import { gate, rawOrigin } from '../../support/scripted-origin.ts';

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
      response.writeHead(200, { 'Content-Type': 'Text/Event-Stream; charset=utf-8', 'Cache-Control': 'max-age=60' });
      response.write('data: one\n\n');
      void end.opened.then(() => response.end('data: two\n\n'));
    });
    const client = await rawClient(gateway.port);
    client.send('GET /events HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    const first = await client.until(/data: one/);
    expect(first).not.toContain('data: two');
    expect(first).toContain('fwd=uri-miss; fwd-status=200; detail=event-stream');
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
