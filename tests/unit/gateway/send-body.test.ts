import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type TestGateway } from '../../support/gateway.ts';
import { ask, rawExchange } from '../../support/raw-client.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';

const BODY = Buffer.alloc(12 * 1_048_576, 'pitwall ');
let origin: ScriptedOrigin;
let gateway: TestGateway;

beforeEach(async () => {
  origin = await scriptedOrigin((request, response) => {
    const control = request.url === '/stored' ? 'max-age=60' : 'no-store';
    response.writeHead(200, { 'Cache-Control': control, 'Content-Length': String(BODY.length) });
    response.end(BODY);
  });
  gateway = await openGateway(origin.url, { gateway: { timeouts: { send: 150 } } });
});

afterEach(async () => {
  await gateway.close();
  await origin.close();
});

/** Asks and then reads nothing; resolves when the gateway has given up. */
async function stall(path: string): Promise<void> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
  const closed = once(socket, 'close');
  socket.pause();
  await eventually(async () => expect((await gateway.snapshot()).connections).toBe(0));
  socket.resume();
  await closed;
}

describe('a large body from memory', () => {
  it('arrives whole from L2 and from L1', async () => {
    for (const level of ['cold', 'l2', 'l1']) {
      const answer = await ask(gateway.port, '/stored');
      expect(answer.headers['cache-status']).toContain(`detail=${level}`);
      expect(answer.body.equals(BODY)).toBe(true);
    }
  });
});

describe('a client that stops reading is cut', () => {
  it.each([
    ['an answer from the origin', '/passed', 0],
    ['an answer from L2', '/stored', 1],
    ['an answer from L1', '/stored', 2],
  ])('in %s', async (_, path, before) => {
    for (let asked = 0; asked < before; asked++) await ask(gateway.port, path);
    await stall(path);
    expect((await gateway.snapshot()).inFlight).toBe(0);
  });
});

describe('OPTIONS *', () => {
  it('is answered here: it asks about the server', async () => {
    const answer = await rawExchange(gateway.port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 204 [^]*Allow: GET, HEAD/);
    expect(origin.seen).toEqual([]);
  });
});
