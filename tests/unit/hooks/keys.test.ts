import { expect, test } from 'vitest';
import { keysOf } from '@/hooks/use-keys';
import type { Keys } from '@/lib/contracts/keys';

const row = (key: string, count: number, reasons: Keys['rows'][number]['reasons'] = {}) => ({
  key,
  url: key,
  service: 'chat',
  route: '*',
  count,
  error: 0,
  reasons,
});

test('keys are in order of their count; of a reason, of the count of that reason', () => {
  const keys: Keys = { from: 0, rows: [row('a', 9, { cold: 1, vary: 8 }), row('b', 5, { cold: 5 }), row('c', 3)] };
  expect(keysOf(keys, null, 2).map(({ key, count }) => [key, count])).toEqual([
    ['a', 9],
    ['b', 5],
  ]);
  expect(keysOf(keys, 'cold', 10).map(({ key, count }) => [key, count])).toEqual([
    ['b', 5],
    ['a', 1],
  ]);
});
