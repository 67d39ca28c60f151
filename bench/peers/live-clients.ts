// Many real clients of the live hub in a process of its own. `node bench/peers/live-clients.ts`; a message
// { connect: { url, clients, service, range } } is answered with { connected, ms } once all watch, { listen: seconds }
// with what came meanwhile and to which port, { deaf: true } takes the decoding away (1,000 real browsers would have 1,000 machines for
// it; here it delays what comes next, and takes a core from the gateway), { disconnect: true } ends all.
import type { Socket as NetSocket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';

interface Connect {
  readonly url: string;
  readonly clients: number;
  readonly watch: object;
}

/** Milliseconds of the clock that all processes of this machine share. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** When something came to which port. */
type Arrival = readonly [port: number, at: number];

let sockets: Socket[] = [];
let arrived: Arrival[] = [];
let decoded: Arrival[] = [];
/** By tick, how old the second was that it tells of. */
let ages: number[] = [];
let overviews = 0;
let problems: string[] = [];

const connection = (socket: Socket): NetSocket =>
  (socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } }).ws._socket;

/** Connects one client; resolves once it has been sent its first overview. */
function connectOne({ url, watch }: Connect): Promise<void> {
  const socket = io(`${url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false });
  sockets.push(socket);
  let [last, port] = [0, 0];
  return new Promise((resolve, reject) => {
    socket.on('connect', () => {
      const beneath = connection(socket);
      port = beneath.localPort ?? 0;
      beneath.prependListener('data', () => (last = now()));
      socket.emit('watch', watch);
    });
    socket.on('overview', () => {
      overviews += 1;
      resolve();
    });
    socket.on('tick', ({ to }: { to: number }) => {
      arrived.push([port, last]);
      decoded.push([port, now()]);
      ages.push(performance.timeOrigin + performance.now() - to);
    });
    socket.on('problem', (problem: { detail: string }) => problems.push(problem.detail));
    socket.on('disconnect', (reason) => problems.push(reason));
    socket.on('connect_error', (error) => reject(error));
  });
}

async function connect(order: Connect): Promise<object> {
  const started = now();
  let left = order.clients;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await connectOne(order);
  };
  // As many at a time as a page's visitors might come at once, not more than a listening socket queues.
  await Promise.all(Array.from({ length: 50 }, lane));
  return { connected: sockets.length, ms: now() - started };
}

async function listen(seconds: number): Promise<object> {
  [arrived, decoded, ages, problems, overviews] = [[], [], [], [], 0];
  const bytes = (): number => sockets.reduce((sum, socket) => sum + connection(socket).bytesRead, 0);
  const before = bytes();
  await pause(seconds * 1_000);
  return { arrived, decoded, ages, overviews, problems, bytes: bytes() - before };
}

/** Less than any tick: a ping of Engine.IO, an acknowledgement. Bytes. */
const SHORT = 100;

function deafen(): object {
  for (const socket of sockets) {
    const beneath = connection(socket);
    const port = beneath.localPort ?? 0;
    beneath.removeAllListeners('data').on('data', (bytes: Buffer) => {
      if (bytes.length > SHORT) arrived.push([port, now()]);
    });
  }
  return { deaf: sockets.length };
}

function disconnect(): object {
  for (const socket of sockets) socket.removeAllListeners('disconnect').disconnect();
  const left = sockets.length;
  sockets = [];
  return { left };
}

process.on('message', (order: { connect?: Connect; listen?: number; deaf?: true }) => {
  const answer =
    order.connect !== undefined
      ? connect(order.connect)
      : order.listen !== undefined
        ? listen(order.listen)
        : Promise.resolve(order.deaf === true ? deafen() : disconnect());
  void answer.then((value) => process.send?.(value));
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.('ready');
