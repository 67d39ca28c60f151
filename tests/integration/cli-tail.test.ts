// Over 300 lines: one command, with the console’s side of its socket.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isUsageError } from '../../cli/terminal.ts';
import { tail } from '../../cli/tail.ts';
import type { RequestRecord } from '../../lib/contracts/control.ts';

interface Console {
  readonly url: string;
  readonly tails: Socket[];
  readonly filters: unknown[];
  /** With a detail, what it answers to a tail. */
  readonly refuse: { detail?: string };
  readonly io: Server;
  close(): Promise<void>;
}

/** The console's side of the socket, with the real server library. */
async function startConsole(port = 0, refuse?: string): Promise<Console> {
  const http: HttpServer = createServer();
  const io = new Server(http, { serveClient: false });
  const tails: Socket[] = [];
  const filters: unknown[] = [];
  const refusal: { detail?: string } = {};
  if (refuse !== undefined) io.of('/live').use((_socket, next) => next(new Error(refuse)));
  io.of('/live').on('connection', (socket) =>
    socket.on('tail', (filter: unknown, ack: (answer: object) => void) => {
      filters.push(filter);
      tails.push(socket);
      ack(refusal);
    }),
  );
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const { port: bound } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    tails,
    filters,
    refuse: refusal,
    io,
    close: async () => void (await io.close()),
  };
}

function record(more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    at: new Date(2026, 0, 2, 3, 4, 5, 6).getTime(),
    id: 'r1',
    client: '127.0.0.1',
    service: 'api',
    route: 'history',
    method: 'GET',
    host: 'a',
    path: '/chats/42',
    status: 200,
    result: 'l1',
    reason: undefined,
    bytes: 1_234,
    ms: 0.42,
    aborted: false,
    ...more,
  };
}

interface Running {
  out: string;
  err: string;
  readonly done: Promise<number>;
  stop(): void;
}

let consoles: Console[];
let runs: Running[];

beforeEach(() => {
  consoles = [];
  runs = [];
});

afterEach(async () => {
  for (const run of runs) run.stop();
  await Promise.all(runs.map((run) => run.done));
  await Promise.all(consoles.map((console) => console.close()));
});

async function console(...args: Parameters<typeof startConsole>): Promise<Console> {
  const started = await startConsole(...args);
  consoles.push(started);
  return started;
}

function start(url: string, args: readonly string[] = [], isTTY = false): Running {
  const stop = new AbortController();
  const running = { out: '', err: '' };
  const terminal = {
    out: { isTTY, write: (text: string) => (running.out += text) },
    err: { write: (text: string) => (running.err += text) },
  };
  const done = tail(['--console', url, ...args], terminal, stop.signal);
  const handle = Object.assign(running, { done, stop: () => stop.abort() });
  runs.push(handle);
  return handle;
}

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 10 });

async function connected(server: Console, count = 1): Promise<Socket> {
  await eventually(() => expect(server.tails).toHaveLength(count));
  return server.tails[count - 1] as Socket;
}

