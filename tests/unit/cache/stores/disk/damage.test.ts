import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../../../lib/cache/entry.ts';
import { sampleEntry } from '../../../../suites/level.ts';
import {
  entriesOf,
  openFixture,
  removeDirectory,
  temporaryDirectory,
  writeOf,
} from '../../../../support/disk-store.ts';

/** A directory as kill -9 leaves it: part in the index's file, part in its WAL, with replaced and removed entries. */
let kept: string;
const right = new Map<string, Entry>();
const removed = new Set<string>();

beforeAll(() => {
  const live = temporaryDirectory();
  kept = temporaryDirectory();
  const first = openFixture(live);
  const write = (store: typeof first.store, i: number, version: number): void => {
    const key = `GET http://a.test/${i}`;
    const entry = sampleEntry({ key, storedAt: version, body: Buffer.from(`body ${i} version ${version} `.repeat(8)) });
    store.write(writeOf(entry));
    right.set(key, entry);
  };
  for (let i = 0; i < 40; i += 1) write(first.store, i, 1);
  first.store.close();
  const { store } = openFixture(live);
  for (let i = 0; i < 20; i += 1) write(store, i, 2);
  store.flush();
  for (let i = 15; i < 25; i += 1) {
    const key = `GET http://a.test/${i}`;
    for (const row of store.find(key)) store.remove(key, row.id);
    removed.add(key);
  }
  store.flush();
  cpSync(live, kept, { recursive: true });
  store.close();
  removeDirectory(live);
});
afterAll(() => removeDirectory(kept));

/** Opens a copy that `damage` has harmed, and holds what it gives to what is right. @returns entries it still had */
function survive(damage: (directory: string) => void): number {
  const directory = temporaryDirectory();
  cpSync(kept, directory, { recursive: true });
  damage(directory);
  const { store, states } = openFixture(directory);
  let given = 0;
  for (const [key, entry] of right) {
    const entries = entriesOf(store, key);
    // Never what was replaced or removed, never another's, never harmed.
    if (entries.length > 0) expect(entries).toEqual([entry]);
    if (removed.has(key)) expect(entries).toEqual([]);
    given += entries.length;
  }
  for (const key of right.keys()) {
    expect(store.write(writeOf(sampleEntry({ key, body: Buffer.from('new') })))).toBeDefined();
    expect(entriesOf(store, key)[0]?.body.toString()).toBe('new');
  }
  expect(states).toEqual([]);
  store.close();
  const again = openFixture(directory);
  expect(entriesOf(again.store, 'GET http://a.test/0')[0]?.body.toString()).toBe('new');
  again.store.close();
  removeDirectory(directory);
  return given;
}

const fileAndPlace = fc.record({ file: fc.nat(), at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) });

function pick(directory: string, file: number): string {
  const names = readdirSync(directory).sort();
  return join(directory, names[file % names.length]!);
}

describe('a damaged directory', () => {
  it('gives all there is while it isn’t damaged', () => {
    expect(survive(() => undefined)).toBe(right.size - removed.size);
  });

  it('gives the right entry or nothing, whatever byte is changed', () => {
    fc.assert(
      fc.property(fileAndPlace, fc.integer({ min: 1, max: 255 }), ({ file, at }, change) => {
        survive((directory) => {
          const path = pick(directory, file);
          const bytes = readFileSync(path);
          const place = Math.floor(at * bytes.length);
          bytes[place]! ^= change;
          writeFileSync(path, bytes);
        });
      }),
      { numRuns: 80 },
    );
  });

  it('gives the right entry or nothing, wherever a file is cut off', () => {
    fc.assert(
      fc.property(fileAndPlace, ({ file, at }) => {
        survive((directory) => {
          const path = pick(directory, file);
          truncateSync(path, Math.floor(at * readFileSync(path).length));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('gives the right entry or nothing after a power cut: segments and WAL cut off together', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, other) => {
          survive((directory) => {
            for (const [name, share] of [
              ['index.db-wal', one],
              ['00000001.segment', other],
            ] as const) {
              const path = join(directory, name);
              truncateSync(path, Math.floor(share * readFileSync(path).length));
            }
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('starts empty, and says so, where the index or any file is none', () => {
    for (const text of ['', 'no database at all, but long enough to be taken for one'.repeat(100)]) {
      survive((directory) => writeFileSync(join(directory, 'index.db'), text));
    }
    survive((directory) => {
      for (const name of readdirSync(directory)) removeDirectory(join(directory, name));
    });
    survive((directory) => removeDirectory(join(directory, '00000001.segment')));
  });
});
