import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../lib/cache/entry.ts';
import type { Level } from '../../../../lib/cache/level.ts';
import { PIECE_BYTES } from '../../../../lib/cache/seal/sealed-bytes.ts';
import { createSealedLevel } from '../../../../lib/cache/seal/sealed-level.ts';
import { createMemoryLevel } from '../../../../lib/cache/stores/memory-level.ts';
import { createTimebase } from '../../../../lib/cache/timebase.ts';
import { manualClock } from '../../../../lib/kernel/clock.ts';
import { sampleEntry } from '../../../support/sample-entry.ts';
import { testKey } from '../../../support/sealed-level.ts';

const timebase = createTimebase(manualClock());
const KEY = 'GET http://a.test/me?token=secret realm=s/1/sensitive';
const URL = 'http://a.test/me?token=secret';
const entry = sampleEntry({
  key: KEY,
  headers: ['X-Card', 'secret'],
  body: Buffer.from('a secret body'),
  tags: ['secret'],
  etag: '"secret"',
});
const variant = (language: string, storedAt = 0): Entry =>
  sampleEntry({ key: KEY, vary: ['accept-language'], varyValues: [language], storedAt });

function scene(numbers = [1], maxPendingBytes = 64 * 1_048_576) {
  const inner = createMemoryLevel({ budgetBytes: 100 * 1_048_576, clock: manualClock() });
  const written: Entry[] = [];
  const said: string[] = [];
  const level: Level = {
    ...inner,
    write(entry) {
      written.push(entry);
      return inner.write(entry);
    },
  };
  /** The level as it is with these keys, over what lies there already. */
  const withKeys = (numbers: readonly number[]) =>
    createSealedLevel({
      level,
      timebase,
      keys: numbers.map(testKey),
      onWarning: (sentence) => said.push(sentence),
      maxPendingBytes,
    });
  return { inner, written, said, withKeys, level: withKeys(numbers) };
}

