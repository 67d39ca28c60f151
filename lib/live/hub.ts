import type { Server, Socket } from 'socket.io';
import { OVERVIEW_CHANGES, type Change } from '../contracts/changes.ts';
import type { GatewayEvent } from '../contracts/control.ts';
import { LIVE_NAMESPACE, watchSchema, type Overview, type OverviewTick, type Watch } from '../contracts/overview.ts';
import { tailFilterSchema, type TailFilter } from '../contracts/tail.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Events } from '../kernel/events.ts';
import { toProblem, type ProblemDetails } from '../kernel/problem.ts';
import type { After } from '../kernel/timer.ts';
import { inCohorts } from './in-cohorts.ts';
import { createMessage, type Message } from './message.ts';
import { createMessageLimit } from './message-limit.ts';
import { createOverviews } from './overviews.ts';
import { cutIfItStays, cutIfStuck, isReady } from './pressure.ts';
import { createTail } from './tail.ts';
import { createTopics, type Topic } from './topics.ts';

export interface LiveLimits {
  /** Most clients at a time; the next one is turned away with the reason. */
  readonly clients: number;
  /** Most messages of one client in 10 s; past it the client is disconnected. */
  readonly messages: number;
  /** How long a client may be connected and ask for nothing, ms. */
  readonly idleMs: number;
}

export interface LiveHubOptions {
  readonly io: Server;
  /**
   * Makes ready what an overview takes long to add up; undefined where it can be asked for at once.
   * @throws PitwallError not_found for a service or route that isn't served
   */
  prepare(watch: Watch): Promise<void> | undefined;
  /** @throws PitwallError not_found for a service or route that isn't served */
  overview(watch: Watch): Overview;
  /** @throws PitwallError not_found for a service or route that isn't served any more */
  tick(watch: Watch): OverviewTick;
  /** Costs the gateways only while somebody listens. Returns the function that ends it. */
  subscribeRequests(listener: (event: GatewayEvent) => void): () => void;
  /** Told to all who watch an overview. */
  readonly changes: Events<Change>;
  readonly clock: Clock;
  readonly after: After;
  readonly limits?: Partial<LiveLimits>;
}

/** Socket.IO namespace `/live`: what browsers and `pitwall tail` see of the traffic. */
export interface LiveHub {
  /**
   * Once a second: one tick to each topic that somebody watches, made and encoded once per topic, and sent to the
   * first 100 clients at once and to 100 more every 10 ms.
   */
  pulse(): void;
  /** Clients that watch an overview or tail requests. */
  watchers(): number;
}

/** Reasons of Socket.IO's with which it's the client that left; the connection is its own affair. */
const CLIENT_LEFT: ReadonlySet<string> = new Set(['client namespace disconnect', 'transport close', 'transport error']);

/** Changes are told together this often, ms. */
const CHANGES_MS = 100;

