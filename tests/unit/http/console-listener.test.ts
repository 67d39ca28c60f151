import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { problemSchema } from '../../../lib/contracts/problem.ts';
import { answerClientError } from '../../../lib/http/client-error.ts';
import { createConsoleListener, type ConsoleParts } from '../../../lib/http/console-listener.ts';
import { createHostGuard } from '../../../lib/http/host-guard.ts';
import { listen } from '../../../lib/http/listen.ts';
import { createProbes, DRAINING } from '../../../lib/http/probes.ts';
import { createSecurityHeaders } from '../../../lib/http/security-headers.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import type { Logger } from '../../../lib/kernel/logger.ts';

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function start(parts: ConsoleParts | undefined) {
  const logged: string[] = [];
  const logger: Logger = { debug() {}, info() {}, warn() {}, error: (message) => void logged.push(message) };
  const listener = createConsoleListener({
    guard: createHostGuard('127.0.0.1'),
    secure: createSecurityHeaders({ dev: false, tls: true }),
    parts: () => parts,
    newId: () => 'id-1',
    logger,
  });
  const server = createServer({ maxHeaderSize: 4_096, headersTimeout: 200, connectionsCheckingInterval: 50 }, listener);
  server.on('clientError', (error, socket) => answerClientError(error, socket, 'id-2'));
  open.push(server);
  const port = await listen(server, '127.0.0.1', 0);
  const ask = (path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = send({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end();
    });
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let body = '';
      socket.on('data', (chunk) => (body += chunk.toString()));
      socket.on('close', () => resolve(body));
      socket.on('error', reject);
    });
  return { ask, raw, logged, port, server };
}

function partsWith(missing: readonly string[], pages: ConsoleParts['pages']): ConsoleParts {
  return {
    gatekeeper: { admit: () => Promise.resolve() },
    probes: createProbes({
      missing: async () => missing,
      metrics: { contentType: (accept) => accept ?? 'text/plain', text: async () => 'up 1\n' },
    }),
    pages,
  };
}

const page: ConsoleParts['pages'] = async (request, response) => {
  response.end(`page for ${String(request.headers['x-request-id'])}`);
};