describe('pitwall tail', () => {
  it('prints aligned lines under a heading, and ends with 0', async () => {
    const server = await console();
    const run = start(server.url);
    const socket = await connected(server);
    const records = [
      record(),
      record({
        status: 503,
        result: 'error',
        reason: 'cold',
        ms: 1234.5,
        bytes: 0,
        service: 'a-very-long-name',
        aborted: true,
      }),
      record({ bytes: 5_400_000, result: 'origin', reason: 'expired' }),
    ];
    socket.emit('requests', { records, dropped: 0 });
    await eventually(() => expect(run.out.split('\n')).toHaveLength(5));
    run.stop();
    expect(await run.done).toBe(0);
    expect(run.out).toBe(
      [
        'time         code answered by    latency      bytes service      route                request',
        '03:04:05.006 200  l1              0.4 ms    1.2 KiB api          history              GET /chats/42',
        '03:04:05.006 503  error        1234.5 ms        0 B a-very-long… history              GET /chats/42 (cold) [client left]',
        '03:04:05.006 200  origin          0.4 ms    5.1 MiB api          history              GET /chats/42 (expired)',
        '',
      ].join('\n'),
    );
    expect(run.err).toBe('');
  });

  it('asks only for what is wanted', async () => {
    const server = await console();
    start(server.url, [
      ...['--service', 'api', '--route', 'x', '--route', 'y', '--status', '5xx', '--status', '404'],
      ...['--result', 'origin', '--reason', 'cold', '--method', 'get', '--client', '10.0.0.1'],
      ...['--path', '/chats', '--slower', '2.5', '--json'],
    ]);
    await connected(server);
    expect(server.filters).toEqual([
      {
        services: ['api'],
        routes: ['x', 'y'],
        statuses: ['5xx', '404'],
        results: ['origin'],
        reasons: ['cold'],
        methods: ['GET'],
        clients: ['10.0.0.1'],
        text: '/chats',
        slowerThanMs: 2.5,
      },
    ]);
  });

  it('prints one JSON object a line', async () => {
    const server = await console();
    const run = start(server.url, ['--json']);
    (await connected(server)).emit('requests', { records: [record(), record({ id: 'last' })], dropped: 0 });
    await eventually(() => expect(run.out).toContain('last'));
    const lines = run.out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as RequestRecord).id)).toEqual(['r1', 'last']);
  });

  it('ends with what the console says of a filter that it refuses', async () => {
    const server = await console();
    server.refuse.detail = 'At most 50 different filters at once.';
    const run = start(server.url);
    expect(await run.done).toBe(1);
    expect(run.err).toBe('At most 50 different filters at once.\n');
  });

  it('colours on a terminal alone, and lets no client steer it', async () => {
    const server = await console();
    const plain = start(server.url);
    await connected(server);
    const coloured = start(server.url, [], true);
    await connected(server, 2);
    const records = [
      record({ path: '/\u001b[2J\u009bx\u202e' }),
      record({ status: 500 }),
      record({ result: 'stale' }),
      record({ result: 'origin' }),
    ];
    for (const socket of server.tails) socket.emit('requests', { records, dropped: 0 });
    await eventually(() => expect([plain, coloured].map(({ out }) => out.split('\n').length)).toEqual([6, 6]));
    expect(plain.out).toContain('GET /?[2J?x?\n');
    expect(plain.out).not.toContain('\u001b');
    const lines = coloured.out.split('\n');
    expect(lines[1]).toContain('\u001b[32m200');
    expect(lines[2]).toContain('\u001b[31m500');
    expect(lines[3]).toContain('\u001b[33m200');
    expect(lines[4]).not.toContain('\u001b');
  });

  it('says when lines were dropped, and when it can’t read them', async () => {
    const server = await console();
    const run = start(server.url);
    const socket = await connected(server);
    socket.emit('requests', { records: [], dropped: 7 });
    socket.emit('requests', { lines: 'odd' });
    socket.emit('requests', { lines: 'odd' });
    socket.emit('requests', { records: [record()], dropped: 0 });
    await eventually(() => expect(run.out).toContain('/chats/42'));
    expect(run.err).toBe(
      `… 7 more requests than could be shown.\n${server.url} sends lines of another version; they aren't shown.\n`,
    );
  });

  it('says that the connection is lost and found again', async () => {
    const first = await startConsole();
    const run = start(first.url);
    await connected(first);
    await first.close();
    await eventually(() => expect(run.err).toBe(`The connection to ${first.url} was lost; trying again.\n`));
    const second = await console(Number(new URL(first.url).port));
    (await connected(second)).emit('requests', { records: [record()], dropped: 0 });
    await eventually(() => expect(run.out).toContain('/chats/42'));
    expect(run.err).toContain(`Connected to ${first.url} again.\n`);
    expect(run.out.match(/answered by/g)).toHaveLength(1);
  });

  it('comes back by itself when the server sends it away', async () => {
    const server = await console();
    const run = start(server.url);
    (await connected(server)).disconnect();
    await connected(server, 2);
    expect(run.err).toBe(
      `The connection to ${server.url} was lost; trying again.\nConnected to ${server.url} again.\n`,
    );
  });

  it('keeps trying when nothing listens, and says so once', async () => {
    const taken = await startConsole();
    await taken.close();
    const run = start(taken.url);
    await eventually(() => expect(run.err).not.toBe(''));
    const server = await console(Number(new URL(taken.url).port));
    await connected(server);
    expect(run.err).toBe(`Nothing answers at ${taken.url}. Trying again until it does; Ctrl-C ends.\n`);
  });

  it('tells why it isn’t let in, and ends with --once', async () => {
    const server = await console(0, 'Too many clients.');
    const run = start(server.url, ['--once']);
    expect(await run.done).toBe(1);
    expect(run.err).toBe(`The console at ${server.url} lets nobody in (Too many clients.).\n`);
  });

  it('ends with 1 with --once when nothing listens, or the connection is lost', async () => {
    const server = await startConsole();
    const lost = start(server.url, ['--once']);
    await connected(server);
    await server.close();
    expect(await lost.done).toBe(1);
    expect(lost.err).toBe(`The connection to ${server.url} was lost.\n`);
    const none = start(server.url, ['--once']);
    expect(await none.done).toBe(1);
    expect(none.err).toBe(`Nothing answers at ${server.url}.\n`);
  });

  it.each([
    ['--console', 'nope'],
    ['--console', 'ftp://a'],
    ['--status', '5x'],
    ['--status', '600'],
    ['--result', 'fast'],
    ['--reason', 'none'],
    ['--slower', 'much'],
    ['--path', 'x'.repeat(201)],
    ['--nope', 'x'],
  ])('refuses %s %s', async (option, value) => {
    const terminal = { out: { write: () => true }, err: { write: () => true } };
    await expect(tail([option, value], terminal)).rejects.toSatisfy(isUsageError);
  });

  it('has help, and ends when told to at any time', async () => {
    const run = start('http://127.0.0.1:1', ['--help']);
    expect(await run.done).toBe(0);
    expect(run.out).toContain('pitwall tail [options]');
    const trying = start('http://127.0.0.1:1');
    trying.stop();
    expect(await Promise.race([trying.done, pause(5_000, 'hangs', { ref: false })])).toBe(0);
    const never = tail([], { out: { write: () => true }, err: { write: () => true } }, AbortSignal.abort());
    expect(await Promise.race([never, pause(5_000, 'hangs', { ref: false })])).toBe(0);
  });
});
