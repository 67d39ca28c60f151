import type { Server, Socket } from 'socket.io';
import type { GatewayEvent, RequestRecord } from '../contracts/control.ts';
import { LIVE_NAMESPACE, watchSchema, type Overview, type OverviewTick, type Watch } from '../contracts/overview.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import { toProblem } from '../kernel/problem.ts';
import { createMessageLimit } from './message-limit.ts';

export interface LiveLimits {
  /** Most clients at a time; the next one is turned away with the reason. */
  readonly clients: number;
  /** Most messages of one client in 10 s; past it the client is disconnected. */
  readonly messages: number;
}

export interface LiveHubOptions {
  readonly io: Server;
  /** @throws PitwallError not_found for a service that isn't served */
  overview(watch: Watch): Overview;
  tick(watch: Watch): OverviewTick;
  /** Costs the gateways only while somebody listens. Returns the function that ends it. */
  subscribeRequests(listener: (event: GatewayEvent) => void): () => void;
  readonly clock: Clock;
  readonly limits?: Partial<LiveLimits>;
}

/** Socket.IO namespace `/live`: what browsers and `pitwall tail` see of the traffic. */
export interface LiveHub {
  /** Once a second: one tick to each topic that somebody watches, made once per topic. */
  pulse(): void;
  /** Clients that watch an overview. */
  watchers(): number;
}

const DEFAULT_LIMITS: LiveLimits = { clients: 1_000, messages: 20 };
const REQUESTS_ROOM = 'requests';
/** Lines go out together this often, ms, and at most so many; what is beyond is counted as dropped. */
const BATCH_MS = 100;
const MAX_BATCH = 500;

type Ack = (reply: unknown) => void;

export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { io, clock } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const live = io.of(LIVE_NAMESPACE);
  /** Topics with their watchers. */
  const topics = new Map<string, { readonly watch: Watch; readonly sockets: Set<Socket> }>();
  const watching = new Map<Socket, string>();
  const tails = new Set<Socket>();
  let endTail: (() => void) | undefined;

  live.use((_, next) => {
    if (live.sockets.size < limits.clients) next();
    else next(new PitwallError('too_many_connections', `The console serves at most ${limits.clients} live clients.`));
  });

  live.on('connection', (socket) => {
    const limit = createMessageLimit(limits.messages, clock);
    socket.use((_, next) => {
      if (limit.allows()) {
        next();
        return;
      }
      socket.emit('problem', toProblem('too_many_requests', 'This client sends more messages than it may.'));
      socket.disconnect(true);
    });
    socket.on('watch', (message: unknown, ack?: unknown) => answer(socket, ack, () => watch(socket, message)));
    socket.on('tail', (_message: unknown, ack?: unknown) => answer(socket, ack, () => tail(socket)));
    socket.on('disconnect', () => {
      unwatch(socket);
      tails.delete(socket);
      if (tails.size === 0) stopTail();
    });
  });

  function watch(socket: Socket, message: unknown): void {
    const parsed = watchSchema.safeParse(message);
    if (!parsed.success) throw new PitwallError('validation_failed', 'A watch names a service and one of the ranges.');
    const overview = options.overview(parsed.data);
    unwatch(socket);
    const topic = `${parsed.data.range} ${parsed.data.service}`;
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, { watch: parsed.data, sockets: new Set([socket]) });
    else known.sockets.add(socket);
    watching.set(socket, topic);
    socket.emit('overview', overview);
  }

  function unwatch(socket: Socket): void {
    const topic = watching.get(socket);
    if (topic === undefined) return;
    watching.delete(socket);
    const known = topics.get(topic);
    known?.sockets.delete(socket);
    if (known?.sockets.size === 0) topics.delete(topic);
  }

  function tail(socket: Socket): void {
    tails.add(socket);
    void socket.join(REQUESTS_ROOM);
    endTail ??= startTail();
  }

  function startTail(): () => void {
    let batch: RequestRecord[] = [];
    let dropped = 0;
    const end = options.subscribeRequests((event) => {
      if (event.type !== 'requests') return;
      const room = MAX_BATCH - batch.length;
      batch.push(...event.records.slice(0, room));
      dropped += event.dropped + Math.max(0, event.records.length - room);
    });
    const timer = setInterval(() => {
      if (batch.length + dropped === 0) return;
      // Volatile: a client whose connection is still busy with the last frame does without this one.
      live.to(REQUESTS_ROOM).volatile.emit('requests', { records: batch, dropped });
      batch = [];
      dropped = 0;
    }, BATCH_MS).unref();
    return () => {
      clearInterval(timer);
      end();
    };
  }

  function stopTail(): void {
    endTail?.();
    endTail = undefined;
  }

  return {
    pulse() {
      for (const [topic, { watch: watched, sockets }] of topics) {
        let tick: OverviewTick;
        try {
          tick = options.tick(watched);
        } catch (error) {
          // A reload has taken the service away: its watchers are told, once.
          for (const socket of [...sockets]) {
            unwatch(socket);
            socket.emit('problem', problemOf(error));
          }
          topics.delete(topic);
          continue;
        }
        for (const socket of sockets) socket.volatile.emit('tick', tick);
      }
    },
    watchers: () => watching.size,
  };
}

/** Runs what a message asks for; the acknowledgement, or an event where there's none, carries a problem if it can't be. */
function answer(socket: Socket, ack: unknown, run: () => void): void {
  const reply: Ack = typeof ack === 'function' ? (ack as Ack) : () => undefined;
  try {
    run();
    reply({ ok: true });
  } catch (error) {
    const problem = problemOf(error);
    if (typeof ack === 'function') reply(problem);
    else socket.emit('problem', problem);
  }
}

function problemOf(error: unknown): ReturnType<typeof toProblem> {
  const { code, message } = asPitwallError(error);
  return toProblem(code, code === 'internal' ? 'Something went wrong.' : message);
}
