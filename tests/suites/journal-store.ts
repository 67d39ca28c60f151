import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { JournalEntry, JournalFilter } from '../../lib/contracts/journal.ts';
import type { JournalArchive, JournalStore } from '../../lib/journal/journal-store.ts';
import type { JournalRecord, JournalSubject, RecordDraft } from '../../lib/journal/record.ts';
import { chainOf } from '../support/journal-chain.ts';
import { foldJournal } from '../support/journal-fold.ts';

type Both = JournalStore & JournalArchive;

const person = (id: string, change: Partial<JournalSubject> = {}): JournalSubject => ({
  id,
  actor: 'person:1',
  name: 'Ada 100%_',
  address: '192.0.2.1',
  agent: 'curl/8',
  at: 1_000,
  ...change,
});

const root = (chain: string): { chain: string; number: 0; mac: '' } => ({ chain, number: 0, mac: '' });

/** A chain in which every third command has an outcome. */
function sampleChain(chain: string, length: number, at: number): JournalRecord[] {
  const drafts: Partial<RecordDraft>[] = [{ at, kind: 'opened', action: 'open', detail: '{"previous":null}' }];
  for (let n = 1; n < length; n++) {
    // Two to each millisecond.
    const when = at + Math.floor(n / 2);
    if (n % 3 === 0)
      drafts.push({
        at: when,
        kind: 'outcome',
        of: n - 1,
        outcome: (['done', 'refused', 'failed'] as const)[n % 3 === 0 ? (n / 3) % 3 : 0]!,
        detail: JSON.stringify({ after: { n }, error: n % 2 === 0 ? 'No.' : undefined, tookMs: n + 0.5 }),
      });
    else
      drafts.push({
        at: when,
        kind: n % 5 === 4 ? 'event' : 'command',
        action: n % 2 === 0 ? 'clearCache' : 'setMode',
        actor: n % 2 === 0 ? 'person:1' : 'token:2',
        subject: n % 4 === 0 ? 'a' : 'b',
        target: n % 4 === 1 ? null : `https://shop.test/100%_${n}`,
        requestId: `r-${n}`,
        detail: JSON.stringify({ before: n, after: { list: [n, 'zwei', null] } }),
      });
  }
  return chainOf(drafts, root(chain));
}

async function all(store: JournalStore, filter: JournalFilter, limit: number): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (let after: string | undefined; ;) {
    const page = await store.page({ ...filter, limit, ...(after === undefined ? {} : { after }) });
    entries.push(...page.entries);
    if (page.next === null) return entries;
    expect(page.entries).toHaveLength(limit);
    after = page.next;
  }
}

