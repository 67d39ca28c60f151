import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeTrouble } from '../../../../../lib/cache/stores/disk/trouble.ts';
import { sampleEntry } from '../../../../support/sample-entry.ts';
import {
  entriesOf,
  openFixture,
  removeDirectory,
  temporaryDirectory,
  writeOf,
  type StoreFixture,
} from '../../../../support/disk-store.ts';

let directory: string;
let fixture: StoreFixture | undefined;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => {
  fixture?.store.close();
  removeDirectory(directory);
});

const keyed = (key: string, size = 5) => sampleEntry({ key, body: Buffer.alloc(size, 1) });

/** Changes the index of a closed store behind its back. */
function tamper(sql: string): void {
  const db = new Database(join(directory, 'index.db'));
  db.exec(sql);
  db.close();
}

function filled(): void {
  const { store } = openFixture(directory);
  for (const key of ['a', 'b']) store.write(writeOf(keyed(key)));
  store.close();
}

describe('the store on a disk that fails', () => {
  it('reads on while nothing can be appended, and tries again after 10 s', () => {
    fixture = openFixture(directory, { budgetBytes: 160_000 });
    const { store, clock, states } = fixture;
    store.write(writeOf(keyed('a', 9_000)));
    // Where the second segment would be.
    const obstacle = join(directory, '00000002.segment');
    mkdirSync(obstacle);
    expect(store.write(writeOf(keyed('b', 9_000)))).toBeUndefined();
    expect(states).toMatchObject([{ state: 'degraded', why: expect.stringContaining('EISDIR') as string }]);
    expect(entriesOf(store, 'a')).toHaveLength(1);
    rmdirSync(obstacle);
    clock.advance(9_999);
    expect(store.write(writeOf(keyed('b', 9_000)))).toBeUndefined();
    store.expect(1_000);
    store.expect(-1_000);
    clock.advance(1);
    expect(store.write(writeOf(keyed('b', 9_000)))).toBeDefined();
    expect(store.state).toEqual({ state: 'ok', why: undefined });
    expect(fixture.said).toHaveLength(1);
  });

  it('writes nothing without the index’s reserve', () => {
    const obstacle = join(directory, 'reserve');
    mkdirSync(obstacle);
    fixture = openFixture(directory);
    expect(fixture.store.write(writeOf(keyed('a')))).toBeUndefined();
    expect(fixture.store.state.state).toBe('degraded');
    rmdirSync(obstacle);
    fixture.clock.advance(10_000);
    expect(fixture.store.write(writeOf(keyed('a')))).toBeDefined();
  });

  it('starts without an index where it can’t have one, and has one later', () => {
    const obstacle = join(directory, 'index.db');
    mkdirSync(obstacle);
    fixture = openFixture(directory);
    const { store, clock } = fixture;
    expect(store.state.state).toBe('degraded');
    expect(store.find('a')).toEqual([]);
    expect(store.write(writeOf(keyed('a')))).toBeUndefined();
    rmdirSync(obstacle);
    clock.advance(10_000);
    expect(store.find('a')).toEqual([]);
    expect(store.write(writeOf(keyed('a')))).toBeDefined();
    expect(store.state.state).toBe('ok');
    expect(entriesOf(store, 'a')).toHaveLength(1);
  });

  it.each([
    ["UPDATE entries SET bytes = 'many'", 'the index holds what was never written'],
    ['UPDATE entries SET offset = -1', 'the index holds what was never written'],
    ['PRAGMA user_version = 2', 'it is of another version'],
    ["UPDATE about SET value = 'x' WHERE name = 'ids'", 'it is damaged'],
    ['DROP TABLE entries', 'no such table: entries'],
  ])('starts empty after %s', (sql, why) => {
    filled();
    tamper(sql);
    fixture = openFixture(directory);
    expect(entriesOf(fixture.store, 'a')).toEqual([]);
    expect(fixture.figures.get('entries')).toBe(0);
    expect(fixture.said).toEqual([`The cache on disk starts empty: ${why}.`]);
    expect(fixture.store.write(writeOf(keyed('a')))).toBeDefined();
    expect(entriesOf(fixture.store, 'a')).toHaveLength(1);
  });

  it('takes out what points to no segment, and to another’s record', () => {
    filled();
    tamper('UPDATE entries SET segment = 9 WHERE id = 1; UPDATE entries SET offset = 0 WHERE id = 2');
    fixture = openFixture(directory);
    expect(fixture.figures.get('entries')).toBe(1);
    expect(entriesOf(fixture.store, 'a')).toEqual([]);
    expect(entriesOf(fixture.store, 'b')).toEqual([]);
    expect(fixture.figures.get('entries')).toBe(0);
    expect(fixture.said).toEqual([]);
  });

  it('doesn’t go on for ever where the index contradicts itself', () => {
    const before = openFixture(directory, { budgetBytes: 100_000 });
    for (let i = 0; i < 40; i += 1) before.store.write(writeOf(keyed(`k${i}`, 1_000)));
    before.store.close();
    // Hidden from SQLite meanwhile, the segments' index keeps rows that the table has no more.
    const schema = (change: (db: Database.Database) => void): void => {
      const db = new Database(join(directory, 'index.db'));
      db.unsafeMode();
      db.pragma('writable_schema = ON');
      change(db);
      db.close();
    };
    let hidden: unknown[] = [];
    schema((db) => {
      hidden = db.prepare("SELECT * FROM sqlite_schema WHERE name = 'by_segment'").raw().get() as unknown[];
      db.exec("DELETE FROM sqlite_schema WHERE name = 'by_segment'");
    });
    tamper('DELETE FROM entries');
    schema((db) => db.prepare('INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)').run(hidden));
    fixture = openFixture(directory, { budgetBytes: 100_000 });
    for (let i = 0; i < 200; i += 1) fixture.store.write(writeOf(keyed(`n${i}`, 1_000)));
    expect(entriesOf(fixture.store, 'n199')).toHaveLength(1);
    expect(fixture.said).toEqual(['The cache on disk starts empty: the index contradicts itself.']);
  });

  it('goes to nothing, and not wrong, where a segment is cut off under it', () => {
    fixture = openFixture(directory);
    fixture.store.write(writeOf(keyed('a')));
    writeFileSync(join(directory, '00000001.segment'), '');
    expect(entriesOf(fixture.store, 'a')).toEqual([]);
    expect(fixture.figures.get('entries')).toBe(0);
  });
});

describe('what a failure calls for', () => {
  const sqlite = (code: string) => Object.assign(new Error('said so'), { code });
  const system = (code: string) => Object.assign(new Error('said so'), { code, syscall: 'write' });
  it.each([
    [sqlite('SQLITE_FULL'), { kind: 'index', why: 'the disk is full' }],
    [sqlite('SQLITE_IOERR_WRITE'), { kind: 'index', why: 'said so' }],
    [sqlite('SQLITE_IOERR_SHORT_READ'), { kind: 'damaged', why: 'said so' }],
    [sqlite('SQLITE_CORRUPT'), { kind: 'damaged', why: 'said so' }],
    [system('ENOSPC'), { kind: 'disk', why: 'the disk is full' }],
    [system('EDQUOT'), { kind: 'disk', why: 'the disk quota is used up' }],
    [system('EFBIG'), { kind: 'disk', why: 'said so' }],
    [new Error('anything'), { kind: 'damaged', why: 'anything' }],
    ['a text', { kind: 'damaged', why: 'a text' }],
  ])('%o', (error, trouble) => {
    expect(judgeTrouble(error)).toEqual(trouble);
  });
});
