import { describe, expect, it } from 'vitest';
import { createClearLog, type Clearable } from '../../lib/cache/clear-log.ts';
import type { ClearBounds } from '../../lib/cache/clear-book.ts';
import type { ClearDraft, ClearScope, ClearSource } from '../../lib/cache/clear-record.ts';
import type { Slices } from '../../lib/cache/clear-slice.ts';

/** An entry as the clear log sees it. */
export function clearable(url: string, clearNumber: number, tags: readonly string[] = [], service = 's'): Clearable {
  return { key: `GET ${url} realm=x`, service, tags, clearNumber, tested: clearNumber };
}

/** Takes over all of it at once. */
export function finish(slices: Slices): void {
  while (slices.next().done !== true);
}

/** What every ClearSource keeps. `create` makes an empty one with the given bounds. */
export function clearSourceSuite(
  name: string,
  create: (bounds: ClearBounds) => ClearSource | Promise<ClearSource>,
): void {
  const roomy = { names: 100, patterns: 100 };
  const hard = (scope: ClearScope): ClearDraft => ({ scope, mode: 'hard' });
  const soft = (scope: ClearScope): ClearDraft => ({ scope, mode: 'soft' });

  describe(`clear source: ${name}`, () => {
    it('starts empty', async () => {
      const source = await create(roomy);
      expect(await source.head()).toEqual({ number: 0, id: '' });
      expect(await source.since(0)).toEqual({ head: { number: 0, id: '' }, folded: [], records: [] });
    });

    it('counts, and tells what follows on any number', async () => {
      const source = await create(roomy);
      const scopes: ClearScope[] = [
        { key: 'http://a/' },
        { tag: 't' },
        { tag: 't', service: 's', origin: 'http://a' },
        { prefix: 'http://a/b' },
        { prefix: 'http://a/b', service: 's' },
        { glob: '*.png' },
        { glob: '*.png', service: 's' },
        { service: 's' },
        { all: true },
      ];
      const written = [];
      for (const scope of scopes) written.push(await source.append(soft(scope)));
      written.push(await source.append({ voids: written[0]?.id as string }));
      const first = written[0]?.number as number;
      expect(first).toBeGreaterThan(0);
      expect(written.map(({ number }) => number)).toEqual(written.map((_, i) => first + i));
      expect(new Set(written.map(({ id }) => id)).size).toBe(10);
      const head = { number: first + 9, id: written[9]?.id };
      expect(await source.head()).toEqual(head);
      expect(await source.since(0)).toEqual({ head, folded: [], records: written });
      expect((await source.since(first + 7)).records).toEqual(written.slice(8));
      expect((await source.since(first + 9)).records).toEqual([]);
    });

    it('gives simultaneous writers a number each', async () => {
      const source = await create(roomy);
      const written = await Promise.all(Array.from({ length: 20 }, (_, i) => source.append(hard({ key: `k${i}` }))));
      const numbers = written.map(({ number }) => number).sort((a, b) => a - b);
      expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] as number) + i));
      expect((await source.since(0)).records.map(({ number }) => number)).toEqual(numbers);
    });

    it('folds the oldest past its bounds, each into a clear of its service and mode', async () => {
      const source = await create({ names: 2, patterns: 2 });
      const one = await source.append(hard({ tag: 'a', service: 's' }));
      const two = await source.append(soft({ key: 'b' }));
      const three = await source.append(soft({ glob: '*c' }));
      const four = await source.append(hard({ prefix: 'd', service: 'o' }));
      expect((await source.since(0)).folded).toEqual([]);
      const five = await source.append(hard({ all: true }));
      expect((await source.since(0)).folded).toEqual([{ service: 's', mode: 'hard', number: one.number }]);
      expect((await source.since(0)).records).toEqual([two, three, four, five]);
      await source.append(hard({ service: 's' }));
      await source.append(hard({ glob: 'e*' }));
      await source.append(hard({ glob: 'f*' }));
      const { folded, records } = await source.since(0);
      expect(folded).toContainEqual({ service: undefined, mode: 'soft', number: three.number });
      expect(folded).toContainEqual({ service: 'o', mode: 'hard', number: four.number });
      expect(folded).toHaveLength(3);
      expect(records).toHaveLength(4);
    });

    it('lets what was voided go without folding it', async () => {
      const source = await create({ names: 2, patterns: 2 });
      const one = await source.append(hard({ key: 'a' }));
      await source.append({ voids: one.id });
      // As every instance does within 50 ms.
      await source.since(0);
      const others = [await source.append(soft({ key: 'b' })), await source.append(soft({ key: 'c' }))];
      expect(await source.since(0)).toMatchObject({ folded: [], records: others });
    });

    it('says a second undo once, and refuses one of what is not there', async () => {
      const source = await create({ names: 1, patterns: 1 });
      const one = await source.append(soft({ key: 'a' }));
      const undo = await source.append({ voids: one.id });
      expect(await source.append({ voids: one.id })).toEqual(undo);
      expect(await source.head()).toEqual({ number: undo.number, id: undo.id });
      await expect(source.append({ voids: undo.id })).rejects.toMatchObject({ code: 'not_found' });
      await expect(source.append({ voids: 'never' })).rejects.toMatchObject({ code: 'not_found' });
      await source.append(soft({ key: 'b' }));
      await expect(source.append({ voids: one.id })).rejects.toMatchObject({ code: 'not_found' });
    });

    it('refuses what is no clear', async () => {
      const source = await create(roomy);
      const drafts = [{}, { scope: {}, mode: 'hard' }, { scope: { key: '' }, mode: 'hard' }, { scope: { all: true } }];
      for (const draft of [...drafts, hard({ prefix: 'x'.repeat(65_537) })]) {
        await expect(source.append(draft as ClearDraft)).rejects.toMatchObject({ code: 'validation_failed' });
      }
      expect((await source.append(hard({ prefix: 'x'.repeat(65_536) }))).number).toBeGreaterThan(0);
    });

    it('brings a log that starts late to where one stands that followed', async () => {
      const bounds = { names: 3, patterns: 2 };
      const source = await create(bounds);
      const logOf = () => createClearLog({ maxNames: bounds.names, maxPatterns: bounds.patterns });
      const followed = logOf();
      finish(followed.replace(await source.since(0)));
      const drafts = [
        hard({ key: 'http://a/' }),
        soft({ glob: '*z' }),
        soft({ tag: 't' }),
        hard({ prefix: 'http://b' }),
      ];
      const entries = [clearable('http://a/', 0), clearable('http://b/z', 0), clearable('http://c/', 0, ['t'], 'o')];
      for (let round = 0; round < 3; round++) {
        for (const draft of drafts) {
          const written = await source.append(draft);
          if (round === 1) await source.append({ voids: written.id });
          const news = await source.since(followed.head);
          if (followed.continues(news)) finish(followed.apply(news));
          else finish(followed.replace(await source.since(0)));
          const late = logOf();
          finish(late.replace(await source.since(0)));
          expect([late.head, late.id]).toEqual([followed.head, followed.id]);
          for (const entry of entries) {
            expect(late.verdict({ ...entry, clearNumber: 1, tested: 1 })).toBe(
              followed.verdict({ ...entry, clearNumber: 1, tested: 1 }),
            );
          }
        }
      }
    });
  });
}
