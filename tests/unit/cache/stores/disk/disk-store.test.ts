import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleEntry } from '../../../../suites/level.ts';
import {
  entriesOf,
  openFixture,
  removeDirectory,
  temporaryDirectory,
  writeOf,
  type StoreFixture,
} from '../../../../support/disk-store.ts';

let directory: string;
const opened: StoreFixture[] = [];
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => {
  for (const { store } of opened.splice(0)) store.close();
  removeDirectory(directory);
});

function open(change: Parameters<typeof openFixture>[1] = {}): StoreFixture {
  const fixture = openFixture(directory, change);
  opened.push(fixture);
  return fixture;
}

const keyed = (key: string, size = 5) => sampleEntry({ key, body: Buffer.alloc(size, key) });
const segmentBytes = (): number =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.segment'))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

describe('the store on disk', () => {
  it('has after a restart what was flushed, and goes on in the same segment', () => {
    const { store, figures } = open();
    store.write(writeOf(keyed('a'), 77.5));
    store.close();
    const again = open();
    expect(entriesOf(again.store, 'a')).toEqual([keyed('a')]);
    expect(again.figures.get('bytes')).toBe(figures.get('bytes'));
    expect(again.figures.get('seen')).toBe(78);
    again.store.write(writeOf(keyed('b')));
    expect(readdirSync(directory).filter((name) => name.endsWith('.segment'))).toHaveLength(1);
    expect(again.said).toEqual([]);
  });

  it('gives no id twice, over restarts', () => {
    const ids: (number | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { store } = openFixture(directory);
      ids.push(store.write(writeOf(keyed('a'))), store.write(writeOf(keyed('b'))));
      store.close();
    }
    expect(new Set(ids).size).toBe(6);
    expect(ids).not.toContain(undefined);
  });

  it('trusts nothing of another clear log, and says so in one line', () => {
    const before = open();
    before.store.write(writeOf(keyed('a')));
    before.store.close();
    const { store, said, figures } = open({ epoch: 'e2' });
    expect(entriesOf(store, 'a')).toEqual([]);
    expect(figures.get('entries')).toBe(0);
    expect(said).toEqual(['The cache on disk starts empty: it belongs to another clear log.']);
    store.write(writeOf(keyed('a')));
    expect(entriesOf(store, 'a')).toHaveLength(1);
  });

  it('keeps the 16 newest variants of a key', () => {
    const { store, figures } = open();
    for (let i = 0; i < 17; i += 1)
      store.write(writeOf(sampleEntry({ vary: ['a'], varyValues: [String(i)], storedAt: i })));
    expect(entriesOf(store, sampleEntry().key).map((entry) => entry.storedAt)).toEqual(
      Array.from({ length: 16 }, (_, i) => 16 - i),
    );
    expect(figures.get('evictions')).toBe(1);
  });

  it('keeps what was used when it makes room, and lets its files shrink', () => {
    const budgetBytes = 400_000;
    const { store, figures } = open({ budgetBytes });
    store.write(writeOf(keyed('used', 1_000)));
    for (let i = 0; i < 2_000; i += 1) {
      if (i % 50 === 0) expect(entriesOf(store, 'used')).toHaveLength(1);
      expect(store.write(writeOf(keyed(`key ${i}`, 1_000)))).toBeDefined();
      expect(segmentBytes()).toBeLessThanOrEqual(budgetBytes + budgetBytes / 16);
      expect(figures.get('bytes')).toBeLessThanOrEqual(budgetBytes);
    }
    expect(entriesOf(store, 'key 0')).toEqual([]);
    expect(entriesOf(store, 'key 1999')).toHaveLength(1);
    expect(figures.get('evictions')).toBeGreaterThan(1_500);
  });

  it('takes back the room of what was replaced', () => {
    const budgetBytes = 100_000;
    const { store, figures } = open({ budgetBytes });
    for (let i = 0; i < 500; i += 1) store.write(writeOf(keyed('one', 3_000)));
    expect(segmentBytes()).toBeLessThanOrEqual(budgetBytes + budgetBytes / 16);
    expect(figures.get('entries')).toBe(1);
    expect(entriesOf(store, 'one')).toHaveLength(1);
  });

  it('refuses what can’t be within its budget, and drains ahead for what comes in pieces', () => {
    const { store, figures } = open({ budgetBytes: 50_000 });
    expect(store.write(writeOf(keyed('a', 50_000)))).toBeUndefined();
    for (let i = 0; i < 10; i += 1) store.write(writeOf(keyed(`k${i}`, 4_000)));
    store.expect(40_000);
    expect(figures.get('bytes')).toBeLessThanOrEqual(10_000);
    store.expect(-40_000);
    expect(store.write(writeOf(keyed('large', 40_000)))).toBeDefined();
    expect(entriesOf(store, 'large')).toEqual([keyed('large', 40_000)]);
  });

  it('reads large ones in pieces, and not from a segment that goes meanwhile', async () => {
    const { store } = open({ budgetBytes: 8_000_000 });
    const large = keyed('large', 3_000_000);
    store.write(writeOf(large));
    const [row] = store.find('large');
    expect((await store.loadSlowly(row!))?.subarray(-3_000_000)).toEqual(large.body);
    const late = store.loadSlowly(row!);
    for (let i = 0; i < 5; i += 1) store.write(writeOf(keyed(`k${i}`, 2_000_000)));
    // It was read before its file went, or not at all.
    const bytes = await late;
    expect(bytes === undefined || bytes.subarray(-3_000_000).equals(large.body)).toBe(true);
    expect(await store.loadSlowly(row!)).toBeUndefined();
  });

  it('answers nothing after it was closed', async () => {
    const { store } = open();
    store.write(writeOf(keyed('a')));
    const [row] = store.find('a');
    store.close();
    expect(store.find('a')).toEqual([]);
    expect(store.load(row!)).toBeUndefined();
    expect(await store.loadSlowly(row!)).toBeUndefined();
    expect(store.start(row!, 10)).toBeUndefined();
    expect(store.write(writeOf(keyed('a')))).toBeUndefined();
    expect(store.remove('a', row!.id)).toBe(false);
    expect(store.forget('a', 'a')).toBe(false);
    store.flush();
  });

  it('keeps to a model, whatever is written, removed, flushed and opened again', () => {
    const key = fc.constantFrom('GET http://a.test/', 'GET http://a.test/ headers=1', 'GET http://b.test/', 'd');
    const step = fc.oneof(
      fc.record({ act: fc.constant('write' as const), key, size: fc.nat(3_000), value: fc.constantFrom('x', 'y') }),
      fc.record({ act: fc.constant('remove' as const), key }),
      fc.record({ act: fc.constant('forget' as const), key }),
      fc.record({ act: fc.constantFrom('flush' as const, 'restart' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const place = temporaryDirectory();
        let { store, figures } = openFixture(place);
        const model = new Map<string, ReturnType<typeof sampleEntry>[]>();
        for (const [i, each] of steps.entries()) {
          if (each.act === 'write') {
            const entry = sampleEntry({
              key: each.key,
              vary: ['v'],
              varyValues: [each.value],
              storedAt: i,
              body: Buffer.alloc(each.size, i),
            });
            expect(store.write(writeOf(entry))).toBeDefined();
            const others = (model.get(each.key) ?? []).filter((other) => other.varyValues[0] !== each.value);
            model.set(each.key, [entry, ...others]);
          } else if (each.act === 'remove') {
            const [row] = store.find(each.key);
            expect(store.remove(each.key, row?.id ?? 0)).toBe((model.get(each.key)?.length ?? 0) > 0);
            model.get(each.key)?.shift();
          } else if (each.act === 'forget') {
            const url = each.key.split(' ')[1] ?? each.key;
            store.forget(each.key, url);
            model.delete(each.key);
            if (url === 'http://a.test/') model.delete('GET http://a.test/ headers=1');
          } else if (each.act === 'flush') store.flush();
          else {
            store.close();
            ({ store, figures } = openFixture(place));
          }
        }
        let entries = 0;
        for (const [name, held] of model) {
          expect(entriesOf(store, name)).toEqual(held);
          entries += held.length;
        }
        expect(figures.get('entries')).toBe(entries);
        store.close();
        removeDirectory(place);
      }),
      { numRuns: 60 },
    );
  });
});