/** What every store of the journal keeps. `create` makes an empty one, and what closes it. */
export function journalStoreSuite(
  name: string,
  create: () => Promise<{ store: Both; close: () => Promise<void> }>,
): void {
  describe(`journal store: ${name}`, () => {
    let close = async (): Promise<void> => {};

    afterEach(async () => {
      await close();
      close = async () => {};
    });

    async function make(): Promise<Both> {
      const made = await create();
      close = made.close;
      return made.store;
    }

    it('starts empty', async () => {
      const store = await make();
      expect(await store.page({ limit: 5 })).toEqual({ entries: [], next: null });
      expect(await store.chains()).toEqual([]);
      expect(await store.read('one:a', 0, 5)).toEqual({ records: [], subjects: [] });
      expect(await store.last('one')).toBeNull();
      expect(await store.erase('person:1')).toBe(0);
      expect(await store.prunable({ before: 1e12, keep: 1 })).toEqual({ cuts: [], checkpoints: [], more: false });
      expect(await store.prune([], 0)).toBe(0);
      await store.append([], []);
    });

    it('gives records back as they are, in order', async () => {
      const store = await make();
      const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((found) => found.replaceAll('\0', ''));
      await fc.assert(
        fc.asyncProperty(
          fc.uuid(),
          fc.array(fc.tuple(text, text, fc.jsonValue()), { minLength: 1, maxLength: 5 }),
          async (id, list) => {
            const drafts = list.map(([action, target, value], n): Partial<RecordDraft> => ({
              at: 1_700_000_000_000 + n * 7,
              action,
              target: n % 2 === 0 ? target : null,
              detail: JSON.stringify({ before: value, after: null }),
            }));
            const records = chainOf(drafts, root(`one:${id}`));
            await store.append(records, []);
            expect((await store.read(`one:${id}`, 0, 10)).records).toEqual(records);
            expect((await store.read(`one:${id}`, 1, 2)).records).toEqual(records.slice(1, 3));
          },
        ),
        { numRuns: 20 },
      );
    });

    it('writes all or nothing', async () => {
      const store = await make();
      const [first, second] = chainOf([{}, {}]) as [JournalRecord, JournalRecord];
      const broken = { ...second, action: null } as unknown as JournalRecord;
      await expect(store.append([first, broken], [person('a')])).rejects.toThrow();
      expect((await store.read('one:a', 0, 5)).records).toEqual([]);
    });

    it('takes what is there already, and no other record in its place', async () => {
      const store = await make();
      const records = chainOf([{ subject: 'a' }, { subject: 'b' }, { subject: 'b' }]);
      await store.append(records.slice(0, 2), [person('a')]);
      await store.append(records, [person('a', { name: 'Other' }), person('b')]);
      const found = await store.read('one:a', 0, 5);
      expect(found.records).toEqual(records);
      expect(found.subjects.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([person('a'), person('b')]);
      const others = chainOf([{ target: 'other' }, {}, {}, {}]);
      await expect(store.append(others, [])).rejects.toMatchObject({ code: 'conflict' });
      expect((await store.read('one:a', 0, 5)).records).toEqual(records);
    });

    it('shows pages that equal a fold over the raw records', async () => {
      const store = await make();
      const start = 1_700_000_000_000;
      const records = [...sampleChain('one:a', 40, start), ...sampleChain('two:b', 31, start + 5)];
      const subjects = [person('a'), person('b', { actor: 'token:2', name: 'CI Bot', agent: null })];
      await store.append(records, subjects);
      const filters: JournalFilter[] = [
        {},
        { text: 'CLEAR' },
        { text: '100%_1' },
        { text: '%' },
        { text: '_' },
        { text: 'x%' },
        { text: 'ci b' },
        { text: 'nothing', named: 'setMode,open' },
        { named: 'setMode' },
        { kind: 'command' },
        { kind: 'opened' },
        { kind: 'gap' },
        { outcome: 'done' },
        { outcome: 'refused' },
        { outcome: 'failed' },
        { outcome: 'pending' },
        { actor: 'token:2' },
        { from: start + 4, to: start + 9 },
        { to: start + 3, kind: 'command', outcome: 'pending', text: 'a', actor: 'person:1' },
        { from: -1e300, to: 1e300 },
      ];
      for (const filter of filters) {
        const expected = foldJournal(records, subjects, filter);
        expect(await all(store, filter, 7), JSON.stringify(filter)).toEqual(expected);
        expect(await all(store, filter, 200), JSON.stringify(filter)).toEqual(expected);
      }
    });

    it('erases whom it is told to', async () => {
      const store = await make();
      const records = chainOf([
        { kind: 'command', actor: 'person:1', subject: 'a' },
        { kind: 'command', actor: 'person:2', subject: 'b' },
      ]);
      await store.append(records, [person('a'), person('b', { actor: 'person:2', name: 'Bo' })]);
      expect(await store.erase('person:1')).toBe(1);
      const { entries } = await store.page({ limit: 5 });
      expect(entries.map(({ who, from }) => [who, from])).toEqual([
        ['Bo', '192.0.2.1'],
        [null, null],
      ]);
      expect((await store.read('one:a', 0, 5)).records).toEqual(records);
    });

    it('erases what somebody did before they were logged in: by their e-mail address', async () => {
      const store = await make();
      const subjects = [
        person('a', { name: 'Ada <ada@shop.test>' }),
        person('b', { actor: 'stranger', name: 'Ada@Shop.test' }),
        person('c', { actor: 'stranger', name: 'ada@old.test', agent: null }),
        person('d', { actor: 'stranger', name: 'bo@shop.test' }),
        person('e', { actor: 'person:2', name: 'ada@shop.test' }),
      ];
      await store.append(chainOf(subjects.map(({ id, actor }) => ({ kind: 'command', actor, subject: id }))), subjects);
      expect(await store.erase('person:1', 'ADA@old.test')).toBe(3);
      const { entries } = await store.page({ limit: 9 });
      expect(entries.map(({ actor, who }) => [actor, who])).toEqual([
        ['person:2', 'ada@shop.test'],
        ['stranger', 'bo@shop.test'],
        ['stranger', null],
        ['stranger', null],
        ['person:1', null],
      ]);
    });

    it('knows the newest chain of an instance', async () => {
      const store = await make();
      const closed = chainOf([{ at: 10 }, { at: 20, kind: 'closed' }], root('one:a'));
      const newer = chainOf([{ at: 30 }, { at: 40 }], root('one:b'));
      await store.append(
        [...closed, ...chainOf([{ at: 99 }], root('one:two:c')), ...chainOf([{ at: 98 }], root('on:d'))],
        [],
      );
      const head = ({ chain, number, mac }: JournalRecord): object => ({ chain, number, mac });
      expect(await store.last('one')).toEqual({ ...head(closed[1]!), closed: true });
      await store.append(newer, []);
      expect(await store.last('one')).toEqual({ ...head(newer[1]!), closed: false });
      expect(await store.last('one:two')).toMatchObject({ chain: 'one:two:c' });
      expect(await store.last('o_e')).toBeNull();
    });

    it('tells its chains, and what each begins with', async () => {
      const store = await make();
      const first = chainOf([{ at: 1 }, { at: 2 }], root('one:a'));
      const { chain, number, mac } = first[1]!;
      const previous = { chain, number, mac };
      const second = chainOf(
        [{ at: 3, kind: 'opened', detail: JSON.stringify({ previous }) }, { at: 4 }],
        root('one:b'),
      );
      await store.append([...first, ...second], []);
      const heads = [previous, { chain: 'one:b', number: 2, mac: second[1]!.mac }];
      expect(await store.chains()).toEqual([
        { first: 1, head: heads[0], previous: null },
        { first: 1, head: heads[1], previous },
      ]);
    });

    it('prunes by age and by number, whole starts of chains only', async () => {
      const store = await make();
      const a = chainOf(
        [{ at: 1_000, subject: 'a' }, { at: 2_000 }, { at: 1_500 }, { at: 5_000, subject: 'b' }],
        root('one:a'),
      );
      const b = chainOf(
        [{ at: 1_200 }, { at: 1_300, kind: 'checkpoint', action: 'prune', detail: '{"pruned":[]}' }],
        root('two:b'),
      );
      await store.append([...a, ...b], [person('a'), person('b'), person('c'), person('d', { at: 9_000 })]);
      const place = ({ chain, number, mac }: JournalRecord): object => ({ chain, number, mac });
      expect((await store.prunable({ before: 1_000 })).cuts).toEqual([]);
      const young = await store.prunable({ before: 1_600 });
      expect(young.cuts.toSorted((x, y) => (x.chain < y.chain ? -1 : 1))).toEqual([place(a[0]!), place(b[1]!)]);
      expect(young.checkpoints).toEqual([b[1]]);
      // The four youngest stay.
      const many = await store.prunable({ before: 0, keep: 4 });
      expect(many.cuts.toSorted((x, y) => (x.chain < y.chain ? -1 : 1))).toEqual([place(a[0]!), place(b[0]!)]);
      expect(await store.prune(young.cuts, 1_600)).toBe(3);
      const left = await store.read('one:a', 0, 9);
      expect(left.records).toEqual(a.slice(1));
      expect(left.subjects.map(({ id }) => id)).toEqual(['b']);
      await store.append(
        chainOf(
          ['a', 'c', 'd'].map((subject) => ({ subject })),
          root('x:y'),
        ),
        [],
      );
      expect((await store.read('x:y', 0, 9)).subjects.map(({ id }) => id)).toEqual(['d']);
    });
  });
}
