import { describe, expect, it } from 'vitest';
import { verifyJournal } from '../../../lib/journal/verify.ts';
import { KEY } from '../../support/journal-chain.ts';
import { journalScene, memorySpool, sampleCommand } from '../../support/journal-scene.ts';
import { memoryJournal } from '../../support/memory-journal.ts';

const unavailable = { code: 'storage_unavailable' };

async function whole(store: ReturnType<typeof memoryJournal>): Promise<boolean> {
  return (await verifyJournal({ archive: store, key: KEY })).every(({ fault }) => fault === undefined);
}

describe('with the database away', () => {
  it.each(['before', 'after'] as const)('commands go on in the spool (it fails %s writing)', async (fails) => {
    const { journal, store, spool, lines, pass } = journalScene();
    await journal.open();
    store.fails = fails;
    for (let n = 0; n < 3; n++) expect(await journal.command(sampleCommand(), () => n)).toBe(n);
    expect(spool.batches.flatMap(({ records }) => records)).toHaveLength(6);
    expect(lines).toEqual(["warn The journal goes on in its spool, since it can't be stored: The database is away."]);
    await pass(20_000);
    expect(spool.batches).toHaveLength(6);
    store.fails = undefined;
    await pass(5_000);
    expect(spool.batches).toEqual([]);
    expect(lines.at(-1)).toBe('info The journal is stored again.');
    await journal.command(sampleCommand(), () => 9);
    const { entries } = await store.page({ limit: 9, kind: 'command' });
    expect(entries.map(({ outcome, who }) => [outcome, who])).toEqual(Array(4).fill(['done', 'Ada']));
    expect(store.subjects).toHaveLength(1);
    expect(await whole(store)).toBe(true);
  });

  it('commands that come while the spool is emptied are not lost', async () => {
    const { journal, store, spool, pass } = journalScene();
    store.fails = 'before';
    for (let n = 0; n < 5; n++) await journal.command(sampleCommand(), () => n);
    const { append } = store;
    let calls = 0;
    store.append = async (records, subjects) => {
      calls += 1;
      await append(records, subjects);
      if (calls < 9) void journal.command(sampleCommand(), () => 0);
    };
    store.fails = undefined;
    await pass(5_000);
    expect(spool.batches).toEqual([]);
    const { entries } = await store.page({ limit: 50, kind: 'command' });
    expect(entries.map(({ outcome }) => outcome)).toEqual(Array(13).fill('done'));
    expect(await whole(store)).toBe(true);
  });

  it('nor one that is on its way to the spool when that is emptied', async () => {
    const { journal, store, spool, pass } = journalScene();
    store.fails = 'before';
    await journal.command(sampleCommand(), () => 1);
    store.fails = undefined;
    const { append } = spool;
    const gate = Promise.withResolvers<undefined>();
    spool.append = async (...args) => {
      await gate.promise;
      await append(...args);
    };
    const late = journal.command(sampleCommand(), () => 2);
    await pass(1_000);
    const before = store.records.length;
    gate.resolve(undefined);
    expect(await late).toBe(2);
    await pass(5_000);
    expect(before).toBeGreaterThan(0);
    expect(spool.batches).toEqual([]);
    expect((await store.page({ limit: 9, outcome: 'done' })).entries).toHaveLength(2);
    expect(await whole(store)).toBe(true);
  });

  it('the next process takes the spool over, whether its database is there or not', async () => {
    const [store, spool] = [memoryJournal(), memorySpool()];
    const first = journalScene({ store, spool });
    await first.journal.open();
    store.fails = 'before';
    await first.journal.command(sampleCommand(), () => 1);
    const left = structuredClone(spool.batches);

    const second = journalScene({ store, spool, newId: () => 'b' });
    await second.journal.command(sampleCommand(), () => 1);
    expect(spool.batches.length).toBeGreaterThan(left.length);
    store.fails = undefined;
    await second.pass(5_000);
    expect(spool.batches).toEqual([]);
    expect(store.records.filter(({ chain }) => chain === 'one:r01')).toHaveLength(3);
    expect(await whole(store)).toBe(true);

    // Written already, and never cleared.
    spool.batches = left;
    const third = journalScene({ store, spool, newId: () => 'c' });
    await third.journal.open();
    expect(spool.batches).toEqual([]);
    expect(await whole(store)).toBe(true);
  });

  it('a chain whose predecessor is not known begins with a gap', async () => {
    const store = memoryJournal();
    store.fails = 'before';
    const { journal, pass } = journalScene({ store });
    await journal.open();
    store.fails = undefined;
    await pass(5_000);
    expect(store.records.map(({ kind, detail }) => [kind, JSON.parse(detail)])).toEqual([
      ['opened', { previous: null }],
      ['gap', { previous: null, known: false }],
    ]);
  });

  it('a spool that fits no more is left out, and said', async () => {
    const [store, spool] = [memoryJournal(), memorySpool()];
    const first = journalScene({ store });
    await first.journal.command(sampleCommand(), () => 1);
    const batch = { records: [{ ...store.records[0]!, mac: 'other' }], subjects: [] };
    spool.batches = [batch];
    const second = journalScene({ store, spool, newId: () => 'b' });
    await second.journal.open();
    expect(second.lines.find((line) => line.startsWith('error'))).toContain("don't fit the journal");
    expect(await whole(store)).toBe(false);
  });

  it('a spool that cannot be read is said', async () => {
    const spool = memorySpool();
    spool.read = () => Promise.reject(new Error('no permission.'));
    spool.clear = () => Promise.reject(new Error('no permission'));
    const { journal, store, lines, pass } = journalScene({ spool });
    await journal.open();
    store.fails = 'before';
    await journal.command(sampleCommand(), () => 1);
    store.fails = undefined;
    await pass(5_000);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      "error The journal's spool can't be read",
      "warn The journal goes on in its spool, since it can't be stored",
      "warn The journal's spool stays",
      'info The journal is stored again.',
    ]);
  });
});

