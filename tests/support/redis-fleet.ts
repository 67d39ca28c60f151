import { Redis } from 'ioredis';
import { createRedisFleet, type RedisFleet, type RedisFleetDeps } from '../../lib/dedup/redis-fleet.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { openRedis, type RedisConnection } from '../../lib/storage/redis/connect.ts';
import { createRedisGuard } from '../../lib/storage/redis/guard.ts';
import { eventually } from './eventually.ts';

/** One member of a fleet with connections of its own. */
export interface RedisMember {
  readonly fleet: RedisFleet;
  close(): void;
}

/** Resolves once it's connected and hears landings. */
export async function redisMember(url: string, change: Partial<RedisFleetDeps> = {}): Promise<RedisMember> {
  const open = (name: string): RedisConnection => openRedis(url, { name, random: () => 0.5 });
  const [commands, subscriber] = [open('commands'), open('events')];
  const fleet = createRedisFleet({
    commands: commands.client,
    subscriber: subscriber.client,
    guard: createRedisGuard({ clock: systemClock, random: () => 0.5 }),
    prefix: 'test:',
    id: crypto.randomUUID(),
    random: () => 0.5,
    ...change,
  });
  await eventually(async () => {
    if ([commands, subscriber].some(({ state }) => state.kind !== 'ready')) throw new Error('not connected yet');
    const { client } = commands;
    const heard = client instanceof Redis ? ((await client.pubsub('NUMSUB', 'test:landed')) as [string, number])[1] : 1;
    if (heard === 0) throw new Error('not subscribed yet');
  });
  return {
    fleet,
    close() {
      fleet.close();
      commands.close();
      subscriber.close();
    },
  };
}
