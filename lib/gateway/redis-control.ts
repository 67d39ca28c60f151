import type {
  GatewayCommand,
  GatewayControl,
  GatewayEvent,
  GatewaySnapshot,
  GatewayTopic,
} from '../contracts/control.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { ControlBus } from './control-bus.ts';
import { commandDeadline, createCalls, SNAPSHOT_DEADLINE_MS, type Outcome } from './control-calls.ts';
import { isOurs, RENEW_MS, repliesTo, requestsOf, VERSION } from './control-message.ts';
import type { ControlReply, ControlRequest } from './control-message.ts';
import { BEAT_MS, createControlRegistry, type RegisteredInstance, type SetMode } from './control-registry.ts';
import { createTopicListeners, type TopicListeners } from './topic-listeners.ts';

/** A console's end of GatewayControl over Redis: every instance of the fleet, and a control of each of its workers. */
export interface RedisControls {
  /** As the list said within the last second; while Redis is away, what was known before, all of it missing. */
  instances(): readonly RegisteredInstance[];
  /** Costs nothing until it's used. */
  control(instance: string, worker: number): GatewayControl;
  /** Commands all workers of an instance as one. */
  command(instance: string, command: GatewayCommand): Promise<void>;
  /** Keeps a mode for the instances that aren't there now. Rejects when Redis is away. */
  keepMode(mode: SetMode): Promise<void>;
  /** What an instance says of its configuration. */
  describe(instance: string): Promise<unknown>;
  close(): void;
}

type Question = DistributiveOmit<Exclude<ControlRequest, { ask: 'listen' }>, 'v' | 'from' | 'id'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * @param id names this console among all: a fresh random one
 * @param onInstances called when the list has been read; also when it couldn't be
 */
export function createRedisControls(
  bus: ControlBus,
  { id, onInstances }: { readonly id: string; readonly onInstances?: () => void },
): RedisControls {
  const calls = createCalls();
  const registry = createControlRegistry(bus);
  const listeners = new Map<string, Map<number, TopicListeners>>();
  let known: readonly RegisteredInstance[] = [];
  /** Names that were on the list and aren't any more; those never seen may just not have been listed yet. */
  const gone = new Set<string>();
  let looking = false;
  let closed = false;

  const endReplies = bus.subscribe(repliesTo(id), {
    message(message) {
      if (!isOurs(message)) return;
      const reply = message as ControlReply;
      if ('event' in reply) listeners.get(reply.instance)?.get(reply.worker)?.tell(reply.event);
      else calls.settle(reply as Outcome);
    },
    ready() {
      for (const instance of listeners.keys()) sayListening(instance);
    },
    lost: () => calls.failAll('The connection to Redis was lost.'),
  });
  const renewal = setInterval(() => {
    for (const instance of listeners.keys()) sayListening(instance);
  }, RENEW_MS).unref();
  const looks = setInterval(() => void look(), BEAT_MS).unref();
  void look();

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const now = await registry.list();
      for (const { instance } of known) gone.add(instance);
      for (const { instance } of now) gone.delete(instance);
      known = now;
    } catch {
      known = known.map((instance) => ({ ...instance, alive: false }));
    }
    looking = false;
    if (!closed) onInstances?.();
  }

  function sayListening(instance: string): void {
    const workers = [...(listeners.get(instance) ?? [])];
    const topics = workers.flatMap(([worker, told]) => told.topics().map((topic) => [worker, topic] as const));
    if (topics.length === 0) listeners.delete(instance);
    const request: ControlRequest = { v: VERSION, from: id, ask: 'listen', topics };
    // Said again at the next renewal.
    bus.publish(requestsOf(instance), request).catch(() => undefined);
  }

  function ask(instance: string, question: Question, ms: number): Promise<unknown> {
    const found = known.find((candidate) => candidate.instance === instance);
    if (closed || found?.alive === false || gone.has(instance)) {
      return Promise.reject(new PitwallError('gateway_unavailable', `The instance ${instance} doesn't answer.`));
    }
    return calls.ask(ms, (call) =>
      bus.publish(requestsOf(instance), { v: VERSION, from: id, id: call, ...question } satisfies ControlRequest),
    );
  }

  function subscribe(
    instance: string,
    worker: number,
    topic: GatewayTopic,
    listener: (event: GatewayEvent) => void,
  ): () => void {
    const workers = listeners.get(instance) ?? new Map<number, TopicListeners>();
    listeners.set(instance, workers);
    const told = workers.get(worker) ?? createTopicListeners(() => sayListening(instance));
    workers.set(worker, told);
    return told.add(topic, listener);
  }

  return {
    instances: () => known,
    control: (instance, worker) => ({
      snapshot: (wants) =>
        ask(
          instance,
          { ask: 'snapshot', worker, ...(wants && { wants }) },
          SNAPSHOT_DEADLINE_MS,
        ) as Promise<GatewaySnapshot>,
      async command(command) {
        await ask(instance, { ask: 'command', worker, command }, commandDeadline(command));
      },
      subscribe: (topic, listener) => subscribe(instance, worker, topic, listener),
    }),
    async command(instance, command) {
      await ask(instance, { ask: 'command', command }, commandDeadline(command));
    },
    keepMode: (mode) => registry.setMode(mode),
    describe: (instance) => ask(instance, { ask: 'describe' }, SNAPSHOT_DEADLINE_MS),
    close() {
      closed = true;
      clearInterval(renewal);
      clearInterval(looks);
      for (const instance of listeners.keys()) {
        listeners.set(instance, new Map());
        sayListening(instance);
      }
      endReplies();
      calls.failAll('The console has closed.');
    },
  };
}
