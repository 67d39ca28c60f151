import type { Server, Socket } from 'socket.io';
import { OVERVIEW_CHANGES, type Change } from '../contracts/changes.ts';
import type { GatewayEvent } from '../contracts/control.ts';
import { LIVE_NAMESPACE, watchSchema, type Overview, type OverviewTick, type Watch } from '../contracts/overview.ts';
import { tailFilterSchema, type TailFilter } from '../contracts/tail.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Events } from '../kernel/events.ts';
import { toProblem, type ProblemDetails } from '../kernel/problem.ts';
import { createMessageLimit } from './message-limit.ts';
import { cutIfItStays, cutIfStuck, isReady } from './pressure.ts';
import { createTail } from './tail.ts';
import { createTopics, type Topic } from './topics.ts';

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
  /** @throws PitwallError not_found for a service that isn't served any more */
  tick(watch: Watch): OverviewTick;
  /** Costs the gateways only while somebody listens. Returns the function that ends it. */
  subscribeRequests(listener: (event: GatewayEvent) => void): () => void;
  /** Told to all who watch an overview. */
  readonly changes: Events<Change>;
  readonly clock: Clock;
  readonly limits?: Partial<LiveLimits>;
}

/** Socket.IO namespace `/live`: what browsers and `pitwall tail` see of the traffic. */
export interface LiveHub {
  /** Once a second: one tick to each topic that somebody watches, made once per topic. */
  pulse(): void;
  /** Clients that watch an overview or tail requests. */
  watchers(): number;
}

/** Reasons of Socket.IO's with which it's the client that left; the connection is its own affair. */
const CLIENT_LEFT: ReadonlySet<string> = new Set(['client namespace disconnect', 'transport close', 'transport error']);

/** Changes are told together this often, ms. */
const CHANGES_MS = 100;

const DEFAULT_LIMITS: LiveLimits = { clients: 1_000, messages: 20 };

