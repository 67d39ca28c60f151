import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCacheKeys, readCacheKeys } from '../../../lib/config/cache-keys.ts';
import { readEnvironment } from '../../../lib/config/environment.ts';

const bytes = (number: number): Buffer => Buffer.alloc(32, number);
const [one, two] = [bytes(251), bytes(2)];
let file = '';
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'pitwall-keys-')), 'keys');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true, force: true }));

const fault = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'no fault';
};

describe('keys of the cache', () => {
  it.each([
    ['hex', one.toString('hex')],
    ['hex in capitals', one.toString('hex').toUpperCase()],
    ['base64', one.toString('base64')],
    ['base64 without padding', one.toString('base64').slice(0, -1)],
    ['base64url', one.toString('base64url')],
  ])('are read from %s', (_, text) => {
    const { keys, faults } = parseCacheKeys([` ${text} `], 'key');
    expect(faults).toEqual([]);
    expect(keys.map((key) => Buffer.from(key))).toEqual([one]);
  });

  it('are refused with what is wrong with each, and none is quoted', () => {
    const [short, long] = [Buffer.alloc(31, 7).toString('base64'), Buffer.alloc(33, 7).toString('base64')];
    const texts = [short, one.toString('hex'), long, 'password', '', one.toString('base64'), `${'a'.repeat(42)}$`];
    const { keys, faults } = parseCacheKeys(texts, 'key');
    expect(keys).toHaveLength(1);
    expect(faults.map((text) => text.slice(0, 30))).toEqual([
      'key 1: expected 32 bytes in ba',
      'key 3: expected 32 bytes in ba',
      'key 4: expected 32 bytes in ba',
      'key 6: it is given twice',
      'key 7: expected 32 bytes in ba',
    ]);
    for (const text of texts) if (text !== '') expect(faults.join()).not.toContain(text);
    const nine = Array.from({ length: 9 }, (_, i) => bytes(i).toString('hex'));
    expect(parseCacheKeys(nine, 'key').faults).toEqual(['expected at most 8 keys, got 9']);
    expect(parseCacheKeys(['', ' '], 'key').faults).toEqual(['there is no key in it']);
  });

  it('come from the environment, the first first', () => {
    const env = { PITWALL_CACHE_KEY: `${two.toString('base64')}, ${one.toString('hex')}` };
    expect(readCacheKeys(readEnvironment(env)).map((key) => Buffer.from(key))).toEqual([two, one]);
    expect(readCacheKeys(readEnvironment({}))).toEqual([]);
  });

  it('or from a file, one on a line', () => {
    writeFileSync(file, `${one.toString('base64')}\n\n${two.toString('hex')}\n`);
    const keys = readCacheKeys(readEnvironment({ PITWALL_CACHE_KEY_FILE: file }));
    expect(keys.map((key) => Buffer.from(key))).toEqual([one, two]);
  });

  it('keep Pitwall from starting where they are none', () => {
    const from = (): unknown => readCacheKeys(readEnvironment({ PITWALL_CACHE_KEY_FILE: file }));
    expect(fault(from)).toMatch(/PITWALL_CACHE_KEY_FILE has 1 fault:\n {2}\S+keys can't be read/);
    writeFileSync(file, '\n');
    expect(fault(from)).toMatch(/there is no key in it/);
    writeFileSync(file, `${one.toString('base64')}\nhunter2\n`);
    expect(fault(from)).toMatch(/line 2: expected 32 bytes/);
    expect(fault(from)).not.toContain('hunter2');
    const both = { PITWALL_CACHE_KEY: 'hunter2,', PITWALL_CACHE_KEY_FILE: file };
    const said = fault(() => readEnvironment(both));
    expect(said).toMatch(/PITWALL_CACHE_KEY: key 1: expected 32 bytes/);
    expect(said).toMatch(/PITWALL_CACHE_KEY and PITWALL_CACHE_KEY_FILE: set one of them, not both/);
    expect(said).not.toContain('hunter2');
  });
});
