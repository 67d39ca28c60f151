import { createControlBus, type ControlBus } from '../gateway/control-bus.ts';
import type { Logger } from '../kernel/logger.ts';
import { openRedis, type RedisClient, type RedisState } from '../storage/redis/connect.ts';

/** This thread's connections to the Redis that a fleet shares; its gateways have their own. */
export interface SharedRedis {
  readonly bus: ControlBus;
  readonly commands: RedisClient;
  state(): RedisState;
  close(): void;
}

export interface SharedRedisOptions {
  readonly url: string;
  readonly prefix: string;
  readonly instance: string;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Connects in the background; says when Redis is lost, and when it's back. */
export function openSharedRedis({ url, prefix, instance, random, logger }: SharedRedisOptions): SharedRedis {
  let lost = false;
  const commands = openRedis(url, {
    name: `pitwall-${instance}`,
    random,
    onState(state) {
      if (state.kind === 'away' && !lost) {
        logger.warn(`${state.why} Traffic goes on without it; it's tried again.`);
      } else if (state.kind === 'ready' && lost) {
        logger.info('Redis can be reached again.');
      }
      lost = state.kind === 'away';
    },
  });
  const subscriber = openRedis(url, { name: `pitwall-${instance}-events`, random });
  return {
    bus: createControlBus({ commands: commands.client, subscriber: subscriber.client }, prefix),
    commands: commands.client,
    state: () => commands.state,
    close() {
      commands.close();
      subscriber.close();
    },
  };
}
