// Over 300 lines: every bound of the hub, on one server that is set up once.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayEvent, RequestRecord } from '../../../lib/contracts/control.ts';
import { LIVE_NAMESPACE, type Overview, type OverviewTick, type Watch } from '../../../lib/contracts/overview.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createEvents } from '../../../lib/kernel/events.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { after } from '../../../lib/kernel/timer.ts';
import { createLiveHub, type LiveHub } from '../../../lib/live/hub.ts';
import { createSeries } from '../../../lib/live/series.ts';
import { eventually } from '../../support/eventually.ts';

/** Bytes of an overview or a tick: a few of them fill the kernel's buffers of a connection that isn't read. */
const HEAVY = 512 * 1_024;
/** How many of them are certainly more than the kernel takes. */
const FLOOD = 60;

const CLIENTS = 4;

const clock = manualClock(1_000_000);
const io = new Server({ serveClient: false });
const clients: Socket[] = [];
let weight = '';
let failing: Error | undefined;
let listener: ((event: GatewayEvent) => void) | undefined;
let ticks = 0;
let preparing: Promise<void> | undefined;

const series = createSeries({ clock, gatewayUrl: () => 'http://127.0.0.1:8080', expected: () => [] });
const rest = (): { sampleTraffic: 'off'; configError: string } => ({ sampleTraffic: 'off', configError: weight });
function served<T>(watch: Watch, answer: T): T {
  if (failing !== undefined) throw failing;
  if (watch.service === 'all' || watch.service === 'chat') return answer;
  throw new PitwallError('not_found', 'There is no such service.');
}

const hub: LiveHub = createLiveHub({
  io,
  clock,
  after,
  limits: { clients: CLIENTS },
  changes: createEvents(),
  prepare: (watch) => served(watch, preparing),
  overview: (watch): Overview =>
    served(watch, { ...series.overview(watch.service, watch.range), ...rest(), changes: [], environment: 'local' }),
  tick(watch): OverviewTick {
    ticks++;
    return served(watch, { ...series.tick(watch.service, watch.range), ...rest() });
  },
  subscribeRequests(given) {
    listener = given;
    return () => (listener = undefined);
  },
});
const http = createServer();
let url: string;

