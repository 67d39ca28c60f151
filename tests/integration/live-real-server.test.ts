import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../lib/contracts/control.ts';
import { overviewSchema, overviewTickSchema } from '../../lib/contracts/overview.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

const root = mkdtempSync(join(tmpdir(), 'pitwall-live-'));
const file = join(root, 'pitwall.yaml');
let origin: Origin;
let server: ReadyServer;
const open: Socket[] = [];

function configure(service: string): void {
  writeFileSync(`${file}.new`, `services: [{ name: ${service}, targets: [{ url: "${origin.url}" }] }]\n`);
  renameSync(`${file}.new`, file);
}

function connect(): Socket {
  const socket = io(`${server.consoleUrl}/live`, { transports: ['websocket'], reconnection: false, forceNew: true });
  open.push(socket);
  return socket;
}

interface Frame {
  readonly text: boolean;
  readonly compressed: boolean;
  readonly length: number;
}

/** The frames at the head of `bytes` that are complete (RFC 6455 section 5.2; a server doesn't mask). */
function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 0x7f;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (at + head > bytes.length) break;
    const length =
      short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
    if (at + head + length > bytes.length) break;
    const first = bytes[at]!;
    frames.push({ text: (first & 0x0f) === 1, compressed: (first & 0x40) !== 0, length });
    at += head + length;
  }
  return frames;
}

/** A text frame as a client sends it: masked, at most 125 bytes. */
function masked(text: string): Buffer {
  const mask = randomBytes(4);
  const body = Buffer.from(text).map((byte, i) => byte ^ mask[i % 4]!);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body]);
}

/** Opens a WebSocket by hand; rejects with the status when it's refused. */
function upgrade(headers: Record<string, string> = {}): Promise<{ socket: Duplex; extensions: string; head: Buffer }> {
  const key = randomBytes(16).toString('base64');
  return new Promise((resolve, reject) => {
    const asked = request(`${server.consoleUrl}/socket.io/?EIO=4&transport=websocket`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': key,
        'sec-websocket-extensions': 'permessage-deflate',
        ...headers,
      },
    });
    asked.once('upgrade', (response, socket, head) => {
      resolve({ socket, extensions: response.headers['sec-websocket-extensions'] ?? '', head });
    });
    asked.once('response', (response) => {
      response.resume();
      reject(new Error(`refused with ${response.statusCode}`));
    });
    asked.once('error', reject);
    asked.end();
  });
}

beforeAll(async () => {
  origin = await startOrigin();
  configure('first');
  server = await startServer({ PITWALL_CONFIG: file });
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.disconnect();
});
afterAll(async () => {
  await server.stop();
  await origin.close();
  rmSync(root, { recursive: true });
});

describe('the live namespace of the real server', () => {
  it('compresses an overview', async () => {
    const { socket, extensions, head } = await upgrade();
    try {
      expect(extensions).toContain('permessage-deflate');
      let bytes = head;
      socket.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
      await eventually(() => expect(framesIn(bytes)).toHaveLength(1));
      socket.write(masked('40/live,'));
      await eventually(() => expect(framesIn(bytes)).toHaveLength(2));
      socket.write(masked('42/live,["watch",{"service":"all","range":"1m"}]'));
      await eventually(() => expect(framesIn(bytes).length).toBeGreaterThanOrEqual(3));
      const [, , overview] = framesIn(bytes);
      expect(overview?.compressed).toBe(true);
    } finally {
      socket.destroy();
    }
  });

  it.each([
    ['another host', { origin: 'http://evil.example' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a name that was rebound to this machine', { host: 'evil.example' }],
  ])('refuses %s, by WebSocket and by polling', async (_, headers: Record<string, string>) => {
    await expect(upgrade(headers)).rejects.toThrow(/refused with (400|403|421)/);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${server.consoleUrl}/socket.io/?EIO=4&transport=polling`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once('error', reject);
      asked.end();
    });
    expect([400, 403, 421]).toContain(status);
  });

  it('lets its own pages in', async () => {
    const { socket } = await upgrade({ origin: server.consoleUrl, 'sec-fetch-site': 'same-origin' });
    socket.destroy();
  });

  it('shows a request in the tick and in the tail', async () => {
    const socket = connect();
    const records: RequestRecord[] = [];
    let answered = 0;
    socket.on('requests', (batch: { records: RequestRecord[] }) => records.push(...batch.records));
    socket.on('tick', (tick) => {
      answered += Object.values(overviewTickSchema.parse(tick).sample.answered).reduce((sum, n) => sum + n, 0);
    });
    const overview: unknown = await new Promise((resolve) => {
      socket.once('overview', resolve);
      socket.emit('watch', { service: 'first', range: '1m' });
    });
    expect(overviewSchema.parse(overview).service).toBe('first');
    expect(await socket.emitWithAck('tail', {})).toEqual({ ok: true });
    await eventually(async () => {
      if (records.length === 0) await (await fetch(`${server.gatewayUrl}/seen`)).text();
      expect(records[0]).toMatchObject({ service: 'first', method: 'GET', path: '/seen', status: 200 });
      expect(answered).toBeGreaterThan(0);
    });
  });

  it('tells watchers of a service that a reload takes away, and goes on with the rest', async () => {
    const socket = connect();
    const other = connect();
    const problems: { code: string }[] = [];
    socket.on('problem', (problem: { code: string }) => problems.push(problem));
    expect(await socket.emitWithAck('watch', { service: 'first', range: '5m' })).toEqual({ ok: true });
    expect(await other.emitWithAck('watch', { service: 'all', range: '5m' })).toEqual({ ok: true });
    configure('second');
    await eventually(() => expect(problems).toMatchObject([{ code: 'not_found', status: 404 }]), 10_000);
    for (let n = 0; n < 2; n++) await new Promise((resolve) => other.once('tick', resolve));
    expect(problems).toHaveLength(1);
    expect(await socket.emitWithAck('watch', { service: 'first', range: '5m' })).toMatchObject({ code: 'not_found' });
    expect(await socket.emitWithAck('watch', { service: 'second', range: '5m' })).toEqual({ ok: true });
  });

  it('isn’t kept from ending by a client that reads nothing', async () => {
    const { socket, head } = await upgrade();
    let bytes = head;
    socket.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
    socket.write(masked('40/live,'));
    await eventually(() => expect(framesIn(bytes)).toHaveLength(2));
    socket.pause();
    const asked = performance.now();
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
    // ws alone would wait 30 s for the closing handshake
    expect(performance.now() - asked).toBeLessThan(15_000);
    socket.destroy();
  });
});
