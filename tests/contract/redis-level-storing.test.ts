import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hash } from 'node:crypto';
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

const variant = (language: string, storedAt = 0) =>
  sampleEntry({ vary: ['accept-language'], varyValues: [language], storedAt });
const wants =
  (language: string) =>
  (_vary: readonly string[], values: readonly string[]): boolean =>
    values[0] === language;
const names = async (): Promise<string[]> => (await server.command('KEYS', '*')) as string[];
const only = async (): Promise<string> => {
  const [name, ...others] = await names();
  expect(others).toEqual([]);
  return name as string;
};
const ttl = async (name: string): Promise<number> => (await server.command('PTTL', name)) as number;

describe('reading', () => {
  async function gets(): Promise<number> {
    const info = (await server.command('INFO', 'commandstats')) as string;
    return Number(/cmdstat_get:calls=(\d+)/.exec(info)?.[1] ?? 0);
  }

  it('asks once for what does not vary, twice for what does', async () => {
    await scene.level.write(sampleEntry());
    await scene.level.write(variant('de'));
    await scene.level.write(sampleEntry({ key: 'other' }));
    const before = await gets();
    expect(await scene.level.read('other', () => true)).toHaveLength(1);
    expect((await gets()) - before).toBe(1);
    expect(await scene.level.read(KEY, wants('de'))).toEqual([variant('de')]);
    expect((await gets()) - before).toBe(3);
    expect(await scene.level.read(KEY, wants('fr'))).toBeUndefined();
    expect((await gets()) - before).toBe(4);
  });

  it('gives what does not vary beside what does', async () => {
    await scene.level.write(sampleEntry({ storedAt: 1 }));
    await scene.level.write(variant('de', 2));
    expect(await scene.level.read(KEY)).toEqual([variant('de', 2), sampleEntry({ storedAt: 1 })]);
    await scene.level.write(sampleEntry({ storedAt: 3 }));
    expect(await scene.level.read(KEY, () => true)).toEqual([sampleEntry({ storedAt: 3 })]);
  });

  it('gives the next that would do where Redis has evicted the first', async () => {
    await scene.level.write(variant('de', 1));
    const before = await names();
    await scene.level.write(variant('en', 2));
    const [newest] = (await names()).filter((name) => !before.includes(name));
    await server.command('DEL', newest as string);
    expect(await scene.level.read(KEY, () => true)).toEqual([variant('de', 1)]);
    expect(await scene.level.read(KEY)).toEqual([variant('de', 1)]);
    await server.command('DEL', ...before.filter((name) => name.length > Math.min(...before.map((n) => n.length))));
    expect(await scene.level.read(KEY)).toBeUndefined();
    expect(await scene.level.read(KEY, () => true)).toBeUndefined();
  });

  it('goes on where Redis has forgotten its scripts', async () => {
    await scene.level.write(sampleEntry());
    await server.command('SCRIPT', 'FLUSH');
    expect(await scene.level.write(sampleEntry({ storedAt: 1 }))).toBe(true);
    expect((await scene.level.read(KEY))?.[0]?.storedAt).toBe(1);
  });
});