describe('a level that encrypts sensitive entries', () => {
  it('hands on what is not sensitive as it is', async () => {
    const { inner, level } = scene();
    const plain = sampleEntry();
    expect(level.write(plain)).toBe(true);
    expect(level.read(plain.key)).toEqual([plain]);
    expect(inner.read(plain.key)?.[0]).toBe(plain);
    expect(level.remove(plain)).toBe(true);
    expect(level.stats()).toEqual(inner.stats());
  });

  it('leaves nothing of an entry readable but its size and times', async () => {
    const { written, level } = scene();
    await level.write(entry);
    await level.write(sampleEntry({ key: KEY, vary: ['cookie'], varyValues: ['secret'] }));
    expect(await level.read(KEY)).toHaveLength(2);
    expect(written).toHaveLength(2);
    for (const { body, ...rest } of written) {
      expect(JSON.stringify(rest)).not.toMatch(/secret|a\.test|x-card/i);
      expect(body.toString('latin1')).not.toMatch(/secret|a\.test|x-card/i);
    }
    expect(written[0]).toMatchObject({ freshUntil: 1_000, storedAt: 0, etag: '', vary: [] });
    expect(written[1]).toMatchObject({ vary: ['sealed'], etag: undefined });
  });

  it('keeps sensitive entries out where there is no key', async () => {
    const { written, level } = scene([]);
    expect(level.write(entry)).toBe(false);
    expect(await level.read(KEY)).toBeUndefined();
    expect(level.remove(entry)).toBe(false);
    expect(level.remove({ key: KEY, url: URL })).toBe(false);
    expect(written).toEqual([]);
  });

  it('reads with the keys of before, and writes with the first', async () => {
    const { withKeys, said } = scene();
    await withKeys([1]).write(entry);
    expect(await withKeys([2, 1]).read(KEY)).toEqual([entry]);
    expect(await withKeys([2]).read(KEY)).toBeUndefined();
    await withKeys([2, 1]).write({ ...entry, storedAt: 5 });
    expect((await withKeys([2]).read(KEY))?.[0]?.storedAt).toBe(5);
    expect((await withKeys([2, 1]).read(KEY))?.map(({ storedAt }) => storedAt)).toEqual([5]);
    expect(said).toEqual([]);
  });

  it('looks for a variant among those of the keys of before, too', async () => {
    const { withKeys } = scene();
    await withKeys([1]).write(variant('en'));
    await withKeys([2, 1]).write(variant('de'));
    const level = withKeys([2, 1]);
    const languages = async (language: string) =>
      (await level.read(KEY, (vary, [value]) => vary[0] === 'accept-language' && value === language))?.map(
        ({ varyValues }) => varyValues[0],
      );
    expect(await languages('de')).toEqual(['de']);
    expect(await languages('en')).toContain('en');
  });

  it('removes all of a URL, whichever key sealed it, and what is not sealed', async () => {
    const { withKeys, inner } = scene();
    await withKeys([1]).write(entry);
    await withKeys([1]).write(sampleEntry({ key: `POST ${URL} realm=s/1/sensitive body=abc` }));
    const level = withKeys([2, 1]);
    await level.write(variant('de'));
    await level.write(sampleEntry({ key: `POST ${URL} realm=s/1 body=abc` }));
    expect(await level.remove({ key: KEY, url: URL })).toBe(true);
    expect(inner.stats().entries).toBe(0);
    expect(await level.remove({ key: KEY, url: URL })).toBe(false);
  });

  it('takes an entry that does not open for none, drops it, and says so once', async () => {
    const { written, said, inner, level } = scene();
    for (const language of ['de', 'en']) await level.write(variant(language));
    await level.write(entry);
    const [de, en, plain] = written as [Entry, Entry, Entry];
    // One bit is another; the end is missing; it's none at all.
    inner.write({ ...de, body: Buffer.from(de.body.map((byte, i) => (i === 60 ? byte ^ 1 : byte))) });
    inner.write({ ...en, body: en.body.subarray(0, -1) });
    inner.write({ ...plain, body: Buffer.alloc(10) });
    expect(await level.read(KEY)).toBeUndefined();
    expect(level.unreadable).toBe(3);
    expect(said).toEqual([expect.stringContaining("doesn't open")]);
    expect(inner.stats().entries).toBe(0);
  });

  it('opens a body that was moved to another URL nowhere', async () => {
    const { written, inner, level } = scene();
    const other = KEY.replace('/me', '/you');
    await level.write(sampleEntry({ key: other }));
    await level.write(entry);
    inner.write({ ...(written[0] as Entry), body: (written[1] as Entry).body });
    expect(await level.read(other)).toBeUndefined();
    expect(await level.read(KEY)).toEqual([entry]);
  });

  it('goes on without a variant whose description does not open', async () => {
    const { written, inner, level } = scene();
    await level.write(variant('de'));
    inner.write({ ...(written[0] as Entry), varyValues: ['nonsense'] });
    const asked: string[] = [];
    // The memory level gives all of a key, whatever is accepted: as one does that asks first.
    const asking = createSealedLevel({
      level: {
        ...inner,
        read: (key, accepts) => inner.read(key)?.filter(({ vary, varyValues }) => accepts?.(vary, varyValues) ?? true),
      },
      timebase,
      keys: [testKey(1)],
      onWarning() {},
    });
    await asking.read(KEY, (_, [value]) => asked.push(String(value)) > 0);
    expect(new Set(asked)).toEqual(new Set(['de']));
  });
});

describe('a large entry, which is sealed in several turns', () => {
  const large = sampleEntry({ key: KEY, body: Buffer.alloc(2 * PIECE_BYTES, 'x') });

  it('comes back whole', async () => {
    const { level } = scene();
    expect(await level.write(large)).toBe(true);
    expect((await level.read(KEY))?.[0]?.body.equals(large.body)).toBe(true);
  });

  it('is not stored when it is removed meanwhile, alone or with its URL', async () => {
    for (const what of [large, { key: KEY, url: URL }, { key: 'GET http://a.test/me realm=s', url: URL }]) {
      const { inner, level } = scene();
      const stored = level.write(large);
      expect(await level.remove(what)).toBe(true);
      expect(await stored).toBe(false);
      expect(inner.stats().entries).toBe(0);
    }
  });

  it('gives way to a newer one of the same variant, and not to others', async () => {
    const { level } = scene();
    const [stored, other] = [level.write(large), level.write({ ...large, key: `${KEY} body=1` })];
    expect(await level.write(entry)).toBe(true);
    expect([await stored, await other]).toEqual([false, true]);
    expect(await level.read(KEY)).toEqual([entry]);
  });

  it('is dropped where too many are under way', async () => {
    const { level } = scene([1], 3 * PIECE_BYTES);
    const stored = level.write(large);
    expect(level.write({ ...large, key: `${KEY} body=1` })).toBe(false);
    expect(level.dropped).toBe(1);
    expect(await stored).toBe(true);
    expect(await level.write({ ...large, key: `${KEY} body=1` })).toBe(true);
  });
});
