import { randomBytes, randomUUID } from 'node:crypto';
import type { ClearSource } from '../../cache/clear-record.ts';
import { createRedisClearSource } from '../../cache/clear-sources/redis.ts';
import { createRedisLevel, type RedisLevel } from '../../cache/stores/redis-level.ts';
import { createTimebase, type Timebase } from '../../cache/timebase.ts';
import type { Fleet } from '../../dedup/fleet.ts';
import { createRedisFleet } from '../../dedup/redis-fleet.ts';
import type { Clock } from '../../kernel/clock.ts';
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
  readonly fleet: Fleet;
  /** What the level tells times by. */
  readonly timebase: Timebase;
}

/** Longest that a request waits to be told whose turn it is, ms. */
const TURN_DEADLINE_MS = 30;
/** How often Redis is asked for the time, ms: instances whose clocks differ agree on its. */
const TIME_EVERY_MS = 10_000;

/** Connects in the background; nothing waits for it. */
export function openGatewaySide(options: GatewaySideOptions): GatewaySide {
  const { url, prefix, name, clock, random, logger } = options;
  const open = (what: string): RedisClient => openRedis(url, { name: `${name}-${what}`, random }).client;
  /** For short commands; bodies have a connection of their own. */
  const commands = open('commands');
  const { names, patterns } = options.clears;
  const timebase = createTimebase(clock);
  const readTime = async (): Promise<void> => {
    const [seconds, micros] = await commands.time();
    timebase.atLeast(Number(seconds) * 1_000 + Number(micros) / 1_000);
  };
  commands.on('ready', () => void readTime().catch(() => undefined));
  setInterval(() => void readTime().catch(() => undefined), TIME_EVERY_MS).unref();
  return {
    timebase,
    fleet: createRedisFleet({
      commands,
      subscriber: open('events'),
      guard: createRedisGuard({ clock, random, deadlineMs: TURN_DEADLINE_MS }),
      prefix,
      id: randomUUID(),
      random,
    }),
    clears: createRedisClearSource(commands, {
      prefix,
      names,
      patterns,
      wall: () => timebase.now(),
      newId: randomUUID,
    }),
    level: createRedisLevel({
      bodies: open('bodies'),
      guard: createRedisGuard({ clock, random }),
      clock,
      timebase,
      prefix,
      id: randomBytes(12).toString('base64url'),
      onWarning: (sentence) => logger.warn(sentence),
    }),
  };
}