beforeAll(async () => {
  io.attach(http);
  await once(http.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterAll(() => io.close());

function open(namespace: string = LIVE_NAMESPACE): Socket {
  const socket = connect(url + namespace, { transports: ['websocket'], forceNew: true, reconnection: false });
  clients.push(socket);
  return socket;
}

/** A connected client with what it got, by event. */
async function client(): Promise<{ socket: Socket; got: (event: string) => unknown[] }> {
  const socket = open();
  const messages: [string, unknown][] = [];
  socket.onAny((event: string, message: unknown) => messages.push([event, message]));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return { socket, got: (event) => messages.filter(([name]) => name === event).map(([, message]) => message) };
}

/** The connection beneath a client: paused, it reads nothing more. */
function wire(socket: Socket): { pause(): void; resume(): void } {
  return (socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;
}

/** What the server holds for the client with this id. */
function heldFor(id: string | undefined): { frames: number; bytes: number } {
  const conn = io.of(LIVE_NAMESPACE).sockets.get(id ?? '')?.conn;
  if (conn === undefined) return { frames: 0, bytes: 0 };
  const { socket } = conn.transport as unknown as { socket: { bufferedAmount: number } };
  return { frames: conn['writeBuffer'].length, bytes: socket.bufferedAmount };
}

/** Lets what has been written reach the kernel. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Pulses until the connection of a client that doesn't read is full, and on. */
async function flood(): Promise<void> {
  for (let n = 0; n < FLOOD; n++) {
    clock.advance(1_000);
    hub.pulse();
    for (let i = 0; i < 5; i++) await turn();
  }
}

/** Resolves once a client that reads again has all that was held for it. */
async function drained(socket: Socket): Promise<void> {
  await eventually(() => expect(heldFor(socket.id)).toEqual({ frames: 0, bytes: 0 }), 10_000);
  // What the kernel still holds comes before the acknowledgement.
  await socket.emitWithAck('nonsense');
}

const ASKED = { client: '127.0.0.1', service: 'chat', route: 'r', method: 'GET', host: 'a', path: '/' };
const ANSWERED = { status: 200, result: 'l1', reason: undefined, bytes: 1, ms: 1, aborted: false } as const;
const record = (id: number): RequestRecord => ({ at: id, id: String(id), ...ASKED, ...ANSWERED });
const records = (n: number): RequestRecord[] => Array.from({ length: n }, (_, id) => record(id));
const all = { service: 'all', range: '1m' } as const;

afterEach(async () => {
  for (const socket of clients.splice(0)) socket.disconnect();
  weight = '';
  failing = undefined;
  preparing = undefined;
  await eventually(() => expect(io.of(LIVE_NAMESPACE).sockets.size).toBe(0));
  expect([hub.watchers(), listener]).toEqual([0, undefined]);
});

describe('who is let in', () => {
  it('is nobody outside the namespace, where clients would be neither counted nor limited', async () => {
    const socket = open('/');
    const error = await new Promise<Error & { data?: unknown }>((resolve) => socket.once('connect_error', resolve));
    expect(error.data).toMatchObject({ code: 'not_found' });
    expect(io.of('/').sockets.size).toBe(0);
  });

  it('are as many as may be; the next is told why it isn’t, and comes in when a place is free', async () => {
    const [first] = await Promise.all(Array.from({ length: CLIENTS }, () => client()));
    const refused = await new Promise<Error & { data?: unknown }>((resolve) => open().once('connect_error', resolve));
    expect(refused.data).toMatchObject({ status: 503, code: 'too_many_connections' });
    first?.socket.disconnect();
    await eventually(() => expect(io.of(LIVE_NAMESPACE).sockets.size).toBe(CLIENTS - 1));
    await client();
  });
});

describe('a client that sends too much', () => {
  it('is answered 20 times in 10 s, then told so and disconnected', async () => {
    const { socket, got } = await client();
    const left = new Promise((resolve) => socket.once('disconnect', resolve));
    let answers = 0;
    for (let n = 0; n < 40; n++) socket.emit('watch', all, () => answers++);
    expect(await left).toBe('io server disconnect');
    expect(answers).toBe(20);
    expect(got('problem')).toMatchObject([{ status: 429, code: 'too_many_requests' }]);
  });
});

describe('a topic', () => {
  it('is reckoned once a pulse for all who watch it, and not for those who have left', async () => {
    const [one, two, other] = await Promise.all([client(), client(), client()]);
    for (const { socket } of [one, two]) await socket.emitWithAck('watch', all);
    await other.socket.emitWithAck('watch', { service: 'chat', range: '5m' });
    expect(hub.watchers()).toBe(3);
    ticks = 0;
    hub.pulse();
    await eventually(() => expect([one, two, other].map(({ got }) => got('tick').length)).toEqual([1, 1, 1]));
    expect(ticks).toBe(2);
    other.socket.disconnect();
    await eventually(() => expect(hub.watchers()).toBe(2));
    ticks = 0;
    hub.pulse();
    expect(ticks).toBe(1);
  });

  it('that can’t be changed to stays the one before', async () => {
    const { socket, got } = await client();
    await socket.emitWithAck('watch', all);
    expect(await socket.emitWithAck('watch', { service: 'nobody', range: '1m' })).toMatchObject({ code: 'not_found' });
    socket.emit('watch', { service: 'nobody', range: '1m' });
    await eventually(() => expect(got('problem')).toMatchObject([{ code: 'not_found' }]));
    hub.pulse();
    await eventually(() => expect(got('tick')).toMatchObject([{ service: 'all' }]));
  });

  it('that fails tells its watchers once, and nothing of what went wrong inside', async () => {
    const { socket, got } = await client();
    await socket.emitWithAck('watch', all);
    failing = new Error('secret path');
    hub.pulse();
    hub.pulse();
    await eventually(() => expect(got('problem')).toHaveLength(1));
    expect(got('problem')).toMatchObject([{ code: 'internal', detail: 'Something went wrong.' }]);
    expect(hub.watchers()).toBe(0);
  });
});

describe('an overview that takes long to add up', () => {
  it('is sent when it is ready, however many seconds pass, and ticks after it', async () => {
    const [{ socket, got }, gone] = await Promise.all([client(), client()]);
    const { promise, resolve } = Promise.withResolvers<void>();
    preparing = promise;
    for (const each of [socket, gone.socket]) expect(await each.emitWithAck('watch', all)).toEqual({ ok: true });
    hub.pulse();
    hub.pulse();
    await gone.socket.emitWithAck('watch', { service: 'chat', range: '5m' });
    preparing = undefined;
    resolve();
    await eventually(() => expect(got('overview')).toMatchObject([{ range: '1m' }]));
    hub.pulse();
    await eventually(() => expect(got('tick')).toHaveLength(1));
    expect(got('overview')).toHaveLength(1);
    await eventually(() => expect(gone.got('overview')).toMatchObject([{ service: 'chat', range: '5m' }]));
  });

  it('of a service that goes meanwhile ends with a problem', async () => {
    const { socket, got } = await client();
    const { promise, resolve } = Promise.withResolvers<void>();
    preparing = promise;
    await socket.emitWithAck('watch', all);
    failing = new PitwallError('not_found', 'There is no such service.');
    resolve();
    await eventually(() => expect(got('problem')).toMatchObject([{ code: 'not_found' }]));
    expect(hub.watchers()).toBe(0);
  });
});

describe('the tail', () => {
  it('is made of batches of at most 500, counts the rest, and costs nothing once nobody listens', async () => {
    const { socket, got } = await client();
    expect(await socket.emitWithAck('nonsense')).toMatchObject({ code: 'validation_failed' });
    expect(await socket.emitWithAck('tail')).toEqual({ ok: true });
    listener?.({ type: 'mode', service: 'chat', from: 'cache', to: 'bypass', at: 0, why: '' });
    listener?.({ type: 'requests', records: records(450), dropped: 1 });
    listener?.({ type: 'requests', records: records(100), dropped: 2 });
    await eventually(() => expect(got('requests')).toHaveLength(1));
    const [batch] = got('requests') as { records: unknown[]; dropped: number }[];
    expect([batch?.records.length, batch?.dropped]).toEqual([500, 53]);
    // Long paths are cut, and bound a batch before its lines do: 31 × 2,049 characters are within 64 Ki.
    const long = records(100).map((each) => ({ ...each, path: `/${'x'.repeat(5_000)}` }));
    listener?.({ type: 'requests', records: long, dropped: 0 });
    await eventually(() => expect(got('requests')).toHaveLength(2));
    const heavy = got('requests')[1] as { records: { path: string }[]; dropped: number };
    expect([heavy.records.length, heavy.dropped]).toEqual([31, 69]);
    expect(heavy.records[0]?.path).toBe(`/${'x'.repeat(2_047)}…`);
    expect(await socket.emitWithAck('untail')).toEqual({ ok: true });
    expect(listener).toBeUndefined();
  });
});

describe('a client that reads nothing', () => {
  it('is owed one overview of what it asked for last, and gets it once when it reads again', async () => {
    weight = 'x'.repeat(HEAVY);
    const { socket, got } = await client();
    await socket.emitWithAck('watch', all);
    const { id } = socket;
    wire(socket).pause();
    await flood();
    const full = heldFor(id);
    await flood();
    expect(heldFor(id)).toEqual(full);
    expect(full.frames).toBe(1);
    expect(full.bytes).toBeLessThan(3 * HEAVY);

    socket.emit('watch', { service: 'chat', range: '5m' });
    socket.emit('watch', { service: 'chat', range: '15m' });
    await flood();
    expect(heldFor(id).bytes).toBeLessThan(3 * HEAVY);
    wire(socket).resume();
    await drained(socket);
    // A pulse while the last message is still under way would owe another.
    weight = '';
    // The kernel may have taken one more on the way, whenever it made room.
    const before = got('overview').length;
    hub.pulse();
    await eventually(() => expect(got('overview')).toHaveLength(before + 1));
    hub.pulse();
    await eventually(() => expect(got('tick').at(-1)).toMatchObject({ service: 'chat', range: '15m' }));
    expect(got('overview').slice(before)).toMatchObject([{ range: '15m' }]);
  });

  it('gets its overview only once when it asks again as soon as it reads', async () => {
    weight = 'x'.repeat(HEAVY);
    const { socket, got } = await client();
    await socket.emitWithAck('watch', all);
    wire(socket).pause();
    await flood();
    socket.emit('watch', { service: 'chat', range: '5m' });
    await flood();
    wire(socket).resume();
    await drained(socket);
    weight = '';
    const before = got('overview').length;
    await socket.emitWithAck('watch', { service: 'chat', range: '15m' });
    hub.pulse();
    await eventually(() => expect(got('tick').at(-1)).toMatchObject({ range: '15m' }));
    expect(got('overview').slice(before)).toMatchObject([{ range: '15m' }]);
  });

  it('is told how many lines it missed', async () => {
    weight = 'x'.repeat(HEAVY);
    const { socket, got } = await client();
    const reader = await client();
    for (const each of [socket, reader.socket]) await each.emitWithAck('tail');
    await socket.emitWithAck('watch', all);
    wire(socket).pause();
    await flood();
    listener?.({ type: 'requests', records: records(40), dropped: 2 });
    await eventually(() => {
      // Full it stays, should the kernel make room meanwhile.
      hub.pulse();
      expect(reader.got('requests')).toMatchObject([{ dropped: 2 }]);
    });
    wire(socket).resume();
    await drained(socket);
    listener?.({ type: 'requests', records: records(1), dropped: 0 });
    await eventually(() => expect(got('requests')).toHaveLength(1));
    expect(got('requests')).toMatchObject([{ records: [{ id: '0' }], dropped: 42 }]);
    await eventually(() => expect(reader.got('requests')[1]).toMatchObject({ dropped: 0 }));
  });

  it.each(['watches', 'tails'])('but %s and keeps asking is cut, before its answers pile up', async (what) => {
    const { socket } = await client();
    const { id } = socket;
    if (what === 'watches') {
      weight = 'x'.repeat(HEAVY);
      await socket.emitWithAck('watch', all);
      wire(socket).pause();
      await flood();
    } else {
      await socket.emitWithAck('tail');
      wire(socket).pause();
      const host = 'x'.repeat(HEAVY);
      listener?.({ type: 'requests', records: records(FLOOD).map((each) => ({ ...each, host })), dropped: 0 });
      await eventually(() => expect(heldFor(id).bytes).toBeGreaterThan(0));
    }
    for (let asked = 0; asked < 200; asked++) {
      socket.emit('watch', { service: 'nobody' });
      if (asked % 10 !== 9) continue;
      for (let i = 0; i < 10; i++) await turn();
      clock.advance(10_000);
      hub.pulse();
    }
    await eventually(() => {
      hub.pulse();
      expect(io.of(LIVE_NAMESPACE).sockets.has(id ?? '')).toBe(false);
    });
  });
});
