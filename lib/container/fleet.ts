import type {
  GatewayCommand,
  GatewayControl,
  GatewayEvent,
  GatewaySnapshot,
  GatewayTopic,
  SnapshotWants,
} from '../contracts/control.ts';
import type { RegisteredInstance } from '../gateway/control-registry.ts';
import type { RedisControls } from '../gateway/redis-control.ts';
import { asPitwallError, type PitwallError } from '../kernel/errors.ts';
import type { Teller } from '../live/tellers.ts';
import type { After } from '../kernel/timer.ts';
import type { ExpectedInstance } from '../live/roster.ts';
import { snapshotWithin, type Gateways } from './gateways.ts';

export interface FleetOptions {
  /** The workers of this process; undefined in a console alone. */
  readonly local: Gateways | undefined;
  /** The other processes; undefined without Redis. */
  readonly remote: Pick<RedisControls, 'instances' | 'control' | 'command' | 'keepMode'> | undefined;
  /** This process's name and the id of its life: it's on the list too. */
  readonly instance: string;
  readonly id: string;
  /** Whether this process is about to end. */
  readonly draining: () => boolean;
  readonly after: After;
}

/** What became of a command on one instance, or on one worker of it. */
export interface Taken {
  readonly instance: string;
  /** undefined: all of its workers as one. */
  readonly worker: number | undefined;
  readonly error: PitwallError | undefined;
}

/** Told of an event, of the worker that it comes from, and how many workers there are in all. */
export type FleetListener = (event: GatewayEvent, from: Teller) => void;

/** Every gateway worker of every instance behind one interface, wherever it runs. */
export interface Fleet {
  /** The readings of the workers that answer within `deadlineMs`, this process's first. */
  snapshots(deadlineMs: number, wants?: SnapshotWants): Promise<GatewaySnapshot[]>;
  /**
   * Commands every instance at once; one that doesn't answer keeps none from it. A mode that is set reaches those that
   * are away when they are back.
   */
  command(command: GatewayCommand): Promise<Taken[]>;
  /** The same, worker by worker. */
  commandWorkers(command: GatewayCommand): Promise<Taken[]>;
  /** Survives restarts, and instances that come and go. Returns the function that ends the subscription. */
  subscribe(topic: GatewayTopic, listener: FleetListener): () => void;
  /** Other instances have come or gone: subscriptions follow them. */
  follow(): void;
  /** The other instances that were heard of lately. */
  others(): readonly RegisteredInstance[];
  /** Who ought to answer: all that were heard of lately, without those that said that they end. */
  expected(): ExpectedInstance[];
}

export function createFleet({ local, remote, instance, id, draining, after }: FleetOptions): Fleet {
  const subscriptions = new Set<{
    readonly topic: GatewayTopic;
    readonly listener: FleetListener;
    readonly ends: Map<string, () => void>;
  }>();

  /** Workers when somebody last listened, or when instances came or went. */
  let size = 0;

  function others(): readonly RegisteredInstance[] {
    return remote?.instances().filter((other) => other.id !== id && other.workers > 0) ?? [];
  }

  interface Worker {
    readonly instance: string;
    readonly worker: number;
    readonly control: GatewayControl;
  }

  function remoteWorkers(): Worker[] {
    return others().flatMap((other) =>
      Array.from({ length: other.workers }, (_, worker) => ({
        instance: other.instance,
        worker,
        control: (remote as RedisControls).control(other.instance, worker),
      })),
    );
  }

  const own = local?.controls.map((control, worker): Worker => ({ instance, worker, control })) ?? [];

  function workers(): Worker[] {
    return [...own, ...remoteWorkers()];
  }

  async function taken(name: string, worker: number | undefined, command: Promise<void>): Promise<Taken> {
    try {
      await command;
      return { instance: name, worker, error: undefined };
    } catch (error) {
      return { instance: name, worker, error: asPitwallError(error) };
    }
  }

  function follow(): void {
    if (subscriptions.size === 0) return;
    const found = new Map<string, Worker>([
      ...own.map((worker) => [`${worker.worker}`, worker] as const),
      ...remoteWorkers().map((worker) => [`${worker.instance}/${worker.worker}`, worker] as const),
    ]);
    size = found.size;
    for (const { topic, listener, ends } of subscriptions) {
      for (const [name, { control, instance: of, worker }] of found) {
        if (ends.has(name)) continue;
        ends.set(
          name,
          control.subscribe(topic, (event) => listener(event, { instance: of, worker, workers: size })),
        );
      }
      for (const [name, end] of ends) {
        if (found.has(name)) continue;
        ends.delete(name);
        end();
      }
    }
  }

  return {
    others,
    follow,
    expected() {
      const own = local === undefined || draining() ? [] : [{ instance, workers: local.controls.length }];
      return [...own, ...others().filter((other) => !other.draining)];
    },
    async snapshots(deadlineMs, wants) {
      const asked = workers().map(({ control }) => snapshotWithin(control, deadlineMs, after, wants));
      return (await Promise.all(asked)).filter((snapshot) => snapshot !== undefined);
    },
    async command(command) {
      if (command.type === 'set-mode') await remote?.keepMode(command).catch(() => undefined);
      return Promise.all([
        ...(local === undefined ? [] : [taken(instance, undefined, local.command(command))]),
        ...others().map((other) =>
          taken(other.instance, undefined, (remote as RedisControls).command(other.instance, command)),
        ),
      ]);
    },
    commandWorkers: (command) =>
      Promise.all(
        workers().map(({ instance: name, worker, control }) => taken(name, worker, control.command(command))),
      ),
    subscribe(topic, listener) {
      const subscription = { topic, listener, ends: new Map<string, () => void>() };
      subscriptions.add(subscription);
      follow();
      return () => {
        subscriptions.delete(subscription);
        for (const end of subscription.ends.values()) end();
        subscription.ends.clear();
      };
    },
  };
}