const DEFAULT_LIMITS: LiveLimits = { clients: 1_000, messages: 20, idleMs: 60_000 };

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
  const { io, clock, after } = options;
  const timing = { clock, after };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const live = io.of(LIVE_NAMESPACE);
  const topics = createTopics();
  const tail = createTail((listener) => options.subscribeRequests(listener), timing);
  /** Clients that get the overview next: they asked for it, or missed a tick, while their connection was busy. */
  const owed = new Set<Socket>();
  const overviews = createOverviews((watched) => options.overview(watched));
  /** When a client last had something to wait for, by the monotonic clock. */
  const busy = new Map<Socket, number>();
  /** Takes back what the last pulse hasn't sent yet. */
  let takeBack: () => readonly Delivery[] = () => [];

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
    overviews.forget();
    if (news.size === 0) after(CHANGES_MS, tellNews);
    news.set(change.id, change);
  });

  live.on('connection', (socket) => {
    const limit = createMessageLimit(limits.messages, clock);
    busy.set(socket, clock.mono());
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
      if (!CLIENT_LEFT.has(reason)) cutIfItStays(socket, after);
      topics.leave(socket);
      tail.leave(socket);
      owed.delete(socket);
      busy.delete(socket);
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
    if (!parsed.success)
      throw new PitwallError('validation_failed', 'A watch names a service, one of the ranges, and at most one route.');
    const preparing = options.prepare(parsed.data);
    if (preparing !== undefined) {
      const topic = topics.watch(socket, parsed.data);
      owed.add(socket);
      void preparing.then(() => giveOwed(socket, topic));
      return;
    }
    const overview = overviews.of(parsed.data);
    topics.watch(socket, parsed.data);
    if (isReady(socket)) {
      owed.delete(socket);
      overview.sendTo(socket);
    } else {
      owed.add(socket);
    }
  }

  /** Whoever can't take them now, or whom they'd flood, gets the overview instead, which has them. */
  function tellNews(): void {
    const changes = [...news.values()].map((change) => createMessage('change', change));
    news = new Map();
    inCohorts([...live.sockets.values()], timing, (socket) => {
      if (!topics.has(socket)) return;
      if (changes.length > OVERVIEW_CHANGES || !isReady(socket)) owed.add(socket);
      else for (const change of changes) change.sendTo(socket);
    });
  }

  /** Sends a client its tick; or the overview, which repairs what it missed, when it couldn't take the last one. */
  function deliver({ socket, topic, tick }: Delivery): void {
    send(socket, topic, () => {
      if (!isReady(socket)) owed.add(socket);
      else if (!owed.has(socket)) tick().sendTo(socket);
      // What is being prepared comes with the next pulse, or as soon as it's ready.
      else if (options.prepare(topic.watch) === undefined) sendOverview(socket, topic);
    });
  }

  /** Sends a client the overview that was prepared for it; one that can't take it gets it with a pulse. */
  function giveOwed(socket: Socket, topic: Topic): void {
    send(socket, topic, () => {
      if (isReady(socket) && owed.has(socket)) sendOverview(socket, topic);
    });
  }

  function sendOverview(socket: Socket, { watch: watched }: Topic): void {
    overviews.of(watched).sendTo(socket);
    owed.delete(socket);
  }

  /** Runs what sends a client something about its topic, unless it has left meanwhile, or watches something else. */
  function send(socket: Socket, topic: Topic, run: () => void): void {
    if (!topic.sockets.has(socket)) return;
    try {
      run();
    } catch (error) {
      // A reload has taken the service away: its watchers are told, once.
      topics.leave(socket);
      owed.delete(socket);
      socket.emit('problem', problemOf(error));
    }
  }

  function deliveries(topic: Topic): Delivery[] {
    let made: Message | undefined;
    const tick = (): Message => (made ??= createMessage('tick', options.tick(topic.watch)));
    return [...topic.sockets].map((socket) => ({ socket, topic, tick }));
  }

  /** Frees the place of a client that asks for nothing. */
  function leaveIfIdle(socket: Socket): void {
    const now = clock.mono();
    if (topics.has(socket) || tail.has(socket)) busy.set(socket, now);
    if (now - (busy.get(socket) ?? now) < limits.idleMs) return;
    const detail = `A client that asks for nothing for ${limits.idleMs / 1_000} s is disconnected.`;
    socket.emit('problem', toProblem('request_timeout', detail));
    socket.disconnect(true);
  }

  return {
    pulse() {
      const late = new Set<Socket>();
      for (const { socket } of takeBack()) late.add(socket);
      for (const socket of late) owed.add(socket);
      overviews.forget();
      for (const socket of live.sockets.values()) {
        cutIfStuck(socket);
        leaveIfIdle(socket);
      }
      // Whom the last pulse didn't reach comes first, so that nobody starves.
      const all = topics.all().flatMap(deliveries);
      const first = late.size === 0 ? [] : all.filter(({ socket }) => late.has(socket));
      const rest = late.size === 0 ? all : all.filter(({ socket }) => !late.has(socket));
      takeBack = inCohorts([...first, ...rest], timing, deliver);
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

/** What a pulse has for one client. */
interface Delivery {
  readonly socket: Socket;
  readonly topic: Topic;
  /** @throws PitwallError not_found for a service that isn't served any more */
  tick(): Message;
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
