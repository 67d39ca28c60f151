import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import type { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import type { Change } from '../../lib/contracts/changes.ts';
import type { GatewayEvent, RequestRecord } from '../../lib/contracts/control.ts';
import { LIVE_NAMESPACE, type Overview, type OverviewTick, type Watch } from '../../lib/contracts/overview.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import { PitwallError } from '../../lib/kernel/errors.ts';
import { createEvents } from '../../lib/kernel/events.ts';
import { after } from '../../lib/kernel/timer.ts';
import { createLiveHub, type LiveLimits } from '../../lib/live/hub.ts';
import { createSeries } from '../../lib/live/series.ts';
import { openSocketServer, type SocketServerOptions } from '../../lib/live/socket-server.ts';
import { routeReading, serviceReading, workerReading } from './snapshot-readings.ts';

const closers: (() => Promise<void> | void)[] = [];
/** Closes all that a test opened; for afterEach. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** Who was let in may stay. */
const NOBODY = { add: () => undefined, remove: () => undefined };

interface Asked {
  overviews: Watch[];
  ticks: Watch[];
}

/** A hub on a real server, over a series of one service "chat"; services can be taken away. */
export async function hub(limits: Partial<LiveLimits> = {}, padding = '', bounds: Partial<SocketServerOptions> = {}) {
  const clock = manualClock(1_000_000);
  const series = createSeries({ clock, gatewayUrl: () => 'http://127.0.0.1:8080', expected: () => [] });
  const server = createServer((_, response) => response.end());
  const io: Server = openSocketServer(server, { refuse: async () => undefined, admissions: NOBODY, ...bounds });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asked: Asked = { overviews: [], ticks: [] };
  const services = new Set(['all', 'chat']);
  const listeners = new Set<(event: GatewayEvent) => void>();
  const changes = createEvents<Change>();
  const rest = { sampleTraffic: 'off' as const, configError: padding === '' ? null : padding };
  const known = (watch: Watch): Watch => {
    if (!services.has(watch.service)) throw new PitwallError('not_found', `No service "${watch.service}".`);
    return watch;
  };
  const live = createLiveHub({
    io,
    clock,
    after,
    limits,
    changes,
    prepare: ({ service, range }) => series.prepare(known({ service, range }).service, range),
    overview({ service, range }): Overview {
      asked.overviews.push(known({ service, range }));
      return { ...series.overview(service, range), ...rest, changes: [], environment: 'local' };
    },
    tick({ service, range }): OverviewTick {
      asked.ticks.push(known({ service, range }));
      return { ...series.tick(service, range), ...rest };
    },
    subscribeRequests(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  closers.push(() => io.close());

  let count = 0;
  return {
    url,
    io,
    live,
    clock,
    asked,
    services,
    listeners,
    changes,
    second(): void {
      clock.advance(1_000);
      const route = routeReading('r', { results: { l2: (count += 5) } });
      series.add([workerReading([serviceReading('chat', [route])], { startedAt: 1_000_000 })], clock.wall());
      live.pulse();
    },
    requests(records: readonly RequestRecord[], dropped = 0): void {
      for (const listener of listeners) listener({ type: 'requests', records, dropped });
    },
    async client(options: object = {}): Promise<Client> {
      const client = open(url, options);
      await once(client.socket as never, 'connect');
      return client;
    },
  };
}

export interface Client {
  readonly socket: Socket;
  /** Messages of an event so far. */
  got(event: string): unknown[];
}

export function open(url: string, options: object = {}): Client {
  const socket = connect(url + LIVE_NAMESPACE, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  closers.push(() => void socket.disconnect());
  const messages = new Map<string, unknown[]>();
  socket.onAny((event: string, message: unknown) => messages.set(event, [...(messages.get(event) ?? []), message]));
  return { socket, got: (event) => messages.get(event) ?? [] };
}

export function record(id: number): RequestRecord {
  return {
    at: id,
    id: String(id),
    client: '127.0.0.1',
    service: 'chat',
    route: 'r',
    method: 'GET',
    host: 'a',
    path: '/',
    status: 200,
    result: 'l2',
    reason: undefined,
    bytes: 1,
    ms: 1,
    aborted: false,
  };
}
export const records = (n: number): RequestRecord[] => Array.from({ length: n }, (_, id) => record(id));

interface Reader {
  pause(): void;
  resume(): void;
  readonly _socket: NetSocket;
}

function readerOf({ socket }: Client): Reader {
  return (socket.io.engine.transport as unknown as { ws: Reader }).ws;
}

/** Stops a client from reading; returns what lets it read on. */
export function silence(client: Client): () => void {
  const reader = readerOf(client);
  reader.pause();
  const beneath = reader._socket;
  closers.push(() => void beneath.destroy());
  return () => reader.resume();
}

/** Lets a client that doesn't read take one piece, 64 KiB at most. */
export function sip(client: Client): void {
  const reader = readerOf(client);
  reader._socket.once('data', () => reader.pause());
  reader.resume();
}

/** Bytes and frames that the server holds for its clients. */
export function held(io: Server): { frames: number; bytes: number } {
  let [frames, bytes] = [0, 0];
  for (const { conn } of io.of(LIVE_NAMESPACE).sockets.values()) {
    frames += conn['writeBuffer'].length;
    const { socket } = conn.transport as unknown as { socket?: { bufferedAmount: number } };
    bytes += socket?.bufferedAmount ?? 0;
  }
  return { frames, bytes };
}

/** Text that compresses badly, the same each time. */
export function noise(length: number): string {
  let state = 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += String.fromCharCode(33 + ((state >>> 16) % 90));
  }
  return text;
}
