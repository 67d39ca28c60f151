import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSecret } from '../../../lib/config/secret.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is what was given, and nothing is written then', () => {
  expect(readSecret('given', folder)).toBe('given');
  expect(readdirSync(folder)).toEqual([]);
});

it('is made once, for its owner’s eyes, and stays the same', () => {
  const secret = readSecret(undefined, folder);
  expect(secret).toHaveLength(43);
  expect(readSecret(undefined, folder)).toBe(secret);
  expect(readdirSync(folder)).toEqual(['secret']);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(`${secret}\n`);
});

it('is refused when its file is cut short or no file', () => {
  writeFileSync(join(folder, 'secret'), 'short\n');
  expect(() => readSecret(undefined, folder)).toThrow(/has fewer than 32 characters/);
  expect(() => readSecret(undefined, '/dev/null')).toThrow(/can't be read/);
});
