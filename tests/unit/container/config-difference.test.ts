import { expect, it } from 'vitest';
import { differenceOf } from '../../../lib/container/config-difference.ts';
import type { Config } from '../../../lib/contracts/policy.ts';

const config = (services: Record<string, number>, gateway: object = {}) =>
  ({ gateway, services: Object.entries(services).map(([name, n]) => ({ name, n })) }) as unknown as Config;

it.each([
  [{ a: 1 }, { a: 1 }, 'Nothing in it differs from the one before.', null],
  [{ a: 1 }, { a: 2 }, 'Changed: a.', 'a'],
  [{ a: 1 }, { a: 1, b: 1 }, 'Added: b.', 'b'],
  [{ a: 1, b: 1 }, { b: 2 }, 'Removed: a. Changed: b.', null],
  [{}, { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }, 'Added: a, b, c, d, e and 1 more.', null],
])('%j to %j', (before, after, words, service) => {
  expect(differenceOf(config(before), config(after))).toEqual({ words, service });
});

it('names settings of the gateway, which concern every service', () => {
  expect(differenceOf(config({ a: 1 }, { x: 1 }), config({ a: 2 }, { x: 2 }))).toEqual({
    words: 'Changed: a. The gateway’s settings changed.',
    service: null,
  });
});
