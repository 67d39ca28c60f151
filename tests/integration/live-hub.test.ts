import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayEvent, RequestRecord } from '../../lib/contracts/control.ts';
import {
  LIVE_NAMESPACE,
  overviewSchema,
  overviewTickSchema,
  type Overview,
  type OverviewTick,
  type Watch,
} from '../../lib/contracts/overview.ts';
import { problemSchema } from '../../lib/contracts/problem.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import { PitwallError } from '../../lib/kernel/errors.ts';
import { createLiveHub, type LiveLimits } from '../../lib/live/hub.ts';
import { createSeries } from '../../lib/live/series.ts';
import { eventually } from '../support/eventually.ts';
import { routeReading, serviceReading, workerReading } from '../support/snapshot-readings.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Asked {
  overviews: Watch[];
  ticks: Watch[];
}

/** A hub on a real server, over a series of one service "chat"; services can be taken away. */
async function hub(limits: Partial<LiveLimits> = {}, padding = '') {
  const clock = manualClock(1_000_000);
  const series = createSeries({ clock });
  const server = createServer((_, response) => response.end());
  const io = new Server(server, { serveClient: false, perMessageDeflate: { threshold: 1_024 } });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asked: Asked = { overviews: [], ticks: [] };
  const services = new Set(['all', 'chat']);
  const listeners = new Set<(event: GatewayEvent) => void>();
  const rest = { sampleTraffic: 'off' as const, configError: padding === '' ? null : padding };
  const known = (watch: Watch): Watch => {
    if (!services.has(watch.service)) throw new PitwallError('not_found', `No service "${watch.service}".`);
    return watch;
  };
  const live = createLiveHub({
    io,
    clock,
    limits,
    overview({ service, range }): Overview {
      asked.overviews.push(known({ service, range }));
      return { ...series.overview(service, range), ...rest };
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

interface Client {
  readonly socket: Socket;
  /** Messages of an event so far. */
  got(event: string): unknown[];
}

function open(url: string, options: object = {}): Client {
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

function record(id: number): RequestRecord {
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
const records = (n: number): RequestRecord[] => Array.from({ length: n }, (_, id) => record(id));

/** Stops a client from reading; returns what lets it read on. */
function silence({ socket }: Client): () => void {
  const transport = socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
  const beneath = transport.ws._socket;
  beneath.pause();
  closers.push(() => void beneath.destroy());
  return () => void beneath.resume();
}

/** Bytes and frames that the server holds for its clients. */
function held(io: Server): { frames: number; bytes: number } {
  let [frames, bytes] = [0, 0];
  for (const { conn } of io.of(LIVE_NAMESPACE).sockets.values()) {
    frames += conn['writeBuffer'].length;
    const { socket } = conn.transport as unknown as { socket?: { bufferedAmount: number } };
    bytes += socket?.bufferedAmount ?? 0;
  }
  return { frames, bytes };
}

describe('watch', () => {
  it('answers with the whole overview at once and then a tick a second', async () => {
    const { client, second, live } = await hub();
    second();
    const one = await client();
    expect(await one.socket.emitWithAck('watch', { service: 'all', range: '5m' })).toEqual({ ok: true });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    const overview = overviewSchema.parse(one.got('overview')[0]);
    expect(overview).toMatchObject({ service: 'all', range: '5m', summary: { requestsPerSecond: 5 } });
    expect(live.watchers()).toBe(1);
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    expect(overviewTickSchema.parse(one.got('tick')[0]).sample.answered.l2).toBe(5);
  });

  it('works over polling and without an acknowledgement', async () => {
    const { client, second } = await hub();
    second();
    const one = await client({ transports: ['polling'] });
    one.socket.emit('watch', { service: 'chat', range: '1m' });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    await eventually(() => {
      second();
      expect(one.got('tick').length).toBeGreaterThan(1);
    });
  });

  it('makes a tick once per topic, whoever watches it, and none for nobody', async () => {
    const { client, second, asked } = await hub();
    second();
    expect(asked.ticks).toEqual([]);
    const clients = await Promise.all([client(), client(), client()]);
    const watches = [
      { service: 'all', range: '1m' },
      { service: 'all', range: '1m' },
      { service: 'chat', range: '5m' },
    ];
    await Promise.all(clients.map(({ socket }, i) => socket.emitWithAck('watch', watches[i])));
    second();
    await eventually(() => expect(clients.map(({ got }) => got('tick').length)).toEqual([1, 1, 1]));
    expect(asked.ticks).toHaveLength(2);
    expect(clients.map(({ got }) => (got('tick')[0] as OverviewTick).service)).toEqual(['all', 'all', 'chat']);
  });

  it('moves a client to what it asked for last', async () => {
    const { client, second, live } = await hub();
    const one = await client();
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await one.socket.emitWithAck('watch', { service: 'chat', range: '15m' });
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    expect(one.got('tick')[0]).toMatchObject({ service: 'chat', range: '15m' });
    expect(live.watchers()).toBe(1);
    one.socket.disconnect();
    await eventually(() => expect(live.watchers()).toBe(0));
  });

  it('tells the watchers of a service that a reload has taken away, once; the others go on', async () => {
    const { client, second, services } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    await one.socket.emitWithAck('watch', { service: 'chat', range: '1m' });
    await other.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    services.delete('chat');
    second();
    second();
    await eventually(() => expect(other.got('tick')).toHaveLength(2));
    expect(one.got('problem')).toMatchObject([{ code: 'not_found', detail: 'No service "chat".' }]);
    expect(one.got('tick')).toEqual([]);
  });
});

describe('tail', () => {
  it('listens to the gateway only while somebody tails', async () => {
    const { client, listeners, live } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    expect(listeners.size).toBe(0);
    await one.socket.emitWithAck('tail', {});
    await one.socket.emitWithAck('tail', {});
    await other.socket.emitWithAck('tail', {});
    expect(listeners.size).toBe(1);
    expect(live.watchers()).toBe(2);
    expect(await one.socket.emitWithAck('untail', {})).toEqual({ ok: true });
    expect(listeners.size).toBe(1);
    other.socket.disconnect();
    await eventually(() => expect(listeners.size).toBe(0));
    await one.socket.emitWithAck('tail', {});
    expect(listeners.size).toBe(1);
  });

  it('gathers lines into batches of at most 500 and counts what it leaves out', async () => {
    const { client, requests } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    await one.socket.emitWithAck('tail', {});
    requests(records(300), 1);
    requests(records(300), 2);
    requests(records(10));
    await eventually(() => expect(one.got('requests')).toHaveLength(1));
    const [batch] = one.got('requests') as { records: RequestRecord[]; dropped: number }[];
    expect([batch?.records.length, batch?.dropped]).toEqual([500, 113]);
    requests([record(7)]);
    await eventually(() => expect(one.got('requests')).toHaveLength(2));
    expect(one.got('requests')[1]).toMatchObject({ records: [{ id: '7' }], dropped: 0 });
    expect(other.got('requests')).toEqual([]);
  });
});

describe('bad clients', () => {
  it.each([
    ['watch', undefined],
    ['watch', null],
    ['watch', 'all'],
    ['watch', { service: 'all', range: '2y' }],
    ['watch', { service: 'x'.repeat(64), range: '1m' }],
    ['watch', { service: ['all'], range: '1m' }],
    ['drop-tables', {}],
    ['__proto__', {}],
  ])('%s %j is answered with a problem', async (event, message) => {
    const { client, second } = await hub();
    const one = await client();
    const problem = problemSchema.parse(await one.socket.emitWithAck(event, message));
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
    one.socket.emit(event, message);
    await eventually(() => expect(one.got('problem')).toMatchObject([{ code: 'validation_failed' }]));
    expect(await one.socket.emitWithAck('watch', { service: 'all', range: '1m' })).toEqual({ ok: true });
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
  });

  it('that ask for a service that is not served are told so', async () => {
    const { client } = await hub();
    const one = await client();
    const problem = await one.socket.emitWithAck('watch', { service: 'nobody', range: '1m' });
    expect(problem).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('that send more than they may are told why and disconnected; others are not', async () => {
    const { client, second, asked } = await hub({ messages: 5 });
    const [one, other] = await Promise.all([client(), client()]);
    await other.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const left = once(one.socket as never, 'disconnect');
    for (let i = 0; i < 500; i++) one.socket.emit('watch', { service: 'all', range: '1m' });
    expect((await left)[0]).toBe('io server disconnect');
    expect(one.got('problem')).toMatchObject([{ status: 429, code: 'too_many_requests' }]);
    expect(asked.overviews.length).toBeLessThanOrEqual(6);
    second();
    await eventually(() => expect(other.got('tick')).toHaveLength(1));
  });

  it('beyond the limit of clients are turned away with the reason; a place that is left is free again', async () => {
    const { client, url } = await hub({ clients: 2 });
    const [one] = await Promise.all([client(), client()]);
    const third = open(url);
    const [error] = (await once(third.socket as never, 'connect_error')) as [Error & { data: unknown }];
    expect(error.data).toMatchObject({ status: 503, code: 'too_many_connections' });
    one.socket.disconnect();
    await eventually(async () => {
      const fourth = open(url);
      await new Promise((resolve, reject) =>
        fourth.socket.on('connect', () => resolve(null)).on('connect_error', reject),
      );
    });
  });

  it.each([
    ['http://evil.test', false],
    ['null', false],
    ['not a url', false],
    ['same', true],
  ])('origin %s may read along: %s', async (origin, allowed) => {
    const { url } = await hub();
    const one = open(url, { extraHeaders: { origin: origin === 'same' ? url : origin } });
    const outcome = await new Promise<unknown>((resolve) => {
      one.socket.on('connect', () => resolve('in')).on('connect_error', (error) => resolve((error as never)['data']));
    });
    if (allowed) expect(outcome).toBe('in');
    else expect(outcome).toMatchObject({ status: 403, code: 'cross_site_request' });
  });

  it('that read nothing get fewer frames, not a growing buffer, and then the whole picture', async () => {
    // 256 KiB a frame that deflate can't shrink much: the kernel's buffers are full after a few dozen
    const { client, second, io } = await hub({}, noise(256 * 1_024));
    const [silent, healthy] = await Promise.all([client(), client()]);
    await silent.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const resume = silence(silent);
    let most = 0;
    for (let n = 1; n <= 60; n++) {
      second();
      await eventually(() => expect(healthy.got('tick')).toHaveLength(n));
      most = Math.max(most, held(io).frames);
    }
    await eventually(() => expect(held(io).frames).toBe(1));
    expect(most).toBe(1);
    expect(held(io).bytes).toBeLessThan(1_048_576);

    resume();
    await eventually(() => expect(held(io).frames).toBe(0));
    const overviews = silent.got('overview').length;
    second();
    await eventually(() => expect(silent.got('overview').length).toBeGreaterThan(overviews));
    const whole = overviewSchema.parse(silent.got('overview').at(-1));
    expect(whole.samples).toHaveLength(60);
    expect(whole.samples.every(({ known }) => known)).toBe(true);
    expect(silent.got('tick').length).toBeLessThan(60);
    second();
    await eventually(() => expect(silent.got('tick').at(-1)).toMatchObject({ sample: { at: 1_062_000 } }));
  });

  it('that miss lines are told how many', async () => {
    const { client, second, io, requests } = await hub({}, noise(256 * 1_024));
    const [silent, healthy] = await Promise.all([client(), client()]);
    await silent.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await silent.socket.emitWithAck('tail', {});
    await healthy.socket.emitWithAck('tail', {});
    const resume = silence(silent);
    await eventually(() => {
      second();
      expect(held(io).frames).toBe(1);
    }, 15_000);
    requests(records(40), 2);
    await eventually(() => expect(healthy.got('requests')).toHaveLength(1));
    expect(healthy.got('requests')[0]).toMatchObject({ dropped: 2 });
    resume();
    await eventually(() => expect(held(io).frames).toBe(0));
    requests([record(99)]);
    await eventually(() => expect(silent.got('requests')).toHaveLength(1));
    expect(silent.got('requests')[0]).toMatchObject({ records: [{ id: '99' }], dropped: 42 });
    await eventually(() => expect(healthy.got('requests')[1]).toMatchObject({ dropped: 0 }));
  });

  it('that read nothing and keep asking are cut', async () => {
    const { client, second, io, clock, live } = await hub({}, noise(256 * 1_024));
    const [hostile, healthy] = await Promise.all([client(), client()]);
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    hostile.socket.emit('watch', { service: 'all', range: '1m' });
    await eventually(() => expect(live.watchers()).toBe(2));
    silence(hostile);
    let most = 0;
    await eventually(() => {
      // each question would be answered with 256 KiB, and each is acknowledged
      for (let i = 0; i < 15; i++) hostile.socket.emit('watch', { service: 'all', range: '1m' }, () => undefined);
      clock.advance(10_000);
      second();
      const { frames, bytes } = held(io);
      most = Math.max(most, frames);
      expect(bytes).toBeLessThan(4 * 1_048_576);
      expect(live.watchers()).toBe(1);
    }, 15_000);
    expect(most).toBeLessThan(200);
    await eventually(() => expect(healthy.got('tick').length).toBeGreaterThan(0));
  });
});

describe('frames', () => {
  it('above 1 KiB are compressed where the client can', async () => {
    const { client, second, io } = await hub({}, 'a'.repeat(100_000));
    const one = await client();
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    const request = [...io.of(LIVE_NAMESPACE).sockets.values()][0]?.request as IncomingMessage;
    expect(request.headers['sec-websocket-extensions']).toContain('permessage-deflate');
    const before = request.socket.bytesWritten;
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    expect(request.socket.bytesWritten - before).toBeLessThan(5_000);
  });
});

/** Text that compresses badly, the same each time. */
function noise(length: number): string {
  let state = 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += String.fromCharCode(33 + ((state >>> 16) % 90));
  }
  return text;
}
