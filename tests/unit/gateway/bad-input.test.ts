import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayConfig, openGateway, type TestGateway } from '../../support/gateway.ts';
import { ask, rawClient, rawExchange } from '../../support/raw-client.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';

let origin: ScriptedOrigin;
let gateway: TestGateway;

beforeEach(async () => {
  origin = await scriptedOrigin((request, response) => {
    request.resume();
    request.on('end', () => response.end('fine'));
  });
  gateway = await openGateway(origin.url);
});

/** Whatever came before: the next client is served. */
afterEach(async () => {
  expect((await ask(gateway.port, '/next')).text).toBe('fine');
  await gateway.close();
  await origin.close();
});

/** Sends bytes and expects one whole problem document, then the end of the connection. */
async function refusal(bytes: string): Promise<{ status: number; code: string }> {
  const text = await rawExchange(gateway.port, bytes);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(head)?.[1]);
  expect(head).toMatch(/^content-type: application\/problem\+json$/im);
  expect(head).toMatch(/^cache-control: no-store$/im);
  expect(head).toMatch(/^connection: close$/im);
  expect(head).toMatch(new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, 'im'));
  const problem = JSON.parse(body) as { status: number; code: string; type: string; title: string; detail: string };
  expect(problem).toMatchObject({ status, type: `urn:pitwall:problem:${problem.code}` });
  expect(problem.detail).toMatch(/^[A-Z].*\.$/);
  expect((await gateway.snapshot()).refused).toMatchObject({ [problem.code]: expect.any(Number) as number });
  return { status, code: problem.code };
}

const HOST = 'Host: a.test\r\n';
const CLOSE = 'Connection: close\r\n\r\n';

