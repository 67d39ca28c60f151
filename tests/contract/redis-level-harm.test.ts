import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeEntry, sealDescription } from '../../lib/cache/entry-codec.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import { eventually } from '../support/eventually.ts';
import { openRedisLevel, type RedisLevelScene } from '../support/redis-level.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { sampleEntry } from '../suites/level.ts';

const KEY = 'GET http://a.test/';
let server: RedisServer;
let scene: RedisLevelScene;

beforeAll(async () => {
  server = await startRedis({ config: { maxmemory: '64mb', 'maxmemory-policy': 'volatile-lru' } });
  scene = await openRedisLevel(server.url);
});
afterAll(async () => {
  scene.connection.close();
  await server.stop();
});
beforeEach(() => server.flush());

const variant = (language: string) => sampleEntry({ vary: ['accept-language'], varyValues: [language] });
const names = async (): Promise<string[]> => (await server.command('KEYS', '*')) as string[];
const only = async (): Promise<string> => {
  const [name, ...others] = await names();
  expect(others).toEqual([]);
  return name as string;
};

describe('what cannot be read is a miss, and is deleted', () => {
  const FRAME = 54;
  const bytesOf = async (name: string): Promise<Buffer> => (await scene.connection.client.getBuffer(name)) as Buffer;
  const gone = () => eventually(async () => expect(await names()).toEqual([]));

  it('each damaged byte of an entry', async () => {
    await scene.level.write(sampleEntry());
    const name = await only();
    const whole = await bytesOf(name);
    for (let at = FRAME; at < whole.length; at++) {
      const harmed = Buffer.from(whole);
      harmed[at] = (harmed[at] as number) ^ 1;
      await server.command('SET', name, harmed);
      expect(await scene.level.read(KEY)).toBeUndefined();
    }
    await gone();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another kind', Buffer.from('X')],
    ['a cut frame', Buffer.from(`E${'0'.repeat(40)}`)],
    ['a frame alone', Buffer.from(`E${'0'.repeat(53)}`)],
    ['an index of no JSON', Buffer.from('Iabc ####\n')],
    ['an index of something else', Buffer.from(`Iabc ${Buffer.from('{"a":1}').toString('base64url')}\n`)],
    ['an index of numbers', Buffer.from(`Iabc ${Buffer.from('[[1],[2]]').toString('base64url')}\n`)],
  ])('%s', async (_what, bytes) => {
    await scene.level.write(sampleEntry());
    await server.command('SET', await only(), bytes);
    expect(await scene.level.read(KEY)).toBeUndefined();
    await gone();
  });

  it('another type', async () => {
    await scene.level.write(sampleEntry());
    const name = await only();
    await server.command('DEL', name);
    await server.command('RPUSH', name, 'a');
    expect(await scene.level.read(KEY)).toBeUndefined();
    await gone();
  });

  it("another key's entry, and another version's", async () => {
    await scene.level.write(sampleEntry({ key: 'other' }));
    const other = await bytesOf(await only());
    await server.flush();
    await scene.level.write(sampleEntry());
    const name = await only();
    await server.command('SET', name, other);
    expect(await scene.level.read(KEY)).toBeUndefined();
    await gone();

    const entry = sampleEntry();
    const head = describeEntry(entry, createTimebase(manualClock()));
    sealDescription(head, entry.body);
    head[3] = 99;
    await server.command('SET', name, Buffer.concat([other.subarray(0, FRAME), head, entry.body]));
    expect(await scene.level.read(KEY)).toBeUndefined();
    await gone();
  });

  it('a variant of an index', async () => {
    await scene.level.write(variant('de'));
    const [, longest] = (await names()).sort((a, b) => a.length - b.length);
    await server.command('SETRANGE', longest as string, 80, 'harmed');
    expect(await scene.level.read(KEY, () => true)).toBeUndefined();
    await eventually(async () => expect(await names()).toHaveLength(1));
  });

  it('but not what was written meanwhile', async () => {
    const { connection, level } = scene;
    await level.write(sampleEntry());
    const name = await only();
    await server.command('SETRANGE', name, 80, 'harmed');
    const read = level.read(KEY);
    // On one connection: behind the read, before the deletion that it leads to.
    const written = level.write(sampleEntry({ storedAt: 1 }));
    expect(await read).toBeUndefined();
    expect(await written).toBe(true);
    await connection.client.ping();
    expect(await level.read(KEY)).toEqual([sampleEntry({ storedAt: 1 })]);
  });
});

describe('a Redis that is no good as a cache', () => {
  it('stops writing while it is full, and reads on', async () => {
    const small = await startRedis({ config: { maxmemory: '3mb', 'maxmemory-policy': 'noeviction' } });
    const { connection, level, clock } = await openRedisLevel(small.url);
    const body = Buffer.alloc(500_000, 'x');
    await level.write(sampleEntry());
    let stored = true;
    for (let i = 0; stored; i++) stored = await level.write(sampleEntry({ key: `k${i}`, body }));
    expect(level.health()).toEqual({
      state: 'degraded',
      why: 'Redis is full and refuses writes (maxmemory): nothing new is kept, what is there is still read.',
      dropped: 1,
    });
    expect(await level.read(KEY)).toHaveLength(1);
    await small.command('CONFIG', 'SET', 'maxmemory', '50mb');
    expect(await level.write(sampleEntry({ key: 'late' }))).toBe(false);
    expect(level.health().dropped).toBe(2);
    clock.advance(5_000);
    expect(await level.write(sampleEntry({ key: 'late', freshUntil: 10_000 }))).toBe(true);
    expect(level.health()).toMatchObject({ state: 'ok', why: undefined });
    connection.close();
    await small.stop();
  });

  it('says once what is wrong with it, and shows its figures', async () => {
    const warnings: string[] = [];
    const unbounded = await startRedis();
    const { connection, level, clock } = await openRedisLevel(unbounded.url, {
      onWarning: (said) => warnings.push(said),
    });
    await level.write(sampleEntry());
    expect(level.stats()).toEqual({ entries: 0, bytes: 0, budgetBytes: 0, evictions: 0 });
    await eventually(() => expect(level.stats()).toMatchObject({ entries: 1, budgetBytes: 0, evictions: 0 }));
    expect(level.stats().bytes).toBeGreaterThan(100_000);
    expect(warnings).toEqual([expect.stringContaining('no maxmemory')]);
    await unbounded.command('CONFIG', 'SET', 'maxmemory', '100mb');
    await level.write(sampleEntry({ key: 'more' }));
    clock.advance(2_000);
    await eventually(() => expect(level.stats()).toMatchObject({ entries: 2, budgetBytes: 104_857_600 }));
    clock.advance(2_000);
    level.stats();
    await level.read(KEY);
    expect(warnings).toEqual([expect.stringContaining('no maxmemory'), expect.stringContaining('noeviction')]);
    connection.close();
    level.stats();
    clock.advance(2_000);
    expect(level.stats().entries).toBe(2);
    await unbounded.stop();
  });

  it('has no warning for one that evicts', async () => {
    const warnings: string[] = [];
    const { connection, level } = await openRedisLevel(server.url, { onWarning: (said) => warnings.push(said) });
    await eventually(() => expect(level.stats().budgetBytes).toBe(67_108_864));
    expect(warnings).toEqual([]);
    connection.close();
  });
});