/**
 * Opens the namespace on `io`, which turns pages of other sites away itself (`allowRequest`). Messages of a client,
 * each acknowledged with `{ ok: true }` or a problem: `watch` (Watch) answers `overview` and then a `tick` per pulse;
 * `tail` (TailFilter) sends `requests` until `untail`, another `tail` changes the filter. Who watches gets `change` too.
 * Where no acknowledgement was asked for, a problem comes as the event `problem`.
 *
 * What a client leaves unread never piles up: at most one frame waits beside the one under way. Ticks and lines are
 * left out meanwhile (lines are counted as dropped); when the client is ready again, an overview repairs the gap.
 */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { io, clock } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const live = io.of(LIVE_NAMESPACE);
  const topics = createTopics();
  const tail = createTail(live, (listener) => options.subscribeRequests(listener));
  /** Clients that get the overview next: they asked for it, or missed a tick, while their connection was busy. */
  const owed = new Set<Socket>();

  // Outside the namespace a client would be neither counted nor limited.
  io.use((_, next) => next(refusal(new PitwallError('not_found', `Live data is in the namespace ${LIVE_NAMESPACE}.`))));
  live.use((_, next) => {
    if (live.sockets.size >= limits.clients) {
      const detail = `The console serves at most ${limits.clients} live clients.`;
      next(refusal(new PitwallError('too_many_connections', detail)));
    } else {
      next();
    }
  });

  /** Changes that are to be told, the newest form of each. */
  let news = new Map<string, Change>();
  options.changes.on((change) => {
    if (news.size === 0) setTimeout(tellNews, CHANGES_MS).unref();
    news.set(change.id, change);
  });

  live.on('connection', (socket) => {
    const limit = createMessageLimit(limits.messages, clock);
    // Everything is done here, not in listeners: Socket.IO calls onAny's before it asks whether a message may pass.
    socket.use(([event, ...args]: [string, ...unknown[]]) => {
      if (!socket.connected) return;
      if (limit.allows()) {
        const message = typeof args[0] === 'function' ? undefined : args[0];
        answer(socket, args.at(-1), () => receive(socket, event, message));
        return;
      }
      const detail = `A client may send ${limits.messages} messages in 10 s.`;
      socket.emit('problem', toProblem('too_many_requests', detail));
      socket.disconnect(true);
    });
    socket.on('disconnect', (reason) => {
      if (!CLIENT_LEFT.has(reason)) cutIfItStays(socket);
      topics.leave(socket);
      tail.leave(socket);
      owed.delete(socket);
    });
  });

  function receive(socket: Socket, event: string, message: unknown): void {
    if (event === 'watch') watch(socket, message);
    else if (event === 'tail') tail.join(socket, filterOf(message));
    else if (event === 'untail') tail.leave(socket);
    else throw new PitwallError('validation_failed', 'A message is watch, tail or untail.');
  }

  function watch(socket: Socket, message: unknown): void {
    const parsed = watchSchema.safeParse(message);
    if (!parsed.success) throw new PitwallError('validation_failed', 'A watch names a service and one of the ranges.');
    const overview = options.overview(parsed.data);
    topics.watch(socket, parsed.data);
    if (isReady(socket)) {
      owed.delete(socket);
      socket.emit('overview', overview);
    } else {
      owed.add(socket);
    }
  }

  /** Whoever can't take them now, or whom they'd flood, gets the overview instead, which has them. */
  function tellNews(): void {
    const changes = [...news.values()];
    news = new Map();
    const current: string[] = [];
    for (const socket of live.sockets.values()) {
      if (!topics.has(socket)) continue;
      if (changes.length <= OVERVIEW_CHANGES && isReady(socket)) current.push(socket.id);
      else owed.add(socket);
    }
    if (current.length > 0) for (const change of changes) live.local.to(current).emit('change', change);
  }

  /**
   * Sends a topic's tick; or the overview, which repairs what they missed, to those who couldn't take the last one.
   * Each is made and encoded once.
   */
  function pulseTopic({ watch: watched, sockets }: Topic): void {
    const behind: Socket[] = [];
    const current: Socket[] = [];
    for (const socket of sockets) {
      if (!isReady(socket)) owed.add(socket);
      else if (owed.delete(socket)) behind.push(socket);
      else current.push(socket);
    }
    send(behind, 'overview', () => options.overview(watched));
    send(current, 'tick', () => options.tick(watched));
  }

  function send(sockets: readonly Socket[], event: string, make: () => unknown): void {
    // An empty list of rooms would mean everybody.
    if (sockets.length > 0) live.local.to(sockets.map(({ id }) => id)).emit(event, make());
  }

  return {
    pulse() {
      for (const socket of live.sockets.values()) cutIfStuck(socket);
      for (const topic of topics.all()) {
        try {
          pulseTopic(topic);
        } catch (error) {
          // A reload has taken the service away: its watchers are told, once.
          for (const socket of [...topic.sockets]) {
            topics.leave(socket);
            socket.emit('problem', problemOf(error));
          }
        }
      }
    },
    watchers() {
      let count = 0;
      for (const socket of live.sockets.values()) if (topics.has(socket) || tail.has(socket)) count++;
      return count;
    },
  };
}

function filterOf(message: unknown): TailFilter {
  const parsed = tailFilterSchema.safeParse(message ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new PitwallError('validation_failed', `The filter of a tail isn't valid: ${where}${issue?.message ?? ''}.`);
}

/** Runs what a message asks for and acknowledges it. */
function answer(socket: Socket, ack: unknown, run: () => void): void {
  const reply = typeof ack === 'function' ? (ack as (answer: unknown) => void) : undefined;
  try {
    run();
    reply?.({ ok: true });
  } catch (error) {
    const problem = problemOf(error);
    if (reply !== undefined) reply(problem);
    else socket.emit('problem', problem);
  }
}

function problemOf(error: unknown): ProblemDetails {
  const { code, message } = asPitwallError(error);
  return toProblem(code, code === 'internal' ? 'Something went wrong.' : message);
}

/** An error as Socket.IO tells it to a client that it turns away: the problem is its `data`. */
function refusal(error: PitwallError): Error {
  return Object.assign(new Error(error.message), { data: problemOf(error) });
}
