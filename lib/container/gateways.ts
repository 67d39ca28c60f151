import type {
  GatewayCommand,
  GatewayControl,
  GatewayEvent,
  GatewaySnapshot,
  GatewayTopic,
  SnapshotWants,
} from '../contracts/control.ts';
import type { Config } from '../contracts/policy.ts';
import type { GatewayThread } from '../gateway/thread.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import { createRestartPace, type RestartPace } from './restart.ts';

export interface GatewaysOptions {
  readonly workers: number;
  readonly instance: string;
  readonly host: string;
  /** 0 = the system's choice; every worker then shares the first one's. */
  readonly port: number;
  readonly config: Config;
  readonly start: (options: {
    config: Config;
    instance: string;
    worker: number;
    host: string;
    port: number;
    reusePort: boolean;
  }) => Promise<GatewayThread>;
  /** Rejects with `port_in_use` unless the port is free. Needed where workers share it: the system then lets strangers in too. */
  readonly probe: (host: string, port: number) => Promise<void>;
  /** Told what an unsafe request has changed, once the other workers of this process are told to forget it. */
  readonly onInvalidated?: (key: string, url: string) => void;
  readonly clock: Clock;
  readonly after: After;
  readonly logger: Logger;
}

/** All gateway workers of this process as one: started, commanded, healed and closed together. */
export interface Gateways {
  /** Where clients connect. */
  readonly port: number;
  /** One per configured worker, the same whatever becomes of the thread; while none runs, calls reject. */
  readonly controls: readonly GatewayControl[];
  /** One entry per configured worker; undefined where none answered within `deadlineMs`. */
  snapshots(deadlineMs: number, wants?: SnapshotWants): Promise<readonly (GatewaySnapshot | undefined)[]>;
  /** Resolves when every running worker has taken it; a restarted worker catches up with modes and configuration. */
  command(command: GatewayCommand): Promise<void>;
  /** Survives restarts. Returns the function that ends the subscription. */
  subscribe(topic: GatewayTopic, listener: (event: GatewayEvent) => void): () => void;
  /** Drains every worker within `graceMs`, then ends it; once, with the first call's grace. */
  close(graceMs: number): Promise<void>;
}

/** The state of one worker's slot. */
type Slot =
  | { readonly kind: 'running'; readonly thread: GatewayThread; readonly since: number }
  | { readonly kind: 'waiting'; readonly cancel: () => void }
  | { readonly kind: 'starting' };

interface Subscription {
  /** undefined: to all of them. */
  readonly worker: number | undefined;
  readonly topic: GatewayTopic;
  readonly listener: (event: GatewayEvent) => void;
  readonly ends: Map<GatewayThread, () => void>;
}

type SetMode = Extract<GatewayCommand, { type: 'set-mode' }>;

/**
 * Starts the workers and keeps them alive: one that dies is started again after 1, 2, 4 … 30 s, loudly,
 * with the newest configuration and the modes that people had set.
 * Rejects with what the first failing worker said; the others are closed again.
 */