describe('with neither database nor spool', () => {
  it.each(['before', 'after'] as const)('a command is refused and not run (it fails %s writing)', async (fails) => {
    const { journal, store, spool, pass } = journalScene();
    await journal.open();
    store.fails = fails;
    spool.fails = true;
    let ran = 0;
    const run = (): number => ++ran;
    await expect(journal.command(sampleCommand(), run)).rejects.toMatchObject({
      ...unavailable,
      message: "The journal can't be written, so nothing was changed: The spool is full.",
    });
    await expect(journal.command(sampleCommand(), run)).rejects.toMatchObject(unavailable);
    // Nothing may follow in the spool what isn't in it.
    spool.fails = false;
    await expect(journal.command(sampleCommand(), run)).rejects.toMatchObject(unavailable);
    expect([ran, spool.batches]).toEqual([0, []]);
    store.fails = undefined;
    await pass(5_000);
    expect(await journal.command(sampleCommand(), run)).toBe(1);
    const { entries } = await store.page({ limit: 9, kind: 'command' });
    expect(entries.map(({ outcome, error }) => [outcome, error])).toEqual([
      ['done', null],
      ['refused', "It couldn't be written down in time, so it wasn't run."],
    ]);
    expect(await whole(store)).toBe(true);
  });

  it('a command that ran already gives its result, and its outcome follows', async () => {
    const { journal, store, spool, lines, pass } = journalScene();
    const failing = (): number => {
      store.fails = 'before';
      return 1;
    };
    await journal.command(sampleCommand(), failing);
    expect(spool.batches).toHaveLength(1);
    const full = (): number => {
      spool.fails = true;
      return 2;
    };
    expect(await journal.command(sampleCommand(), full)).toBe(2);
    expect(lines.at(-1)).toMatch(/^warn The journal can't say yet what became of the command \d+: it is pending\.$/);
    store.fails = undefined;
    await pass(5_000);
    const { entries } = await store.page({ limit: 9, kind: 'command' });
    expect(entries.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(await whole(store)).toBe(true);
  });

  it('the spool has a bound, and keeps room for outcomes', async () => {
    const { journal, store, spool, pass } = journalScene({ spoolBytes: 8_000 });
    await journal.open();
    store.fails = 'before';
    let done = 0;
    for (let n = 0; n < 20; n++)
      await journal
        .command(sampleCommand(), () => n)
        .then(
          () => ++done,
          (error: unknown) => expect(error).toMatchObject(unavailable),
        );
    expect(done).toBeGreaterThan(2);
    expect(done).toBeLessThan(10);
    expect(JSON.stringify(spool.batches).length).toBeLessThanOrEqual(8_000);
    journal.event({ action: 'openBreaker', target: null, before: null, after: null });
    await pass(1_000);
    store.fails = undefined;
    await pass(10_000);
    expect((await store.page({ limit: 99, outcome: 'done' })).entries).toHaveLength(done);
    expect((await store.page({ limit: 99, outcome: 'pending' })).entries).toEqual([]);
    expect((await store.page({ limit: 99, kind: 'event' })).entries).toHaveLength(1);
    journal.event({ action: 'closeBreaker', target: null, before: null, after: null });
    await pass(1_000);
    expect((await store.page({ limit: 99, kind: 'event' })).entries).toHaveLength(2);
    expect(await whole(store)).toBe(true);
  });
});
