import { randomBytes, randomUUID } from 'node:crypto';
import type { ClearSource } from '../../cache/clear-record.ts';
import { createRedisClearSource } from '../../cache/clear-sources/redis.ts';
import { createRedisLevel, type RedisLevel } from '../../cache/stores/redis-level.ts';
import { createTimebase } from '../../cache/timebase.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Guard } from '../../kernel/guard.ts';
import type { Logger } from '../../kernel/logger.ts';
import { openRedis, type RedisClient } from './connect.ts';
import { createRedisGuard } from './guard.ts';

export interface GatewaySideOptions {
  readonly url: string;
  readonly prefix: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  /** Most records of the clear log: of keys and tags, of prefixes and globs. */
  readonly clears: { readonly names: number; readonly patterns: number };
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** What one gateway worker has of the Redis that a fleet shares. */
export interface GatewaySide {
  readonly clears: ClearSource;
  readonly level: RedisLevel;
  /** For short commands; bodies have a connection of their own. */
  readonly commands: RedisClient;
  readonly subscriber: RedisClient;
  /** Of `commands`. */
  readonly guard: Guard;
}

/** Connects in the background; nothing waits for it. */
export function openGatewaySide(options: GatewaySideOptions): GatewaySide {
  const { url, prefix, name, clock, random, logger } = options;
  const open = (what: string): RedisClient => openRedis(url, { name: `${name}-${what}`, random }).client;
  const commands = open('commands');
  const { names, patterns } = options.clears;
  return {
    commands,
    subscriber: open('events'),
    guard: createRedisGuard({ clock, random }),
    clears: createRedisClearSource(commands, { prefix, names, patterns, wall: () => clock.wall(), newId: randomUUID }),
    level: createRedisLevel({
      bodies: open('bodies'),
      guard: createRedisGuard({ clock, random }),
      clock,
      timebase: createTimebase(clock),
      prefix,
      id: randomBytes(12).toString('base64url'),
      onWarning: (sentence) => logger.warn(sentence),
    }),
  };
}
