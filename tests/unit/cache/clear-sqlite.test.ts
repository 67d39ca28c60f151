import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EPOCH_JUMP, openSqliteClears, type SqliteClears } from '../../../lib/cache/clear-sources/sqlite.ts';

let directory: string;
let file: string;
let ids = 0;
const opened: SqliteClears[] = [];

function open(change: { names?: number; patterns?: number; above?: number } = {}): SqliteClears {
  const clears = openSqliteClears(file, {
    names: 10,
    patterns: 10,
    wall: () => 7,
    newId: () => `id${++ids}`,
    ...change,
  });
  opened.push(clears);
  return clears;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pitwall-clears-'));
  file = join(directory, 'clears.db');
});
afterEach(() => {
  for (const clears of opened.splice(0)) clears.close();
  rmSync(directory, { recursive: true });
});

function fill(clears: SqliteClears): void {
  const { id } = clears.append({ scope: { key: 'http://a/' }, mode: 'hard' });
  clears.append({ scope: { prefix: 'http://a/', service: 's' }, mode: 'soft' });
  clears.append({ voids: id });
}

describe('clear log in SQLite', () => {
  it('is there again after a restart, with its epoch, and goes on', () => {
    const before = open();
    fill(before);
    const { epoch, head } = before;
    const news = before.since(0);
    before.close();
    const after = open({ above: 3 });
    expect([after.epoch, after.damage, after.head]).toEqual([epoch, undefined, head]);
    expect(after.since(0)).toEqual(news);
    expect(after.append({ scope: { all: true }, mode: 'hard' })).toMatchObject({ number: 4, at: 7 });
  });

  it('folds what narrower bounds have no room for, once', () => {
    const before = open();
    for (const tag of ['a', 'b', 'c']) before.append({ scope: { tag, service: 's' }, mode: 'soft' });
    before.close();
    for (let start = 0; start < 2; start++) {
      const after = open({ names: 1 });
      expect(after.damage).toBeUndefined();
      expect(after.since(0)).toMatchObject({
        head: { number: 3 },
        folded: [{ service: 's', mode: 'soft', number: 2 }],
        records: [{ number: 3 }],
      });
      after.close();
    }
  });

  it('begins a new log above a lost one, with a hard clear of everything', () => {
    const before = open();
    fill(before);
    before.close();
    const short = open({ above: 5 });
    const number = 5 + EPOCH_JUMP;
    expect(short.damage).toContain('ends before clear 5');
    expect(short.epoch).not.toBe(before.epoch);
    expect(short.since(0)).toMatchObject({
      head: { number },
      folded: [{ service: undefined, mode: 'hard', number }],
      records: [],
    });
    short.close();
    rmSync(file);
    expect(open({ above: 9 }).damage).toBe('it is gone');
  });

  it('throws away what is none of its own', () => {
    const other = new Database(file);
    other.pragma('user_version = 9');
    other.close();
    expect(open().damage).toContain('version 9');
    for (const clears of opened.splice(0)) clears.close();
    writeFileSync(file, 'no database, but long enough to look like one. '.repeat(100));
    expect(open().damage).toBeDefined();
  });

  it.each([1, 99, 4_096])('takes a file that was cut to %i bytes for a lost one', (length) => {
    const before = open();
    fill(before);
    before.close();
    truncateSync(file, length);
    expect(open().damage).toBeDefined();
  });

  it.each([
    ["UPDATE records SET json = replace(json, 'hard', 'soft')", 'row 1 is damaged'],
    ['DELETE FROM records WHERE number = 2', 'rows are missing'],
    ['DELETE FROM log', 'first row is missing'],
  ])('notices %s, and goes on above what it can still read', (sql, damage) => {
    const before = open();
    fill(before);
    before.close();
    const db = new Database(file);
    db.exec(sql);
    db.close();
    const after = open();
    expect(after.damage).toContain(damage);
    expect(after.head.number).toBeGreaterThanOrEqual(EPOCH_JUMP + 3);
  });

  it('never takes a damaged file for a whole one: any byte changed, any length', () => {
    const before = open();
    fill(before);
    const told = before.since(0);
    before.close();
    const bytes = readFileSync(file);
    const place = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ change;
        writeFileSync(file, damaged);
        if (cut) truncateSync(file, at);
        const clears = openSqliteClears(file, { names: 10, patterns: 10, wall: () => 7, newId: () => `id${++ids}` });
        try {
          const isEmpty = cut && at === 0;
          if (clears.epoch === before.epoch) expect(clears.since(0)).toEqual(told);
          else if (!isEmpty) expect(clears.damage).toBeDefined();
        } finally {
          clears.close();
        }
      }),
      { numRuns: 150 },
    );
  });

  it('says when it cannot be written, and holds only what is written', () => {
    const clears = open();
    fill(clears);
    const blocking = new Database(file, { timeout: 0 });
    blocking.exec("CREATE TRIGGER full BEFORE INSERT ON records BEGIN SELECT RAISE(FAIL, 'no room'); END");
    blocking.close();
    expect(() => clears.append({ scope: { all: true }, mode: 'hard' })).toThrow("can't be written: no room");
    expect([clears.head.number, clears.since(0).records.length]).toEqual([3, 3]);
    file = join(directory, 'missing', 'clears.db');
    expect(() => open()).toThrow("The clear log can't be written");
  });
});
