import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, rawExchange, type RawClient } from '../../support/raw-client.ts';
import { rawOrigin } from '../../support/scripted-origin.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const HANDSHAKE =
  'GET /chat?room=1 HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n' +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: chat\r\nOrigin: http://a.test\r\n`;

let server: Server;
let url: string;
let asked: IncomingMessage[];
let sockets: Duplex[];
let gateway: TestGateway;

/** Echoes frames: opens each masked text frame and sends it back unmasked (RFC 6455 section 5). */
function echo(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: chat\r\n\r\n`,
  );
  socket.write(frame('welcome'));
  socket.on('data', (data: Buffer) => {
    const length = (data[1] ?? 0) & 0x7f;
    const mask = data.subarray(2, 6);
    const text = Buffer.from(data.subarray(6, 6 + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0))).toString();
    socket.write(frame(`echo ${text}`));
  });
}

function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
}

function masked(text: string): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const body = Buffer.from(text).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, body]);
}

beforeEach(async () => {
  asked = [];
  sockets = [];
  server = createServer((_, response) => {
    response.writeHead(403, { 'Content-Type': 'text/plain', 'Cache-Tag': 'secret' });
    response.end('not you');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    asked.push(request);
    sockets.push(socket);
    socket.on('error', () => undefined);
    echo(request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await gateway.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function open(setup: GatewaySetup = {}, to = url): Promise<void> {
  gateway = await openGateway(to, setup);
}

async function joined(more = ''): Promise<RawClient> {
  const client = await rawClient(gateway.port);
  client.send(`${HANDSHAKE}${more}\r\n`);
  await client.until(/welcome/);
  return client;
}

describe('WebSocket', () => {
  it('passes the handshake and the frames through, both ways', async () => {
    await open({}, `${url}/base`);
    const client = await joined();
    expect(client.text()).toMatch(/^HTTP\/1\.1 101 /);
    expect(client.text()).toContain(`Sec-WebSocket-Accept: ${ACCEPT}`);
    expect(client.text()).toContain('Sec-WebSocket-Protocol: chat');
    client.send(masked('hello'));
    await client.until(/echo hello/);
    client.send(masked('again'));
    await client.until(/echo again/);
    expect(asked[0]).toMatchObject({
      url: '/base/chat?room=1',
      headers: {
        host: new URL(url).host,
        origin: 'http://a.test',
        upgrade: 'websocket',
        connection: 'Upgrade',
        via: '1.1 pitwall-test',
        'x-forwarded-for': '127.0.0.1',
        'sec-websocket-protocol': 'chat',
      },
    });
    expect(await gateway.route()).toMatchObject({
      results: { origin: 1 },
      reasons: { upgrade: 1 },
      originCalls: { pass: 1 },
      statuses: [1, 0, 0, 0, 0],
      aborted: 0,
    });
    client.end();
    await eventually(() => expect((sockets[0] as Socket).readableEnded).toBe(true));
    // The origin never ends its own side: the gateway doesn't wait for that.
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(0));
  });

  it('keeps its query whole, whatever the policy leaves out of keys', async () => {
    await open({ policy: { query: { keep: ['page'] } } });
    (await joined()).end();
    expect(asked[0]?.url).toBe('/chat?room=1');
  });

  it('takes frames that come right behind the handshake', async () => {
    await open();
    const client = await rawClient(gateway.port);
    client.send(Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`), masked('eager')]));
    await client.until(/echo eager/);
    client.end();
  });

  it('keeps several header lines of one name', async () => {
    await open();
    const client = await joined('X-Many: 1\r\nX-Many: 2\r\n');
    expect(asked[0]?.rawHeaders.filter((value) => value === '1' || value === '2')).toEqual(['1', '2']);
    client.end();
  });

  it("ends the client's side when the origin ends its own", async () => {
    await open();
    const client = await joined();
    sockets[0]?.destroy();
    await client.closed();
  });

  it('passes on how an origin declines', async () => {
    await open();
    server.removeAllListeners('upgrade');
    const text = await rawExchange(gateway.port, `${HANDSHAKE}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*connection: close\r\n[^]*not you/i);
    expect(await gateway.route()).toMatchObject({ statuses: [0, 0, 0, 1, 0], results: { origin: 1 } });
  });

  it('answers with a problem when the origin is not there, breaks off, or does not answer', async () => {
    const dead = await rawOrigin(() => undefined);
    await dead.close();
    await open({}, dead.url);
    const text = await rawExchange(gateway.port, `${HANDSHAKE}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 502 [^]*application\/problem\+json[^]*"code":"origin_unreachable"/);
    expect(await gateway.snapshot()).toMatchObject({ refused: {} });
    expect(await gateway.route()).toMatchObject({ results: { error: 1 }, gatewayErrors: 1 });
    await gateway.close();

    const reset = await rawOrigin((socket) => socket.destroy());
    await open({}, reset.url);
    expect(await rawExchange(gateway.port, `${HANDSHAKE}\r\n`)).toMatch(/^HTTP\/1\.1 502 [^]*"code":"origin_reset"/);
    await gateway.close();
    await reset.close();

    const silent = await rawOrigin(() => undefined);
    await open({ policy: { timeouts: { headers: '200ms' } } }, silent.url);
    expect(await rawExchange(gateway.port, `${HANDSHAKE}\r\n`)).toMatch(/^HTTP\/1\.1 504 [^]*"code":"origin_timeout"/);
    expect(await gateway.route()).toMatchObject({ statuses: [0, 0, 0, 0, 1] });
    await silent.close();
  });

  it('answers with a problem when the origin answers garbage', async () => {
    const garbage = await rawOrigin((socket) => socket.write('garbage\r\n\r\n'));
    await open({}, garbage.url);
    expect(await rawExchange(gateway.port, `${HANDSHAKE}\r\n`)).toMatch(/^HTTP\/1\.1 502 [^]*"code":"origin_invalid"/);
    await garbage.close();
  });

  it('does not blame anybody when the client leaves before the answer', async () => {
    const silent = await rawOrigin(() => undefined);
    await open({}, silent.url);
    const client = await rawClient(gateway.port);
    client.send(`${HANDSHAKE}\r\n`);
    await eventually(() => expect(silent.heads).toHaveLength(1));
    client.end();
    await eventually(async () => expect((await gateway.route()).aborted).toBe(1));
    expect(await gateway.route()).toMatchObject({ gatewayErrors: 0, originErrors: 0, statuses: [0, 0, 0, 0, 0] });
    expect((await gateway.snapshot()).services[0]?.targets[0]).toMatchObject({ lastFailure: undefined });
    await silent.close();
  });

  it('is cut off by an open breaker, with Retry-After, and counts towards it', async () => {
    await open({ service: { breaker: { failures: 1 } } });
    server.removeAllListeners('upgrade');
    server.removeAllListeners('request');
    server.on('request', (_, response) => {
      response.writeHead(500);
      response.end();
    });
    expect(await rawExchange(gateway.port, `${HANDSHAKE}\r\n`)).toMatch(/^HTTP\/1\.1 500 /);
    const text = await rawExchange(gateway.port, `${HANDSHAKE}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 503 [^]*Retry-After: \d+\r\n[^]*"code":"breaker_open"/);
    expect(await gateway.route()).toMatchObject({ results: { error: 2 }, originErrors: 1, gatewayErrors: 1 });
  });

  it('has its line among the requests', async () => {
    await open();
    const records: RequestRecord[] = [];
    gateway.gateway.events.on((event) => {
      if (event.type === 'requests') records.push(...event.records);
    });
    gateway.gateway.tail(true);
    const client = await joined();
    await eventually(() => expect(records).toHaveLength(1));
    expect(records[0]).toMatchObject({
      client: '127.0.0.1',
      method: 'GET',
      host: 'a.test',
      path: '/chat?room=1',
      status: 101,
      result: 'origin',
      reason: 'upgrade',
      aborted: false,
    });
    client.end();
  });

  it.each([
    ['a bad host', HANDSHAKE.replace('a.test', 'a b'), 'invalid_host'],
    ['a climb', HANDSHAKE.replace('/chat', '/../x'), 'path_traversal'],
    ['a loop', `${HANDSHAKE}Via: 1.1 pitwall-test\r\n`, 'loop_detected'],
  ])('is refused for %s', async (_, text, code) => {
    await open();
    expect(await rawExchange(gateway.port, `${text}\r\n`)).toContain(`"code":"${code}"`);
    expect(asked).toEqual([]);
  });

  it('is no upgrade for a POST, nor where Connection does not say so', async () => {
    await open();
    expect(
      await rawExchange(
        gateway.port,
        `${HANDSHAKE.replace('GET', 'POST')}Content-Length: 0\r\n\r\n`.replace('keep-alive, ', 'close, '),
      ),
    ).toMatch(/^HTTP\/1\.1 403 /);
    const plain = 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: close\r\n\r\n';
    expect(await rawExchange(gateway.port, plain)).toMatch(/^HTTP\/1\.1 403 /);
    expect(asked).toEqual([]);
  });

  it('ends at the grace limit of a drain, and new ones are refused meanwhile', async () => {
    await open();
    const client = await joined();
    // Half a handshake behind a whole request, so that its connection isn't idle when the drain begins.
    const late = await rawClient(gateway.port);
    late.send(`GET / HTTP/1.1\r\nHost: a.test\r\n\r\n${HANDSHAKE}`);
    await late.until(/not you/);
    const draining = gateway.gateway.command({ type: 'drain', graceMs: 500 });
    late.send('\r\n');
    expect(await late.closed()).toMatch(/HTTP\/1\.1 503 [^]*"code":"draining"/);
    expect(asked).toHaveLength(1);
    client.send(masked('still here'));
    await client.until(/echo still here/);
    await draining;
    await client.closed();
  });

  it('leaves plain requests beside it alone', async () => {
    await open();
    const client = await joined();
    expect((await ask(gateway.port, '/')).status).toBe(403);
    client.send(masked('x'));
    await client.until(/echo x/);
    client.end();
  });
});
