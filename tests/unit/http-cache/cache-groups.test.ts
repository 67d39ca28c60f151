import { describe, expect, it } from 'vitest';
import { cacheGroups } from '../../../lib/http-cache/cache-groups.ts';

describe('cacheGroups', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [
      ['Cache-Groups', '"a", "B c";x=1'],
      ['a', 'B c'],
    ],
    [
      ['Cache-Groups', '"a"', 'cache-groups', '"b"'],
      ['a', 'b'],
    ],
    [['Cache-Groups', '"a", b'], []],
    [['Cache-Groups', '"a", ("b")'], []],
    [['Cache-Groups', '"a'], []],
  ])('%j', (headers, groups) => {
    expect(cacheGroups(headers)).toEqual(groups);
  });
});
