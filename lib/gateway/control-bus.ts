import type { Cluster, Redis } from 'ioredis';
import { PitwallError } from '../kernel/errors.ts';
import { runScript, type Script } from '../kernel/redis-script.ts';

/** The two connections that control messages travel on; they connect again by themselves. */
export interface ControlRedis {
  readonly commands: Redis | Cluster;
  /** Used for nothing but subscriptions. */
  readonly subscriber: Redis | Cluster;
}

/** Longest control message, characters: the snapshot of some hundred busy routes. */
export const MAX_MESSAGE = 8 * 1_048_576;

/** Messages between the processes of a fleet: at most once, in order from each sender, lost while Redis is away. */
export interface ControlBus {
  /** Rejects with `gateway_unavailable` when Redis is away or the message is too long. */
  publish(channel: string, message: unknown): Promise<void>;
  /**
   * Survives Redis' absence; `ready` is called each time that the channel is heard (again), `lost` when it isn't
   * any more. Returns the function that ends it.
   */
  subscribe(channel: string, on: { message(message: unknown): void; ready?(): void; lost?(): void }): () => void;
  /** Runs a Lua script over one key; rejects like `publish`. */
  run(script: Script, key: string, ...args: readonly (string | number)[]): Promise<unknown>;
}

/** @param prefix starts every channel and key */
export function createControlBus({ commands, subscriber }: ControlRedis, prefix: string): ControlBus {
  const away = (cause: unknown): PitwallError =>
    new PitwallError('gateway_unavailable', "Redis doesn't answer, so other instances can't be reached.", { cause });

  return {
    async publish(channel, message) {
      const text = JSON.stringify(message);
      if (text.length > MAX_MESSAGE) {
        throw new PitwallError('gateway_unavailable', `A control message may have at most ${MAX_MESSAGE} characters.`);
      }
      await commands.publish(prefix + channel, text).catch((error: unknown) => {
        throw away(error);
      });
    },
    subscribe(channel, on) {
      const full = prefix + channel;
      let heard = false;
      const listen = (): void => {
        subscriber.subscribe(full).then(
          () => {
            heard = true;
            on.ready?.();
          },
          // The next 'ready' tries again.
          () => undefined,
        );
      };
      const lost = (): void => {
        if (!heard) return;
        heard = false;
        on.lost?.();
      };
      const take = (from: string, text: string): void => {
        if (from !== full || text.length > MAX_MESSAGE) return;
        const message = parseMessage(text);
        if (message === undefined) return;
        try {
          on.message(message);
        } catch {
          // Not a message of ours, whoever sent it: one of another version, or a stranger's.
        }
      };
      subscriber.on('message', take);
      subscriber.on('ready', listen);
      subscriber.on('close', lost);
      if (subscriber.status === 'ready') listen();
      return () => {
        subscriber.off('message', take);
        subscriber.off('ready', listen);
        subscriber.off('close', lost);
        subscriber.unsubscribe(full).catch(() => undefined);
      };
    },
    run: (script, key, ...args) =>
      runScript(commands, script, [prefix + key], args).catch((error: unknown) => {
        throw away(error);
      }),
  };
}

/** Undefined where `text` is no JSON. */
export function parseMessage(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
