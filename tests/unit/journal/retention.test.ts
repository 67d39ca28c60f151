import { describe, expect, it, vi } from 'vitest';
import { verifyJournal } from '../../../lib/journal/verify.ts';
import { foldJournal } from '../../support/journal-fold.ts';
import { KEY } from '../../support/journal-chain.ts';
import { journalScene, sampleCommand } from '../../support/journal-scene.ts';
import { memoryJournal } from '../../support/memory-journal.ts';

async function faults(archive: ReturnType<typeof memoryJournal>): Promise<unknown[]> {
  return (await verifyJournal({ archive, key: KEY })).map(({ fault }) => fault).filter((fault) => fault !== undefined);
}

describe('erase', () => {
  it('takes who it was out, and leaves the chain whole', async () => {
    const { journal, store, spool } = journalScene();
    await journal.command(sampleCommand(), () => 1);
    expect(await journal.erase('person:1')).toBe(1);
    expect(foldJournal(store.records, store.subjects)[0]).toMatchObject({ who: null, from: null, actor: 'person:1' });
    expect(await faults(store)).toEqual([]);
    // Who acts again has a new row.
    await journal.command(sampleCommand(), () => 1);
    expect(store.subjects.map(({ name }) => name)).toEqual([null, 'Ada']);
    store.subjects[1] = { ...store.subjects[1]!, name: 'Eve' };
    expect(await faults(store)).toEqual([{ fault: 'subject', number: 4 }]);
    store.fails = 'before';
    await journal.command(sampleCommand(), () => 1);
    expect(spool.batches.length).toBeGreaterThan(0);
    await expect(journal.erase('person:1')).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});

describe('prune', () => {
  it('drops what is old behind a checkpoint, and again', async () => {
    const store = memoryJournal();
    const first = journalScene({ store });
    for (let n = 0; n < 5; n++) {
      await first.journal.command(sampleCommand(), () => 1);
      first.clock.advance(1_000);
    }
    await first.journal.close();
    expect(await first.journal.prune({ before: 0 })).toBe(0);
    const { journal, clock } = journalScene({ store, newId: () => 'b' });
    clock.advance(10_000);
    expect(await journal.prune({ before: 1_003_000 })).toBe(7);
    expect(await faults(store)).toEqual([]);
    await journal.command(sampleCommand(), () => 1);
    // The whole first chain, which the second names.
    expect(await journal.prune({ before: 1_009_999 })).toBe(5);
    expect(await faults(store)).toEqual([]);
    clock.advance(10_000);
    await journal.command(sampleCommand(), () => 1);
    expect(await journal.prune({ before: 0, keep: 2 })).toBe(5);
    expect(await faults(store)).toEqual([]);
    clock.advance(10_000);
    await journal.command(sampleCommand(), () => 1);
    expect(await journal.prune({ before: 0, keep: 2 })).toBe(3);
    expect(await faults(store)).toEqual([]);
    // A checkpoint that isn't there any more can't excuse a start.
    store.records = store.records.filter(({ kind }) => kind !== 'checkpoint');
    expect((await faults(store)).length).toBeGreaterThan(0);
  });

  it('is found out when somebody else cuts, with a checkpoint of his own', async () => {
    const { journal, store } = journalScene();
    for (let n = 0; n < 3; n++) await journal.command(sampleCommand(), () => 1);
    const { chain, number, mac } = store.records[2]!;
    const forged = { ...store.records.at(-1)!, number: 8, kind: 'checkpoint' as const };
    store.records = [
      ...store.records.slice(3),
      { ...forged, detail: JSON.stringify({ pruned: [{ chain, number, mac }] }) },
    ];
    expect(await faults(store)).toEqual([{ fault: 'changed', number: 8 }]);
  });

  it('drops nothing when the checkpoint is not stored', async () => {
    const { journal, store } = journalScene();
    await journal.command(sampleCommand(), () => 1);
    store.fails = 'before';
    await expect(journal.prune({ before: 2_000_000 })).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(store.records).toHaveLength(3);
  });

  it('meanwhile does not disturb a check', async () => {
    const { journal, store, clock } = journalScene();
    for (let n = 0; n < 3; n++) await journal.command(sampleCommand(), () => 1);
    clock.advance(1_000);
    const read = vi.spyOn(store, 'read').mockImplementationOnce(async (chain, after, limit) => {
      await journal.prune({ before: 1_000_500 });
      read.mockRestore();
      return store.read(chain, after, limit);
    });
    expect(await faults(store)).toEqual([]);
  });
});
