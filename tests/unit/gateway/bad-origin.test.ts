import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, rawExchange, type Answer } from '../../support/raw-client.ts';
import { rawOrigin, type RawOrigin } from '../../support/scripted-origin.ts';

let origin: RawOrigin | undefined;
let gateway: TestGateway;

afterEach(async () => {
  await gateway.close();
  await origin?.close();
  origin = undefined;
});

type Bytes = string | ((socket: Socket) => void);
const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: no-store\r\n\r\ngood';

/** An origin that answers /good well and everything else as told. */
async function open(bytes: Bytes, setup: GatewaySetup = {}): Promise<void> {
  origin = await rawOrigin((socket, head) => {
    if (head.includes(' /good ')) socket.write(GOOD);
    else if (typeof bytes === 'string') socket.write(bytes, 'latin1');
    else bytes(socket);
  });
  gateway = await openGateway(origin.url, setup);
}

const get = (path = '/'): Promise<Answer> => ask(gateway.port, path);

async function problem(path = '/'): Promise<[number, string]> {
  const answer = await get(path);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['cache-status']).toContain('detail=');
  const body = JSON.parse(answer.text) as { code: string; status: number; detail: string; instance: string };
  expect(body.status).toBe(answer.status);
  expect(body.instance).toBe(answer.headers['x-request-id']);
  expect(body.detail).not.toMatch(/127\.0\.0\.1|undici|ECONN|node:/);
  return [answer.status, body.code];
}

async function stillServes(): Promise<void> {
  expect((await get('/good')).text).toBe('good');
  await eventually(async () => expect((await gateway.snapshot()).inFlight).toBe(0));
}

describe('an origin that answers nonsense', () => {
  it.each<[string, Bytes]>([
    ['garbage', 'complete garbage\r\n\r\n'],
    ['an SSH banner', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['a DEL in a header', 'HTTP/1.1 200 OK\r\nX-A: a\x7fb\r\nContent-Length: 0\r\n\r\n'],
    ['an escape sequence in a header', 'HTTP/1.1 200 OK\r\nX-A: \x1b[31m\r\nContent-Length: 0\r\n\r\n'],
    ['a huge header section', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['status 999', 'HTTP/1.1 999 Nope\r\nContent-Length: 0\r\n\r\n'],
    ['status 600', 'HTTP/1.1 600 Nope\r\nContent-Length: 0\r\n\r\n'],
    ['status 42', 'HTTP/1.1 42 Nope\r\nContent-Length: 0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n'],
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
  ])('%s', async (_, bytes) => {
    await open(bytes);
    expect(await problem()).toEqual([502, 'origin_invalid']);
    expect(await gateway.route()).toMatchObject({ results: { error: 1 }, gatewayErrors: 1, statuses: [0, 0, 0, 0, 1] });
    await stillServes();
  });

  it('a reason phrase and names that are odd but legal', async () => {
    await open('HTTP/1.1 299 Caf\xe9 \t!\r\nX~!#: \xe9\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n');
    const answer = await get();
    expect([answer.status, answer.headers['x~!#'], answer.headers['x-empty']]).toEqual([299, 'é', '']);
    await stillServes();
  });

  it('trailers that make no sense', async () => {
    await open('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-A: a\x7fb\r\n\r\n');
    const text = await rawExchange(gateway.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').catch(
      () => '',
    );
    expect(text).not.toContain('\x7f');
    await stillServes();
  });

  it('an answer before it was asked', async () => {
    const early = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly');
    });
    await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
    const { port } = early.address() as { port: number };
    gateway = await openGateway(`http://127.0.0.1:${port}`);
    const answer = await get();
    expect([200, 502]).toContain(answer.status);
    early.close();
  });

  it('bytes behind its answer are nobody’s', async () => {
    await open(
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: no-store\r\n\r\nok${GOOD.replace('good', 'evil')}`,
    );
    expect((await get('/1')).text).toBe('ok');
    for (let i = 0; i < 3; i++) expect((await get('/good')).text).toBe('good');
  });
});

describe('an origin that breaks off', () => {
  it('before the head', async () => {
    await open((socket) => socket.destroy());
    expect(await problem()).toEqual([502, 'origin_reset']);
    await stillServes();
  });

  it('by a reset, within the head', async () => {
    await open((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Le');
      setImmediate(() => socket.resetAndDestroy());
    });
    expect(await problem()).toEqual([502, 'origin_reset']);
    await stillServes();
  });

  it.each<[string, string]>([
    ['short of its length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nCache-Control: max-age=60\r\n\r\nhalf'],
    [
      'within its chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\r\na\r\nhalf',
    ],
    [
      'before the last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\r\n4\r\nhalf\r\n',
    ],
  ])('%s: the client is reset, and nothing is stored', async (_, bytes) => {
    await open((socket) => {
      socket.write(bytes);
      setImmediate(() => socket.end());
    });
    await expect(get()).rejects.toThrow();
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    await eventually(async () => expect((await gateway.route()).aborted).toBe(1));
    await stillServes();
  });

  it('with garbage for a chunk size', async () => {
    await open('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\r\n4\r\nhalf\r\nzz\r\n');
    await expect(get()).rejects.toThrow();
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    await stillServes();
  });

  it('a body that ends with its connection is whole', async () => {
    await open((socket) => socket.end('HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n\r\nuntil the end'));
    expect((await get()).text).toBe('until the end');
    expect((await get()).headers['cache-status']).toContain('hit');
  });

  it('an HTTP/1.0 origin is understood', async () => {
    await open((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nold'));
    expect((await get()).text).toBe('old');
  });

  it('more than its length: the rest is cut', async () => {
    await open('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: no-store\r\n\r\nlonger than said');
    expect((await get()).text).toBe('long');
    await stillServes();
  });
});

describe('an origin that hangs', () => {
  it('before its head: 504', async () => {
    await open(() => undefined, { policy: { timeouts: { headers: '300ms' } } });
    expect(await problem()).toEqual([504, 'origin_timeout']);
    await stillServes();
  });

  it('within its head: 504', async () => {
    await open('HTTP/1.1 200 OK\r\nX-', { policy: { timeouts: { headers: '300ms' } } });
    expect(await problem()).toEqual([504, 'origin_timeout']);
  });

  it('within its body: the client is reset', async () => {
    await open('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', { policy: { timeouts: { idle: '200ms' } } });
    await expect(get()).rejects.toThrow();
    await stillServes();
  });

  it('but an event stream may be silent', async () => {
    let stream: Socket | undefined;
    await open(
      (socket) => {
        stream = socket;
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n');
      },
      { policy: { timeouts: { idle: '100ms' } } },
    );
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await client.until(/data: 1/);
    await expect(client.closed(400)).rejects.toThrow();
    stream?.end('data: 2\n\n');
    expect(await client.closed()).toContain('data: 2');
  });
});

describe('an origin that is not there', () => {
  it('refuses the connection', async () => {
    await open('');
    await origin?.close();
    expect(await problem()).toEqual([502, 'origin_unreachable']);
    expect(await problem('/2')).toEqual([502, 'origin_unreachable']);
  });

  it('has no name', async () => {
    gateway = await openGateway('http://does-not-exist.invalid');
    expect(await problem()).toEqual([502, 'origin_unreachable']);
  });

  it('speaks TLS where plain HTTP is asked', async () => {
    await open((socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46])));
    expect((await problem())[0]).toBe(502);
  });
});