describe('malformed requests', () => {
  it.each([
    ['no HTTP at all', 'hello there\r\n\r\n'],
    ['TLS on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an unknown method', `FROB / HTTP/1.1\r\n${HOST}\r\n`],
    ['a space in the URL', `GET /a b HTTP/1.1\r\n${HOST}\r\n`],
    ['an unknown version', `GET / HTTP/9.9\r\n${HOST}\r\n`],
    ['a header without a colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`],
    ['a space before the colon', `GET / HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`],
    ['a control character in a value', `GET / HTTP/1.1\r\n${HOST}X-A: a\x00b\r\n\r\n`],
    ['a bare CR in a value', `GET / HTTP/1.1\r\n${HOST}X-A: a\rX-B: c\r\n\r\n`],
    ['a folded header', `GET / HTTP/1.1\r\n${HOST}X-A: a\r\n b\r\n\r\n`],
    ['a space in the header name', `GET / HTTP/1.1\r\n${HOST}X A: b\r\n\r\n`],
    ['a header section that starts with a space', `GET / HTTP/1.1\r\n X: b\r\n${HOST}\r\n`],
  ])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toEqual({ status: 400, code: 'malformed_request' });
    expect(origin.seen).toEqual([]);
  });

  it.each([
    ['a header section over the limit', `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['many small headers over the limit', `GET / HTTP/1.1\r\n${HOST}${'A: b\r\n'.repeat(5_000)}\r\n`],
  ])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toEqual({ status: 431, code: 'headers_too_large' });
  });

  it('a header section that never ends', async () => {
    const own = await openGateway(origin.url, { gateway: { timeouts: { headers: '300ms' } } });
    const client = await rawClient(own.port);
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\nX-Slow: ');
    const text = await client.closed(10_000);
    expect(text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/);
    await own.close();
  });

  it('a body that never ends', async () => {
    const own = await openGateway(origin.url, { gateway: { timeouts: { headers: '200ms', request: '300ms' } } });
    const client = await rawClient(own.port);
    client.send('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf');
    expect(await client.closed(10_000)).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/);
    await eventually(() => expect(origin.seen[0]?.abandoned).toBe(true));
    await own.close();
  });

  it('more header lines than a parser would keep are not dropped in silence', async () => {
    const many = Array.from({ length: 2_500 }, (_, i) => `A${i}:b\r\n`).join('');
    const text = await rawExchange(gateway.port, `GET / HTTP/1.1\r\n${many}X-Last: yes\r\n${HOST}${CLOSE}`);
    const status = Number(text.slice(9, 12));
    if (status === 200) expect(origin.seen[0]?.headers['x-last']).toBe('yes');
    else expect([400, 431]).toContain(status);
  });
});

describe('smuggling', () => {
  const inner = 'GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n';
  it.each([
    [
      'Content-Length and Transfer-Encoding',
      `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      'Transfer-Encoding and Content-Length',
      `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${inner}`,
    ],
    ['two Content-Lengths', `Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody${inner}`],
    ['two equal Content-Lengths', `Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody${inner}`],
    ['a list of lengths', `Content-Length: 4, 5\r\n\r\nbody${inner}`],
    ['a signed length', `Content-Length: +4\r\n\r\nbody${inner}`],
    ['a negative length', `Content-Length: -1\r\n\r\n${inner}`],
    ['a hexadecimal length', `Content-Length: 0x4\r\n\r\nbody${inner}`],
    ['an overflowing length', `Content-Length: 99999999999999999999\r\n\r\nbody${inner}`],
    ['an empty length', `Content-Length: \r\n\r\n${inner}`],
    ['chunked twice', `Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunked, but not last', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner}`],
    ['an unknown coding', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`],
    ['a folded Transfer-Encoding', `Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['a space before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`],
  ])('%s: refused, and nothing reaches the origin whole', async (_, rest) => {
    expect(await refusal(`POST /outer HTTP/1.1\r\n${HOST}${rest}`)).toEqual({ status: 400, code: 'malformed_request' });
    expect(origin.seen.filter(({ whole }) => whole)).toEqual([]);
    expect(origin.seen.some(({ url }) => url === '/smuggled')).toBe(false);
  });

  it.each([
    ['no number', 'zz\r\nbody\r\n0\r\n\r\n'],
    ['a negative size', '-4\r\nbody\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x4\r\nbody\r\n0\r\n\r\n'],
    ['an overflowing size', 'fffffffffffffffff\r\nbody\r\n0\r\n\r\n'],
    ['more data than announced', '2\r\nbody\r\n0\r\n\r\n'],
    ['a space before the size', ' 4\r\nbody\r\n0\r\n\r\n'],
  ])('chunks with %s: refused, and the origin gets no whole request', async (_, chunks) => {
    const bytes = `POST /outer HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunks}${inner}`;
    expect(await refusal(bytes)).toEqual({ status: 400, code: 'malformed_request' });
    expect(origin.seen.filter(({ whole }) => whole)).toEqual([]);
    expect(origin.seen.some(({ url }) => url === '/smuggled')).toBe(false);
  });

  it('a chunk extension the size of a header section', async () => {
    const chunk = `4;${'x'.repeat(40_000)}\r\nbody\r\n0\r\n\r\n`;
    const bytes = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunk}`;
    expect(await refusal(bytes)).toEqual({ status: 431, code: 'headers_too_large' });
  });

  it('garbage behind a request never ends up in the body of its answer', async () => {
    const hold = gate();
    origin.script((request, response) => {
      request.resume();
      response.writeHead(200, { 'Content-Length': '8' });
      response.write('half');
      void hold.opened.then(() => response.end('rest'));
    });
    const client = await rawClient(gateway.port);
    client.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    await client.until(/half/);
    client.send('\x00garbage\r\n\r\n');
    await client.closed();
    hold.open();
    origin.script((_, response) => void response.end('fine'));
    expect(client.text()).not.toContain('malformed_request');
  });

  it('an answer out of turn does not go to the request before it', async () => {
    const hold = gate();
    origin.script((_, response) => void hold.opened.then(() => response.end('late')));
    const client = await rawClient(gateway.port);
    client.send(`GET /slow HTTP/1.1\r\n${HOST}\r\n\x00garbage\r\n\r\n`);
    const text = await client.closed();
    expect(text === '' || text.startsWith('HTTP/1.1 400 ')).toBe(true);
    hold.open();
    origin.script((_, response) => void response.end('fine'));
  });
});

describe('URLs', () => {
  it.each([
    ['/%zz', 'invalid_url'],
    ['/%', 'invalid_url'],
    ['/a%00b', 'invalid_url'],
    ['/a\\b', 'invalid_url'],
    ['/a#b', 'invalid_url'],
    ['/?%4', 'invalid_url'],
    ['a', 'malformed_request'],
    ['*', 'invalid_url'],
    ['http:///path', 'invalid_host'],
    ['ftp://a.test/', 'invalid_url'],
    ['/..', 'path_traversal'],
    ['/a/../../etc/passwd', 'path_traversal'],
    ['/%2e%2e/secret', 'path_traversal'],
    ['/a/%2E%2e/..%2f..%2fsecret', 'path_traversal'],
    ['/..%5c..%5csecret', 'path_traversal'],
  ])('GET %s is refused as %s', async (url, code) => {
    expect(await refusal(`GET ${url} HTTP/1.1\r\n${HOST}${CLOSE}`)).toEqual({ status: 400, code });
    expect(origin.seen).toEqual([]);
  });

  it('bytes beyond ASCII', async () => {
    const { status, code } = await refusal(`GET /caf\xe9 HTTP/1.1\r\n${HOST}${CLOSE}`);
    expect(status).toBe(400);
    expect(['invalid_url', 'malformed_request']).toContain(code);
  });

  it('one that is too long', async () => {
    expect(await refusal(`GET /${'a'.repeat(8_192)} HTTP/1.1\r\n${HOST}${CLOSE}`)).toEqual({
      status: 414,
      code: 'url_too_long',
    });
  });
});

describe('hosts', () => {
  it.each([
    ['no Host', ''],
    ['an empty Host', 'Host: \r\n'],
    ['two Hosts', 'Host: a.test\r\nHost: b.test\r\n'],
    ['two equal Hosts', 'Host: a.test\r\nhost: a.test\r\n'],
    ['a Host with a path', 'Host: a.test/x\r\n'],
    ['a Host with a user', 'Host: me@a.test\r\n'],
    ['a Host with an absurd port', 'Host: a.test:99999\r\n'],
    ['a Host with a space', 'Host: a.test b.test\r\n'],
    ['a broken IPv6 address', 'Host: [::zz]\r\n'],
  ])('%s', async (_, host) => {
    expect(await refusal(`GET / HTTP/1.1\r\n${host}${CLOSE}`)).toEqual({ status: 400, code: 'invalid_host' });
    expect(origin.seen).toEqual([]);
  });

  it('one that no service answers to', async () => {
    const own = await openGateway(origin.url, { service: { hosts: ['a.test'] } });
    const answer = await ask(own.port, '/', { headers: { Host: 'b.test' } });
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([404, 'no_service']);
    expect((await ask(own.port, '/', { headers: { Host: 'A.TEST:9' } })).status).toBe(200);
    expect((await own.snapshot()).refused).toEqual({ no_service: 1 });
    await own.close();
  });

  it('gives a refusal to HEAD without a body, and keeps the connection where it can', async () => {
    const client = await rawClient(gateway.port);
    client.send(`HEAD /%zz HTTP/1.1\r\n${HOST}\r\n`);
    const head = await client.until(/\r\n\r\n/);
    expect(head).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\n$/);
    client.send(`GET / HTTP/1.1\r\n${HOST}${CLOSE}`);
    expect(await client.closed()).toMatch(/fine$/);
  });
});

describe('bodies', () => {
  it('a chunked body over the limit is cut off', async () => {
    const own = await openGateway(origin.url, { gateway: { maxRequestBody: '1KiB' } });
    const answer = await rawExchange(
      own.port,
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n800\r\n${'x'.repeat(2_048)}\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*"code":"body_too_large"/);
    expect(answer).toMatch(/connection: close/i);
    expect(origin.seen.filter(({ whole }) => whole)).toEqual([]);
    await own.close();
  });

  it('a client that leaves while its body is read for the key', async () => {
    const own = await openGateway(origin.url, { policy: { keyBody: true } });
    const client = await rawClient(own.port);
    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nhalf`);
    await eventually(async () => expect((await own.snapshot()).connections).toBe(1));
    client.end();
    await eventually(async () => expect((await own.route()).aborted).toBe(1));
    expect(origin.seen).toEqual([]);
    await own.close();
  });
});

describe('loops', () => {
  it('an upstream that is the gateway itself gets 508, and the breaker is not what says so first', async () => {
    const whole = gatewayConfig(origin.url);
    const own = await openGateway(origin.url, {}, whole);
    const service = whole.services[0];
    const target = service?.targets[0];
    if (service === undefined || target === undefined) throw new Error('no service');
    await own.gateway.command({
      type: 'configure',
      config: { ...whole, services: [{ ...service, targets: [{ ...target, url: own.url }] }] },
    });
    const answer = await ask(own.port, '/');
    expect(answer.status).toBe(508);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'loop_detected', status: 508 });
    expect((await own.snapshot()).refused).toEqual({ loop_detected: 1 });
    await own.close();
  });

  it("another instance's longer name is no loop", async () => {
    expect((await ask(gateway.port, '/', { headers: { Via: '1.1 pitwall-test2, 1.1 other' } })).status).toBe(200);
    expect((await ask(gateway.port, '/', { headers: { Via: '1.1 other,1.1 pitwall-test (x)' } })).status).toBe(508);
  });
});
