import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { ask, rawClient, rawExchange } from '../support/raw-client.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';

let folder: string;
let pair: { key: Buffer; cert: Buffer };
let origin: ScriptedOrigin;
let gateway: TestGateway | undefined;
const names: (string | false | null)[] = [];

const CA = 'ca.pem';
const readFile = (): string => readFileSync(join(folder, 'cert.pem'), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-tls-'));
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=origin.test', '-addext', 'subjectAltName=DNS:origin.test,IP:127.0.0.1'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
    ],
    { stdio: 'ignore' },
  );
  pair = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
  origin = await scriptedOrigin((request, response) => {
    names.push((request.socket as TLSSocket & { servername?: string | false }).servername ?? null);
    response.end('secret');
  }, pair);
});

afterAll(async () => {
  await origin.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

describe('a TLS origin', () => {
  it('is refused when nobody vouches for it', async () => {
    gateway = await openGateway(origin.url);
    const answer = await ask(gateway.port, '/');
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'origin_unreachable',
      detail: expect.stringContaining('TLS') as string,
    });
  });

  it('is trusted by its CA', async () => {
    gateway = await openGateway(origin.url, { target: { ca: CA }, readFile });
    expect((await ask(gateway.port, '/')).text).toBe('secret');
  });

  it('is asked by the server name that the target has, which its certificate must match', async () => {
    names.length = 0;
    gateway = await openGateway(origin.url, { target: { ca: CA, serverName: 'origin.test' }, readFile });
    expect((await ask(gateway.port, '/')).text).toBe('secret');
    expect(names).toEqual(['origin.test']);
    await gateway.close();
    gateway = await openGateway(origin.url, { target: { ca: CA, serverName: 'other.test' }, readFile });
    expect((await ask(gateway.port, '/')).status).toBe(502);
  });

  it('passes WebSockets through, under the same trust', async () => {
    const server = createServer(pair);
    server.on('upgrade', (_, socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const handshake = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    gateway = await openGateway(url, { target: { ca: CA, serverName: 'origin.test' }, readFile });
    const client = await rawClient(gateway.port);
    client.send(handshake);
    await client.until(/hello/);
    client.send('there');
    await client.until(/hellothere/);
    client.end();
    await gateway.close();
    gateway = await openGateway(url);
    expect(await rawExchange(gateway.port, handshake)).toMatch(/^HTTP\/1\.1 502 [^]*"code":"origin_unreachable"/);
    server.closeAllConnections();
    server.close();
  });
});