describe('the console’s way of a request', () => {
  it('answers health, readiness and metrics before any page', async () => {
    const { ask } = await start(partsWith([], page));
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    expect(await ask('/readyz?verbose')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
    const metrics = await ask('/metrics', 'GET', { accept: 'application/openmetrics-text' });
    expect(metrics).toMatchObject({ status: 200, body: 'up 1\n' });
    expect(metrics.headers['content-type']).toBe('application/openmetrics-text');
    expect(await ask('/metrics', 'HEAD')).toMatchObject({ status: 200, body: '' });
    const refused = await ask('/healthz', 'POST');
    expect(refused).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('says in a 503 problem what is missing, and that it drains', async () => {
    const { ask } = await start(partsWith(["Gateway worker 1 doesn't answer."], page));
    const answer = await ask('/readyz');
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(problemSchema.parse(JSON.parse(answer.body))).toMatchObject({
      code: 'gateway_unavailable',
      detail: "Gateway worker 1 doesn't answer.",
      instance: 'id-1',
    });
    const draining = await start(partsWith([DRAINING], page));
    expect(JSON.parse((await draining.ask('/readyz')).body)).toMatchObject({ code: 'draining', status: 503 });
  });

  it('hands pages its own request id, whatever the client sent, under security headers', async () => {
    const { ask } = await start(partsWith([], page));
    const answer = await ask('/', 'GET', { 'x-request-id': 'forged' });
    expect(answer).toMatchObject({ status: 200, body: 'page for id-1' });
    expect(answer.headers).toMatchObject({
      'x-request-id': 'id-1',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    });
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(answer.headers['content-security-policy']).not.toContain('unsafe-eval');
  });

  it('gives each answer a nonce of its own, tells Next, and lets no inline script or style pass without it', async () => {
    const seen: unknown[] = [];
    const { ask } = await start(
      partsWith([], async (request, response) => {
        seen.push(request.headers['content-security-policy']);
        response.end();
      }),
    );
    const policies = [];
    const known = { 'content-security-policy': "script-src 'nonce-known'" };
    for (const headers of [undefined, known]) {
      policies.push((await ask('/', 'GET', headers)).headers['content-security-policy']);
    }
    expect(seen).toEqual(policies);
    const nonces = policies.map((policy) => /script-src 'self' 'nonce-([\w+/]{22}==)';/.exec(String(policy))?.[1]);
    expect(new Set(nonces).size).toBe(2);
    for (const [index, policy] of policies.entries()) {
      expect(policy).toContain(`style-src 'self' 'nonce-${nonces[index]}';`);
      expect(policy).not.toMatch(/(?<!style-src-attr )'unsafe-/);
    }
  });

  it('answers health alone while the product starts', async () => {
    const { ask } = await start(undefined);
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
    expect(await ask('/')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(await ask('/readyz')).toMatchObject({ status: 503 });
  });

  it('refuses other names and other sites', async () => {
    const { ask } = await start(partsWith([], page));
    const rebound = await ask('/', 'GET', { host: 'evil.example' });
    expect(rebound.status).toBe(421);
    expect(rebound.headers['content-type']).toBe('application/problem+json');
    const crossSite = await ask('/api/x', 'POST', { origin: 'http://evil.example' });
    expect(crossSite).toMatchObject({ status: 403, headers: { connection: 'close' } });
  });

  it('turns what a page throws into a problem without its message, and logs it', async () => {
    const { ask, logged } = await start(partsWith([], () => Promise.reject(new Error('secret path /root'))));
    const answer = await ask('/');
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(logged).toEqual(['The request id-1 failed: secret path /root']);
  });

  it('cuts an answer that breaks in the middle', async () => {
    const { ask } = await start(
      partsWith([], async (_request, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('half');
        throw new PitwallError('internal', 'broken');
      }),
    );
    await expect(ask('/')).rejects.toThrow();
  });
});

describe('what is no HTTP', () => {
  it('gets problem details and the end of the connection', async () => {
    const { raw } = await start(partsWith([], page));
    const garbage = await raw('\x00\x01 nonsense\r\n\r\n');
    expect(garbage).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(garbage.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      code: 'malformed_request',
      instance: 'id-2',
    });
    const huge = await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(8_000)}\r\n\r\n`);
    expect(huge).toMatch(/^HTTP\/1\.1 431 /);
    const slow = await raw('GET / HTTP/1.1\r\nHost: loc');
    expect(slow).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is told when chunk extensions are too large', async () => {
    const { raw } = await start(partsWith([], async (request, response) => void request.pipe(response)));
    const answer = await raw(
      `POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    '/_next/static/../../api/people',
    '/icon.svg/%2e%2e/api/people',
    '/api/./people',
    '/.',
    '/api\\people',
    'http://localhost/api/people',
    '*',
    '/a"b',
  ])('is refused where its path could be taken for another: %s', async (path) => {
    const seen: string[] = [];
    const parts = partsWith([], async (request, response) => {
      seen.push(request.url ?? '');
      response.end();
    });
    const { raw } = await start(parts);
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain('urn:pitwall:problem:invalid_url');
    expect(seen).toEqual([]);
    const fine = await raw('GET /docs/api?x=../y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(fine).toMatch(/^HTTP\/1\.1 200/);
  });

  it('never writes into an answer that is under way', async () => {
    const { port } = await start(
      partsWith([], async (_request, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('half');
      }),
    );
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.endsWith('half')) socket.write('nonsense\r\n\r\n');
    });
    await once(socket, 'close');
    expect(answer).toContain('half');
    expect(answer).not.toContain('HTTP/1.1 400');
  });
});

describe('the console’s port', () => {
  it('is named, with the variable to change it, when somebody has it', async () => {
    const { port } = await start(undefined);
    await expect(listen(createServer(), '127.0.0.1', port)).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Port ${port} on 127.0.0.1 is in use: set PORT to another one, for example PORT=${port + 1}.`,
    });
  });

  it('is refused on an address that this machine lacks', async () => {
    await expect(listen(createServer(), '192.0.2.1', 0)).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
