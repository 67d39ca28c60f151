import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { rawClient, rawExchange } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const { origin, gateway, open } = gatewayScene({}, (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' });
    response.end('hello');
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
    await open({ host: '::1' });
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
