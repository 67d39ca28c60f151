import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryBytes, type Entry } from '../../lib/cache/entry.ts';
import type { Level, LevelStats } from '../../lib/cache/level.ts';
import { sampleEntry } from '../support/sample-entry.ts';

export { sampleEntry };

export interface LevelSuiteOptions {
  /** False for a level whose budget, eviction and figures are those of a server that others use too. */
  readonly accounts?: boolean;
  /** False for a level that may decline an entry for the sake of what it holds. */
  readonly takesAll?: boolean;
}

/** What every Level keeps. `create` makes an empty one with a budget in bytes. */
export function levelSuite(
  name: string,
  create: (budgetBytes: number) => Level | Promise<Level>,
  { accounts = true, takesAll = true }: LevelSuiteOptions = {},
): void {
  const counts = (level: Level, expected: Partial<LevelStats>): void => {
    if (accounts) expect(level.stats()).toMatchObject(expected);
  };
  const variant = (language: string, storedAt = 0) =>
    sampleEntry({ vary: ['accept-language'], varyValues: [language], storedAt });

  describe(`level: ${name}`, () => {
    it('starts empty', async () => {
      const level = await create(10_000);
      expect(await level.read('GET http://a.test/')).toBeUndefined();
      counts(level, { entries: 0, bytes: 0, budgetBytes: 10_000, evictions: 0 });
    });

    it('gives back what was written, whole', async () => {
      const level = await create(10_000);
      const entry = sampleEntry({ tags: ['a'], etag: '"1"', body: Buffer.from([0, 255, 10]) });
      expect(await level.write(entry)).toBe(true);
      expect(await level.read(entry.key)).toEqual([entry]);
      counts(level, { entries: 1, bytes: entry.bytes });
    });

    it('gives back which parts of a body it was given, until the whole takes their place', async () => {
      const level = await create(10_000);
      const partial = {
        length: 1_000,
        ranges: [
          { start: 0, end: 1 },
          { start: 997, end: 999 },
        ],
      };
      const [parts, whole] = [sampleEntry({ partial }), sampleEntry({ body: Buffer.alloc(1_000) })];
      expect(await level.write(parts)).toBe(true);
      expect(await level.read(parts.key)).toEqual([parts]);
      expect(await level.write(whole)).toBe(true);
      expect(await level.read(whole.key)).toEqual([whole]);
      counts(level, { entries: 1, bytes: whole.bytes });
    });

    it('keeps keys apart', async () => {
      const level = await create(10_000);
      const [one, other] = [sampleEntry({ key: 'one' }), sampleEntry({ key: 'other' })];
      await level.write(one);
      await level.write(other);
      expect(await level.read('one')).toEqual([one]);
      expect(await level.read('other')).toEqual([other]);
      expect(await level.read('on')).toBeUndefined();
    });

    it('keeps variants of one key, newest first', async () => {
      const level = await create(10_000);
      await level.write(variant('de', 1));
      await level.write(variant('en', 2));
      await level.write(sampleEntry({ vary: ['cookie'], varyValues: ['en'], storedAt: 3 }));
      const read = await level.read(variant('de').key);
      expect(read?.map((entry) => [entry.vary[0], entry.varyValues[0]])).toEqual([
        ['cookie', 'en'],
        ['accept-language', 'en'],
        ['accept-language', 'de'],
      ]);
      counts(level, { entries: 3 });
    });

    it('replaces the same variant, and only that', async () => {
      const level = await create(10_000);
      await level.write(variant('de', 1));
      await level.write(variant('en', 2));
      await level.write(variant('de', 3));
      const read = await level.read(variant('de').key);
      expect(read?.map((entry) => entry.storedAt)).toEqual([3, 2]);
      counts(level, { entries: 2, bytes: 2 * variant('de').bytes });
    });

    it('removes an entry while it is the one stored', async () => {
      const level = await create(10_000);
      const [old, renewed, other] = [variant('de', 1), variant('de', 2), variant('en', 3)];
      await level.write(old);
      await level.write(renewed);
      await level.write(other);
      expect(await level.remove(old)).toBe(false);
      counts(level, { entries: 2 });
      expect(await level.remove(renewed)).toBe(true);
      expect(await level.remove(renewed)).toBe(false);
      expect(await level.read(other.key)).toEqual([other]);
      expect(await level.remove(other)).toBe(true);
      expect(await level.read(other.key)).toBeUndefined();
      expect(await level.remove(sampleEntry({ key: 'never written' }))).toBe(false);
      counts(level, { entries: 0, bytes: 0 });
    });

    it('removes all that is stored for a URL, and only that', async () => {
      const level = await create(20_000);
      const key = 'GET http://a.test/ realm=s';
      await level.write(sampleEntry({ key, vary: ['accept-language'], varyValues: ['de'] }));
      await level.write(sampleEntry({ key, vary: ['accept-language'], varyValues: ['en'] }));
      await level.write(sampleEntry({ key: `${key} headers=2,3:x-a,1:1` }));
      await level.write(sampleEntry({ key: `POST http://a.test/ realm=s body=abc` }));
      const others = ['GET http://a.test/b realm=s', 'GET http://a.test/b realm=s headers=2,3:x-a,1:1'];
      for (const other of others) await level.write(sampleEntry({ key: other }));
      expect(await level.remove({ key, url: 'http://a.test/' })).toBe(true);
      expect(await level.read(key)).toBeUndefined();
      expect(await level.read(`${key} headers=2,3:x-a,1:1`)).toBeUndefined();
      expect(await level.read(`POST http://a.test/ realm=s body=abc`)).toBeUndefined();
      for (const other of others) expect(await level.read(other)).toHaveLength(1);
      counts(level, { entries: 2, evictions: 0 });
      expect(await level.remove({ key, url: 'http://a.test/' })).toBe(false);
    });

    if (accounts) {
      it('refuses what is larger than its budget, and loses nothing for it', async () => {
        const level = await create(2_000);
        const entry = sampleEntry();
        await level.write(entry);
        expect(await level.write(sampleEntry({ body: Buffer.alloc(2_000) }))).toBe(false);
        expect(await level.read(entry.key)).toEqual([entry]);
        counts(level, { entries: 1, bytes: entry.bytes, evictions: 0 });
      });

      it('takes an entry of exactly its budget', async () => {
        const entry = sampleEntry({ key: 'large', body: Buffer.alloc(5_000) });
        const level = await create(entry.bytes);
        expect(await level.write(entry)).toBe(true);
        expect(await level.read('large')).toEqual([entry]);
        counts(level, { entries: 1, bytes: entry.bytes, evictions: 0 });
      });
    }

    if (accounts && takesAll) {
      it('gives up the rest for an entry of exactly its budget', async () => {
        const entry = sampleEntry({ key: 'large', body: Buffer.alloc(5_000) });
        const level = await create(entry.bytes);
        await level.write(sampleEntry({ key: 'small' }));
        expect(await level.write(entry)).toBe(true);
        expect(await level.read('large')).toEqual([entry]);
        expect(await level.read('small')).toBeUndefined();
        counts(level, { entries: 1, bytes: entry.bytes, evictions: 1 });
      });
    }

    it('counts to the byte, and stays within its budget, whatever is written and removed', async () => {
      const budget = accounts ? 6_000 : Infinity;
      const step = fc.record({
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        language: fc.constantFrom('de', 'en', 'fr'),
        size: fc.nat(7_000),
        act: fc.constantFrom('write', 'write', 'write', 'remove', 'read'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const level = await create(budget);
          for (const { key, language, size, act } of steps) {
            const held = await level.read(key);
            if (act === 'remove' && held?.[0] !== undefined) expect(await level.remove(held[0])).toBe(true);
            if (act === 'write') {
              const entry = sampleEntry({
                key,
                vary: ['accept-language'],
                varyValues: [language],
                body: Buffer.alloc(size),
              });
              const fits = entry.bytes <= budget;
              const taken = await level.write(entry);
              if (takesAll || !fits) expect(taken).toBe(fits);
              const now = await level.read(key);
              if (taken) expect(now?.[0]).toEqual(entry);
              else if (!takesAll) expect(now).toEqual(held);
            }
            const entries: Entry[] = [];
            for (const each of ['a', 'b', 'c', 'd', 'e']) entries.push(...((await level.read(each)) ?? []));
            if (!accounts) continue;
            const stats = level.stats();
            expect(stats.entries).toBe(entries.length);
            expect(stats.bytes).toBe(entries.reduce((sum, entry) => sum + entryBytes(entry), 0));
            expect(stats.bytes).toBeLessThanOrEqual(budget);
          }
        }),
        // What makes room for an entry may take out the one whose place it takes.
        {
          examples: [
            [
              [
                { key: 'd', language: 'fr', size: 45, act: 'write' },
                { key: 'a', language: 'de', size: 1_683, act: 'write' },
                { key: 'd', language: 'fr', size: 3_210, act: 'write' },
              ],
            ],
          ],
        },
      );
    });
  });
}