export async function createGateways(options: GatewaysOptions): Promise<Gateways> {
  const { workers, host, instance, start, clock, after, logger } = options;
  const reusePort = workers > 1;
  const slots: Slot[] = [];
  const paces: RestartPace[] = Array.from({ length: workers }, () => createRestartPace());
  const subscriptions = new Set<Subscription>();
  const modes = new Map<string, SetMode>();
  let config = options.config;
  let closing = false;
  let closed: Promise<void> | undefined;
  let port = options.port;

  function adopt(worker: number, thread: GatewayThread): void {
    slots[worker] = { kind: 'running', thread, since: clock.mono() };
    for (const subscription of subscriptions) follow(subscription, worker, thread);
    void thread.exited.then((code) => died(worker, thread, code));
  }

  function died(worker: number, thread: GatewayThread, code: number): void {
    for (const subscription of subscriptions) subscription.ends.delete(thread);
    const slot = slots[worker];
    if (closing || slot?.kind !== 'running' || slot.thread !== thread) return;
    restartLater(worker, clock.mono() - slot.since, `Gateway worker ${worker} died with exit code ${code}`);
  }

  function restartLater(worker: number, livedMs: number, why: string): void {
    const pause = paces[worker]?.next(livedMs) ?? 0;
    logger.error(`${why}; starting it again in ${pause / 1_000} s.`, { worker });
    slots[worker] = { kind: 'waiting', cancel: after(pause, () => void restart(worker)) };
  }

  async function restart(worker: number): Promise<void> {
    slots[worker] = { kind: 'starting' };
    const startedWith = config;
    let thread: GatewayThread;
    try {
      thread = await start({ config, instance, worker, host, port, reusePort });
    } catch (error) {
      if (!closing)
        restartLater(worker, 0, `Gateway worker ${worker} couldn't start: ${asPitwallError(error).message}`);
      return;
    }
    if (closing) return thread.close(0);
    adopt(worker, thread);
    try {
      await catchUp(thread.control, startedWith);
      logger.info(`Gateway worker ${worker} runs again.`, { worker });
    } catch (error) {
      logger.error(`Gateway worker ${worker} didn't catch up: ${asPitwallError(error).message}`, { worker });
    }
  }

  /** Sends what was commanded while a worker was away. */
  async function catchUp(control: GatewayControl, startedWith: Config): Promise<void> {
    if (config !== startedWith) await control.command({ type: 'configure', config });
    for (const mode of modes.values()) {
      if (mode.until === undefined || mode.until > clock.wall()) await control.command(mode);
    }
  }

  function follow(subscription: Subscription, worker: number, thread: GatewayThread): void {
    if (subscription.worker !== undefined && subscription.worker !== worker) return;
    subscription.ends.set(thread, thread.control.subscribe(subscription.topic, subscription.listener));
  }

  /** Noted before it's sent, so that a worker which starts meanwhile gets it too. Returns how to take it back. */
  function remember(command: GatewayCommand): () => void {
    if (command.type === 'configure') {
      const before = config;
      config = command.config;
      return () => (config = before);
    }
    if (command.type === 'set-mode') {
      const before = modes.get(command.service);
      modes.set(command.service, command);
      return () => (before === undefined ? modes.delete(command.service) : modes.set(command.service, before));
    }
    return () => undefined;
  }

  /** A service that is gone has no mode: one of the same name that comes later begins with its own. */
  function forgetModes({ services }: Config): void {
    for (const service of modes.keys()) if (!services.some(({ name }) => name === service)) modes.delete(service);
  }

  function subscribe(
    worker: number | undefined,
    topic: GatewayTopic,
    listener: (event: GatewayEvent) => void,
  ): () => void {
    const subscription: Subscription = { worker, topic, listener, ends: new Map() };
    subscriptions.add(subscription);
    slots.forEach((slot, of) => {
      if (slot.kind === 'running') follow(subscription, of, slot.thread);
    });
    return () => {
      subscriptions.delete(subscription);
      for (const end of subscription.ends.values()) end();
      subscription.ends.clear();
    };
  }

  /** The thread of a worker. @throws PitwallError gateway_unavailable while there is none */
  function threadOf(worker: number): GatewayThread {
    const slot = slots[worker];
    if (slot?.kind === 'running') return slot.thread;
    throw new PitwallError('gateway_unavailable', `Gateway worker ${worker} doesn't run at the moment.`);
  }

  /** What a worker saw change, the others forget (RFC 9111 section 4.4). One that is away starts with nothing. */
  function passOn(from: number, event: GatewayEvent): void {
    if (event.type !== 'invalidated') return;
    const { key, url } = event;
    slots.forEach((slot, worker) => {
      if (slot.kind !== 'running' || worker === from) return;
      slot.thread.control.command({ type: 'forget', key, url }).catch(() => undefined);
    });
    options.onInvalidated?.(key, url);
  }

  function running(): readonly GatewayThread[] {
    return slots.flatMap((slot) => (slot.kind === 'running' ? [slot.thread] : []));
  }

  async function closeAll(graceMs: number): Promise<void> {
    closing = true;
    for (const slot of slots) if (slot.kind === 'waiting') slot.cancel();
    await Promise.all(running().map((thread) => thread.close(graceMs)));
  }

  if (reusePort && port !== 0) await options.probe(host, port);
  const first = await start({ config, instance, worker: 0, host, port, reusePort });
  port = first.port;
  adopt(0, first);
  const rest = await Promise.allSettled(
    Array.from({ length: workers - 1 }, async (_, index) => {
      adopt(index + 1, await start({ config, instance, worker: index + 1, host, port, reusePort }));
    }),
  );
  const failed = rest.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    closing = true;
    await Promise.allSettled(running().map((thread) => thread.close(0)));
    throw failed.reason;
  }

  const controls = Array.from({ length: workers }, (_, worker): GatewayControl => ({
    snapshot: async (wants) => threadOf(worker).control.snapshot(wants),
    command: async (command) => threadOf(worker).control.command(command),
    subscribe: (topic, listener) => subscribe(worker, topic, listener),
  }));
  if (workers > 1 || options.onInvalidated !== undefined) {
    controls.forEach((control, worker) => control.subscribe('invalidated', (event) => passOn(worker, event)));
  }

  return {
    port,
    controls,
    snapshots: (deadlineMs, wants) =>
      Promise.all(controls.map((control) => snapshotWithin(control, deadlineMs, after, wants))),
    async command(command) {
      const forget = remember(command);
      try {
        const threads = running();
        if (threads.length === 0)
          throw new PitwallError('gateway_unavailable', 'No gateway worker runs at the moment.');
        await Promise.all(threads.map((thread) => thread.control.command(command)));
        if (command.type === 'configure') forgetModes(command.config);
      } catch (error) {
        forget();
        throw error;
      }
    },
    subscribe: (topic, listener) => subscribe(undefined, topic, listener),
    close: (graceMs) => (closed ??= closeAll(graceMs)),
  };
}

/** A reading, or undefined where it doesn't come within `deadlineMs`. */
export function snapshotWithin(
  control: GatewayControl,
  deadlineMs: number,
  after: After,
  wants?: SnapshotWants,
): Promise<GatewaySnapshot | undefined> {
  return new Promise((resolve) => {
    const cancel = after(deadlineMs, () => resolve(undefined));
    const settle = (snapshot: GatewaySnapshot | undefined): void => {
      cancel();
      resolve(snapshot);
    };
    control.snapshot(wants).then(settle, () => settle(undefined));
  });
}
