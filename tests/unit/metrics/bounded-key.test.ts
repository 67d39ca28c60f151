import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundedKey, hasWholeUrl } from '../../../lib/metrics/bounded-key.ts';

const LONGEST = 64;

it('leaves a key of the bound as it is and cuts one that is longer by a character', () => {
  const key = 'k'.repeat(LONGEST);
  expect(boundedKey(key, LONGEST)).toBe(key);
  const cut = boundedKey(`${key}k`, LONGEST);
  expect(cut).toHaveLength(LONGEST + 1);
  expect(cut).toMatch(/^k{38} cut=[\w-]{22}$/);
});

it('never makes one of two keys, whatever they hold', () => {
  const key = fc.oneof(
    fc.uint16Array({ maxLength: 2 * LONGEST }).map((codes) => String.fromCharCode(...codes)),
    fc.nat(99).map((n) => `${'k'.repeat(LONGEST)}${n}`),
  );
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(boundedKey(a, LONGEST) === boundedKey(b, LONGEST)).toBe(a === b);
      // What a key was cut to may be somebody's key.
      const cut = boundedKey(a, LONGEST);
      expect(boundedKey(cut, LONGEST) === cut).toBe(cut === a && a.length <= LONGEST);
    }),
  );
});

it('knows whether the URL is whole', () => {
  const url = `http://x.test/${'a'.repeat(10)}`;
  expect(hasWholeUrl(`GET ${url}`)).toBe(true);
  expect(hasWholeUrl(boundedKey(`GET ${url} realm=shop/abcdefghijk headers=2,1:a,9:123456789`, LONGEST))).toBe(true);
  expect(hasWholeUrl(boundedKey(`GET ${url}${'a'.repeat(30)} realm=shop/abcdefghijk`, LONGEST))).toBe(false);
});