describe('bounds', () => {
  it('holds at most 16 variants of a key, and no bytes of those that went', async () => {
    for (let i = 0; i < 20; i++) await scene.level.write(variant(`l${i}`, i));
    const read = await scene.level.read(KEY);
    expect(read?.map(({ storedAt }) => storedAt)).toEqual(Array.from({ length: 16 }, (_, i) => 19 - i));
    expect(await names()).toHaveLength(17);
  });

  it('holds at most so many extended keys of a URL', async () => {
    const { connection, level } = await openRedisLevel(server.url, { maxExtended: 3 });
    for (let i = 0; i < 5; i++) expect(await level.write(sampleEntry({ key: `${KEY} realm=s body=${i}` }))).toBe(true);
    await level.write(sampleEntry({ key: `${KEY} realm=s body=4`, storedAt: 1 }));
    expect(await level.read(`${KEY} realm=s body=4`)).toHaveLength(1);
    expect(await names()).toHaveLength(4);
    expect(await level.remove({ key: `${KEY} realm=s`, url: 'http://a.test/' })).toBe(true);
    expect(await names()).toEqual([]);
    connection.close();
  });

  it.each([
    [1_048_576, true],
    [1_048_577, false],
  ])('a body of %d bytes: %s', async (size, stored) => {
    const entry = sampleEntry({ body: Buffer.alloc(size, 'x') });
    expect(await scene.level.write(entry)).toBe(stored);
    expect((await scene.level.read(KEY))?.[0]?.body.length).toBe(stored ? size : undefined);
    expect(scene.level.health().dropped).toBe(0);
  });

  it.each([
    [8_192 - '[["a"],[""]]'.length, true],
    [8_193 - '[["a"],[""]]'.length, false],
  ])('a selecting header of %d characters: %s', async (length, stored) => {
    const entry = sampleEntry({ vary: ['a'], varyValues: ['x'.repeat(length)] });
    expect(await scene.level.write(entry)).toBe(stored);
    expect((await scene.level.read(KEY)) !== undefined).toBe(stored);
  });

  it('drops what is written while too much is on its way', async () => {
    const entry = sampleEntry({ body: Buffer.alloc(1_000) });
    const { connection, level } = await openRedisLevel(server.url, { maxPendingBytes: 2 * entry.bytes });
    server.freeze();
    const first = [level.write(entry), level.write({ ...entry, key: 'second' })];
    expect(await level.write(sampleEntry({ key: 'third' }))).toBe(false);
    expect(level.health().dropped).toBe(1);
    server.thaw();
    expect(await Promise.all(first)).toEqual([true, true]);
    expect(await level.write(sampleEntry({ key: 'third' }))).toBe(true);
    connection.close();
  });

  it('refuses a prefix that decides the slot, and an id of another length', async () => {
    await expect(openRedisLevel(server.url, { prefix: 'a{b}' })).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(openRedisLevel(server.url, { id: 'short' })).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('time to live', () => {
  it.each([
    ['fresh only', { freshUntil: 60_000, staleWhileRevalidateUntil: 0, staleIfErrorUntil: 0 }, 70_000],
    ['the longest grace', { freshUntil: 1, staleWhileRevalidateUntil: 2_000, staleIfErrorUntil: 90_000 }, 100_000],
    ['a validator', { freshUntil: 1_000, etag: '"1"' }, 611_000],
    ['a date', { freshUntil: 1_000, lastModified: 'Mon, 01 Jan 2024 00:00:00 GMT' }, 611_000],
    ['for ever', { freshUntil: Infinity }, 366 * 86_400_000],
    ['over already', { freshUntil: -5, staleWhileRevalidateUntil: -5, staleIfErrorUntil: -5 }, 10_000],
  ])('%s', async (_what, change, expected) => {
    const entry = sampleEntry({ staleWhileRevalidateUntil: 0, staleIfErrorUntil: 0, ...change });
    await scene.level.write(entry);
    const left = await ttl(await only());
    expect(left).toBeLessThanOrEqual(expected);
    expect(left).toBeGreaterThan(expected - 5_000);
  });

  it('keeps an index as long as its longest variant, and the list of extended keys as long as the longest of them', async () => {
    const key = `${KEY} realm=s body=1`;
    await scene.level.write({ ...variant('de'), key, freshUntil: 500_000 });
    await scene.level.write({ ...variant('en'), key, freshUntil: 100_000 });
    const lengths = await Promise.all((await names()).map(ttl));
    expect(lengths.map((left) => Math.ceil(left / 10_000)).sort((a, b) => a - b)).toEqual([11, 51, 51, 51]);
  });
});

describe('fences', () => {
  const at = (storedAt: number) => sampleEntry({ storedAt });

  it('keeps an overtaken leader out', async () => {
    const { level } = scene;
    expect(await level.write(at(1), 5)).toBe(true);
    expect(await level.write(at(2), 4)).toBe(false);
    expect((await level.read(KEY))?.[0]?.storedAt).toBe(1);
    expect(await level.write(at(3), 5)).toBe(true);
    expect(await level.write(at(4), 2 ** 53 - 1)).toBe(true);
    expect(await level.write(at(5), 2 ** 53 - 2)).toBe(false);
  });

  it('lets those without one in, and keeps the fence for those with one', async () => {
    const { level } = scene;
    await level.write(at(1), 5);
    expect(await level.write(at(2))).toBe(true);
    expect(await level.write(at(3), 4)).toBe(false);
    expect((await level.read(KEY))?.[0]?.storedAt).toBe(2);
  });

  it('are of one variant each', async () => {
    const { level } = scene;
    await level.write(variant('de'), 5);
    expect(await level.write(variant('en'), 4)).toBe(true);
    expect(await level.write(variant('de', 1), 4)).toBe(false);
  });

  it('hold for ten minutes: the numbers may start again', async () => {
    const { level } = scene;
    await level.write(at(1), 5);
    const name = await only();
    const wall = (ago: number) => String(Date.now() - ago).padStart(13, '0');
    await server.command('SETRANGE', name, 17, wall(590_000));
    expect(await level.write(at(2), 1)).toBe(false);
    await server.command('SETRANGE', name, 17, wall(601_000));
    expect(await level.write(at(3), 1)).toBe(true);
  });

  it('does not take an entry that was refused for the stored one', async () => {
    const { level } = scene;
    const [stored, refused] = [at(1), at(2)];
    await level.write(stored, 5);
    await level.write(refused, 4);
    expect(await level.remove(refused)).toBe(false);
    expect(await level.write(stored, 4)).toBe(false);
    expect(await level.remove(stored)).toBe(true);
  });
});

describe('removing', () => {
  it('removes what is still on its way', async () => {
    const entry = sampleEntry();
    const written = scene.level.write(entry);
    expect(await scene.level.remove(entry)).toBe(true);
    expect(await written).toBe(true);
    expect(await scene.level.read(KEY)).toBeUndefined();
  });

  it('removes what another instance stored, once it was read', async () => {
    const other = await openRedisLevel(server.url);
    await other.level.write(variant('de'));
    const [read] = (await scene.level.read(KEY)) ?? [];
    await other.level.write(variant('de', 1));
    expect(await scene.level.remove(read as never)).toBe(false);
    const [again] = (await scene.level.read(KEY)) ?? [];
    expect(await scene.level.remove(again as never)).toBe(true);
    expect(await names()).toEqual([]);
    other.connection.close();
  });
});

it('keeps all names of a URL in one slot, and says nothing of the URL', async () => {
  await scene.level.write(variant('de'));
  await scene.level.write(sampleEntry({ key: `${KEY} realm=s body=1` }));
  const found = await names();
  expect(found).toHaveLength(4);
  const tag = hash('sha256', 'http://a.test/', 'base64url');
  for (const name of found) expect(name.startsWith(`test:l3:{${tag}}:`)).toBe(true);
});
