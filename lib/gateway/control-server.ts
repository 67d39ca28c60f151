import type { GatewayControl, GatewayTopic } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ControlBus } from './control-bus.ts';
import { isOurs, LISTEN_MS, repliesTo, requestsOf, VERSION } from './control-message.ts';
import type { ControlReply, ControlRequest } from './control-message.ts';
import { BEAT_MS, createControlRegistry, type InstanceInfo } from './control-registry.ts';

export interface ServeControlOptions {
  /** Said anew with every beat. */
  readonly info: () => InstanceInfo;
  /** One per worker, the same for as long as this process lives. */
  readonly controls: readonly GatewayControl[];
  /** All workers as one. */
  readonly all: Pick<GatewayControl, 'command'>;
  /** What this instance answers to whoever wants to know its configuration. */
  readonly describe: () => unknown;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ServedControl {
  /** Takes this instance off the list and hears no more. */
  close(): Promise<void>;
}

/** What one console listens to here. */
interface Listening {
  readonly ends: Map<string, () => void>;
  timer: NodeJS.Timeout;
}

/** Most consoles that may listen at a time. */
const MOST_LISTENING = 64;

/** The gateways' end of GatewayControl over Redis: is on the list of instances, answers, and sends events. */
export function serveRedisControl(
  bus: ControlBus,
  { info, controls, all, describe, clock, logger }: ServeControlOptions,
): ServedControl {
  const { instance, id: life } = info();
  const registry = createControlRegistry(bus);
  const consoles = new Map<string, Listening>();
  /** The modes taken so far, as text, by service. */
  const taken = new Map<string, string>();
  let modesVersion = 0;
  let rival = false;
  let beating: Promise<void> = Promise.resolve();
  let underWay = false;
  let closed = false;

  const reply = (to: string, message: ControlReply): Promise<void> => bus.publish(repliesTo(to), message);

  function workerOf(worker: number): GatewayControl {
    const control = controls[worker];
    if (control !== undefined) return control;
    throw new PitwallError('gateway_unavailable', `${instance} has no gateway worker ${worker}.`);
  }

  async function answer(request: Exclude<ControlRequest, { ask: 'listen' }>): Promise<unknown> {
    if (request.ask === 'describe') return describe();
    if (request.ask === 'snapshot') return workerOf(request.worker).snapshot(request.wants);
    const { worker, command } = request;
    await (worker === undefined ? all : workerOf(worker)).command(command);
    return undefined;
  }

  async function respond(request: Exclude<ControlRequest, { ask: 'listen' }>): Promise<void> {
    const { id, from } = request;
    try {
      await reply(from, { v: VERSION, id, value: await answer(request) });
    } catch (cause) {
      const { code, message } = asPitwallError(cause);
      await reply(from, { v: VERSION, id, error: { code, message } });
    }
  }

  function listen(from: string, topics: readonly (readonly [number, GatewayTopic])[]): void {
    const known = consoles.get(from);
    clearTimeout(known?.timer);
    if (known === undefined && consoles.size >= MOST_LISTENING) return;
    const ends = known?.ends ?? new Map<string, () => void>();
    const wanted = new Map(topics.map(([worker, topic]) => [`${worker} ${topic}`, { worker, topic }]));
    for (const [name, end] of ends) {
      if (wanted.has(name)) continue;
      ends.delete(name);
      end();
    }
    for (const [name, { worker, topic }] of wanted) {
      const control = controls[worker];
      if (control === undefined || ends.has(name)) continue;
      const end = control.subscribe(topic, (event) => {
        // An event that can't be sent is lost: so is everything while Redis is away.
        reply(from, { v: VERSION, instance, worker, event }).catch(() => undefined);
      });
      ends.set(name, end);
    }
    if (ends.size === 0) consoles.delete(from);
    else consoles.set(from, { ends, timer: setTimeout(forgetConsole, LISTEN_MS, from).unref() });
  }

  function forgetConsole(from: string): void {
    for (const end of consoles.get(from)?.ends.values() ?? []) end();
    clearTimeout(consoles.get(from)?.timer);
    consoles.delete(from);
  }

  async function beat(): Promise<void> {
    underWay = true;
    await sayThere();
    underWay = false;
  }

  async function sayThere(): Promise<void> {
    const said = await registry.beat(info()).catch(() => undefined);
    if (said?.rival === true && !rival) {
      logger.error(
        `Another process of this fleet is named ${instance} too: set PITWALL_INSTANCE to a name of its own for each.`,
      );
    }
    rival = said?.rival ?? rival;
    if (said !== undefined && said.modes !== modesVersion) await takeModes(said.modes);
  }

  /** Modes that were set while this instance wasn't there, or didn't hear. */
  async function takeModes(version: number): Promise<void> {
    const set = await registry.modes().catch(() => undefined);
    if (set === undefined) return;
    modesVersion = version;
    for (const mode of set) {
      const text = JSON.stringify(mode);
      if (taken.get(mode.service) === text || (mode.until !== undefined && mode.until <= clock.wall())) continue;
      taken.set(mode.service, text);
      // A service that isn't configured here.
      await all.command(mode).catch(() => undefined);
    }
  }

  const endRequests = bus.subscribe(requestsOf(instance), {
    message(message) {
      if (!isOurs(message)) return;
      const request = message as ControlRequest;
      if (request.ask === 'listen') listen(request.from, request.topics);
      // What can't be answered runs into the console's deadline.
      else respond(request).catch(() => undefined);
    },
    ready() {
      // A last beat after the leaving would put it on the list again.
      if (!closed) beating = beat();
    },
  });
  const beats = setInterval(() => {
    if (!closed && !underWay) beating = beat();
  }, BEAT_MS).unref();

  return {
    async close() {
      closed = true;
      clearInterval(beats);
      endRequests();
      for (const from of [...consoles.keys()]) forgetConsole(from);
      await beating;
      await registry.leave({ instance, id: life }).catch(() => undefined);
    },
  };
}
