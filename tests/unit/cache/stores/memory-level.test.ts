import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../lib/cache/entry.ts';
import { createMemoryLevel, type Farewell } from '../../../../lib/cache/stores/memory-level.ts';
import { manualClock } from '../../../../lib/kernel/clock.ts';
import { sampleEntry } from '../../../suites/level.ts';

const variant = (value: string, key = 'k') => sampleEntry({ key, vary: ['x'], varyValues: [value] });
const ONE = variant('a').bytes;

function recorded(budgetBytes: number, maxVariants?: number) {
  const gone: [Entry, Farewell][] = [];
  const onEvict = (entry: Entry, why: Farewell) => void gone.push([entry, why]);
  const clock = manualClock();
  const level = createMemoryLevel({
    budgetBytes,
    clock,
    onEvict,
    ...(maxVariants === undefined ? {} : { maxVariants }),
  });
  return { level, clock, gone };
}

describe('memory level', () => {
  it('answers at once, with the list itself', () => {
    const { level } = recorded(10 * ONE);
    level.write(variant('a'));
    const list = level.read('k');
    expect(level.read('k')).toBe(list);
    level.write(variant('b'));
    expect(list).toHaveLength(1);
    expect(level.read('k')).toHaveLength(2);
  });

  it('evicts what was not read before what was', () => {
    const { level, gone } = recorded(3 * ONE);
    for (const key of ['a', 'b', 'c']) level.write(variant('x', key));
    level.read('a');
    level.write(variant('x', 'd'));
    expect(gone.map(([entry, why]) => [entry.key, why])).toEqual([['b', 'evicted']]);
    expect(level.stats().evictions).toBe(1);
  });

  it('takes a look for no use', () => {
    const { level, gone } = recorded(2 * ONE);
    for (const key of ['a', 'b']) level.write(variant('x', key));
    expect(level.read('a', undefined, true)).toHaveLength(1);
    level.write(variant('x', 'c'));
    expect(gone.map(([entry]) => entry.key)).toEqual(['a']);
  });

  it('evicts all variants of a key together', () => {
    const { level, gone } = recorded(3 * ONE);
    level.write(variant('1', 'a'));
    level.write(variant('2', 'a'));
    level.write(variant('1', 'b'));
    level.write(variant('1', 'c'));
    expect(gone.map(([entry]) => entry.varyValues[0])).toEqual(['2', '1']);
    expect(level.read('a')).toBeUndefined();
    expect(level.stats()).toMatchObject({ entries: 2, bytes: 2 * ONE, evictions: 2 });
  });

  it('never makes the key that is written its own victim', () => {
    const { level, gone } = recorded(3 * ONE);
    for (const key of ['a', 'b', 'c']) level.write(variant('1', key));
    level.read('b');
    level.read('c');
    level.write(variant('2', 'a'));
    expect(level.read('a')).toHaveLength(2);
    expect(gone.map(([entry]) => entry.key)).toEqual(['b']);
  });

  it('keeps a key marked as used when it grows', () => {
    const { level, gone } = recorded(3 * ONE);
    for (const key of ['a', 'b', 'c']) level.write(variant('1', key));
    level.read('a');
    level.write(variant('2', 'a'));
    level.write(variant('1', 'd'));
    expect(gone.map(([entry]) => entry.key)).toEqual(['b', 'c']);
  });

  it('drops the oldest variant past the bound, or past the budget', () => {
    const few = recorded(100 * ONE, 2);
    for (const value of ['1', '2', '3']) few.level.write(variant(value));
    expect(few.level.read('k')?.map((entry) => entry.varyValues[0])).toEqual(['3', '2']);
    expect(few.gone.map(([entry, why]) => [entry.varyValues[0], why])).toEqual([['1', 'evicted']]);

    const small = recorded(2 * ONE);
    for (const value of ['1', '2', '3']) small.level.write(variant(value));
    expect(small.level.read('k')?.map((entry) => entry.varyValues[0])).toEqual(['3', '2']);
    expect(small.level.stats()).toMatchObject({ bytes: 2 * ONE, evictions: 1 });
  });

  it('bounds variants at 16 unless told otherwise', () => {
    const { level } = recorded(100 * ONE);
    for (let i = 0; i < 20; i++) level.write(variant(String(i)));
    expect(level.read('k')).toHaveLength(16);
  });

  it('keeps an entry that is written again, and moves it to the front', () => {
    const { level, gone } = recorded(10 * ONE);
    const [a, b] = [variant('a'), variant('b')];
    for (const entry of [a, b, a]) level.write(entry);
    expect(level.read('k')).toEqual([a, b]);
    expect(gone).toEqual([]);
  });

  it('lets go first of what can answer nothing any more, in grace or without', () => {
    const { level, clock, gone } = recorded(4 * ONE);
    const until = (key: string, fresh: number, grace: number, mustRevalidate = false) =>
      sampleEntry({
        ...{ key, vary: ['x'], varyValues: ['a'], mustRevalidate },
        ...{ freshUntil: fresh, staleWhileRevalidateUntil: fresh, staleIfErrorUntil: grace },
      });
    level.write(until('a', 1_000, 1_000));
    level.write(until('b', 100, 1_000));
    level.write(until('c', 100, 1_000, true));
    level.write(until('d', 100, 100));
    for (const key of ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']) level.read(key);
    clock.advance(100);
    level.write(until('e', 1_000, 1_000));
    level.write(until('f', 1_000, 1_000));
    expect(gone.map(([entry]) => entry.key)).toEqual(['c', 'd']);
  });

  it('declines what is far larger than the rest, changing nothing, until it has been written often', () => {
    const { level, gone } = recorded(100 * ONE);
    for (let i = 0; i < 100; i++) level.write(variant('a', String(i)));
    const held = level.stats();
    const large = sampleEntry({ key: 'large', body: Buffer.alloc(40 * ONE) });
    let declined = 0;
    while (!level.write(large)) {
      expect(level.read('large')).toBeUndefined();
      expect(level.markOf('large')).toBeUndefined();
      expect(level.stats()).toEqual(held);
      expect(level.remove({ key: 'large', url: 'large' })).toBe(false);
      declined++;
    }
    expect(declined).toBe(6);
    expect(level.read('large')).toEqual([large]);
    expect(gone.length).toBeGreaterThan(39);
  });

  it('knows a key again that had to go, and finds it by its URL when it is back', () => {
    const { level } = recorded(20 * ONE);
    const key = 'POST http://a.test/ realm=s body=abc';
    const write = (count: number, prefix: string) => {
      for (let i = 0; i < count; i++) level.write(variant('a', prefix + String(i)));
    };
    level.write(variant('a', key));
    write(20, 'x');
    expect(level.read(key)).toBeUndefined();
    level.write(variant('a', key));
    write(100, 'y');
    expect(level.read(key)).toHaveLength(1);
    expect(level.remove({ key: 'GET http://a.test/ realm=s', url: 'http://a.test/' })).toBe(true);
    expect(level.read(key)).toBeUndefined();
  });

  it('is consistent when it gives an entry back', () => {
    const seen: number[] = [];
    const level = createMemoryLevel({
      budgetBytes: 2 * ONE,
      clock: manualClock(),
      onEvict(entry) {
        seen.push(level.stats().bytes);
        expect(level.read(entry.key)?.includes(entry) ?? false).toBe(false);
        expect(level.remove(entry)).toBe(false);
      },
    });
    for (const key of ['a', 'b', 'c', 'c']) level.write(variant('1', key));
    expect(seen).toEqual([2 * ONE, 2 * ONE]);
  });

  it('gives each entry back exactly once, whatever happens', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.constantFrom('1', '2', '3', '4'),
      size: fc.nat(ONE),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { level, gone } = recorded(5 * ONE, 3);
        const written: Entry[] = [];
        for (const { key, value, size, remove } of steps) {
          const first = level.read(key)?.[0];
          if (remove && first !== undefined) {
            level.remove(first);
            expect(gone.at(-1)).toEqual([first, 'removed']);
          } else {
            const entry = sampleEntry({ key, vary: ['x'], varyValues: [value], body: Buffer.alloc(size) });
            if (level.write(entry)) written.push(entry);
          }
        }
        const held = ['a', 'b', 'c'].flatMap((key) => level.read(key) ?? []);
        const left = gone.map(([entry]) => entry);
        expect(new Set(left).size).toBe(left.length);
        expect(new Set([...held, ...left])).toEqual(new Set(written));
        expect(held.length + left.length).toBe(written.length);
        expect(level.stats().evictions).toBe(gone.filter(([, why]) => why === 'evicted').length);
      }),
    );
  });
});
