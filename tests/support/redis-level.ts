import { createRedisLevel, type RedisLevel, type RedisLevelDeps } from '../../lib/cache/stores/redis-level.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { manualClock, systemClock, type ManualClock } from '../../lib/kernel/clock.ts';
import { openRedis, type RedisConnection } from '../../lib/storage/redis/connect.ts';
import { createRedisGuard } from '../../lib/storage/redis/guard.ts';
import { eventually } from './eventually.ts';

export interface RedisLevelScene {
  readonly connection: RedisConnection;
  readonly level: RedisLevel;
  /** The level's; the guard has the machine's. */
  readonly clock: ManualClock;
}

let count = 0;

/** A level with a connection of its own that is ready. Close the connection in the end. */
export async function openRedisLevel(
  url: string,
  {
    deadlineMs = 5_000,
    commandTimeoutMs = 1_000,
    ...change
  }: Partial<RedisLevelDeps> & { deadlineMs?: number; commandTimeoutMs?: number } = {},
): Promise<RedisLevelScene> {
  count += 1;
  const connection = openRedis(url, { name: 'level', random: Math.random, commandTimeoutMs });
  await eventually(() => {
    if (connection.state.kind !== 'ready') throw new Error(connection.state.why);
  }, 10_000);
  const clock = manualClock();
  const level = createRedisLevel({
    bodies: connection.client,
    guard: createRedisGuard({ clock: systemClock, random: Math.random, deadlineMs }),
    clock,
    timebase: createTimebase(clock),
    prefix: 'test:',
    id: String(count).padStart(16, '0'),
    ...change,
  });
  return { connection, level, clock };
}
