import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Fleet, Turn } from '../../lib/dedup/fleet.ts';
import type { RedisFleetDeps } from '../../lib/dedup/redis-fleet.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { createRedisGuard } from '../../lib/storage/redis/guard.ts';
import { eventually } from '../support/eventually.ts';
import { redisMember, type RedisMember } from '../support/redis-fleet.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

/** What going by the fleet may cost more than going alone, with room for a busy machine, ms. */
const SOON_MS = 250;
const never = new AbortController().signal;
let redis: RedisServer;
let members: RedisMember[] = [];

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

beforeEach(() => redis.flush());

afterEach(() => {
  for (const member of members) member.close();
  members = [];
});

async function open(change: Partial<RedisFleetDeps> = {}): Promise<RedisMember['fleet']> {
  const guard = createRedisGuard({ clock: systemClock, random: () => 0.5, deadlineMs: 30 });
  const member = await redisMember(redis.url, { guard, ...change });
  members.push(member);
  return member.fleet;
}

async function timed(turn: Promise<Turn>): Promise<{ kind: Turn['kind']; ms: number }> {
  const start = performance.now();
  const { kind } = await turn;
  return { kind, ms: performance.now() - start };
}

async function lead(fleet: Fleet, key: string): Promise<Extract<Turn, { kind: 'lead' }>> {
  const turn = await fleet.enter(key, never);
  if (turn.kind !== 'lead') throw new Error(`it was told ${turn.kind}`);
  return turn;
}

it.each(['freezes', 'dies'])('goes alone, soon, when Redis %s: who asks and who waits', async (what) => {
  const [one, other] = [await open(), await open()];
  await lead(one, 'key');
  const waiting = timed(other.enter('key', never));
  await eventually(() => expect(other.waiting).toBe(1));
  if (what === 'freezes') redis.freeze();
  else await redis.kill();
  try {
    const since = performance.now();
    expect((await waiting).kind).toBe('alone');
    expect(performance.now() - since).toBeLessThan(SOON_MS);
    const asked = await timed(other.enter('another', never));
    expect(asked.kind).toBe('alone');
    expect(asked.ms).toBeLessThan(SOON_MS);
    expect(other.waiting).toBe(0);
  } finally {
    if (what === 'freezes') redis.thaw();
    else await redis.restart();
  }
  await eventually(async () => expect((await other.enter('later', never)).kind).not.toBe('alone'));
});

it('gives the lease of a flushed Redis anew, and takes nothing from its new owner', async () => {
  const [one, other] = [await open(), await open()];
  const first = await lead(one, 'key');
  const waiting = other.enter('key', never);
  await redis.flush();
  const second = await waiting;
  expect(second).toMatchObject({ kind: 'lead', waited: true });
  const third = one.enter('key', never);
  await eventually(async () => {
    const [lease] = (await redis.command('KEYS', 'test:lease:*')) as string[];
    expect(await redis.command('HGET', lease as string, 'awaited')).toBe('1');
  });
  first.land('alone');
  if (second.kind === 'lead') second.land('stored');
  expect(await third).toEqual({ kind: 'landed', landing: 'stored' });
});

it('holds on to a lease for as long as its call lasts', async () => {
  const [one, other] = [await open(), await open()];
  const leader = await lead(one, 'key');
  const told: Turn[] = [];
  void other.enter('key', never).then((turn) => told.push(turn));
  const since = performance.now();
  // Longer than two leases: who waits has looked, and found it held.
  await eventually(() => expect(performance.now() - since).toBeGreaterThan(1_300));
  expect(told).toEqual([]);
  leader.land('stored');
  await eventually(() => expect(told).toEqual([{ kind: 'landed', landing: 'stored' }]));
});

it('learns of a landing that it was not told of, by looking', async () => {
  const deaf = await open();
  const leader = await lead(await open(), 'key');
  const waiting = deaf.enter('key', never);
  await eventually(() => expect(deaf.waiting).toBe(1));
  await redis.command('DEL', ...((await redis.command('KEYS', 'test:lease:*')) as string[]));
  leader.land('stored');
  expect(await waiting).toMatchObject({ kind: 'lead', waited: true });
});

it('gives back a lease that it got too late to use', async () => {
  const [one, other] = [await open(), await open()];
  redis.freeze();
  expect((await one.enter('key', never)).kind).toBe('alone');
  redis.thaw();
  const since = performance.now();
  await eventually(async () => {
    const turn = await other.enter('key', never);
    expect(turn.kind).toBe('lead');
  });
  expect(performance.now() - since).toBeLessThan(400);
});

it('counts what is being asked for among its leases', async () => {
  const fleet = await open({ maxLeases: 5 });
  const turns = await Promise.all(Array.from({ length: 50 }, (_, i) => fleet.enter(`key ${i}`, never)));
  expect(turns.filter(({ kind }) => kind === 'lead')).toHaveLength(5);
  expect(fleet.leases).toBe(5);
});

it('has so many leases and waiters, and no more', async () => {
  const fleet = await open({ maxLeases: 2, maxWaiting: 1 });
  const first = await lead(fleet, 'a');
  const other = await open({ maxWaiting: 1 });
  void other.enter('a', never);
  await eventually(() => expect(other.waiting).toBe(1));
  expect((await other.enter('b', never)).kind).toBe('alone');
  await lead(fleet, 'b');
  expect((await fleet.enter('c', never)).kind).toBe('alone');
  first.land('alone');
  expect(fleet.leases).toBe(1);
  await lead(fleet, 'c');
});

it('tells everybody who waits to go alone when it closes, and takes nobody any more', async () => {
  const [one, other] = [await open(), await open()];
  await lead(one, 'key');
  const waiting = other.enter('key', never);
  await eventually(() => expect(other.waiting).toBe(1));
  other.close();
  expect((await waiting).kind).toBe('alone');
  expect((await other.enter('key', never)).kind).toBe('alone');
});
