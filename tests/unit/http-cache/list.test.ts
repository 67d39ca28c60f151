import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listMembers } from '../../../lib/http-cache/list.ts';

describe('listMembers', () => {
  it.each([
    ['', []],
    [' , ,\t', []],
    ['a', ['a']],
    [' a , b,,c ', ['a', 'b', 'c']],
    ['a="x, y", b', ['a="x, y"', 'b']],
    ['a="x\\", y", b', ['a="x\\", y"', 'b']],
    ['a="x, b', ['a="x', 'b']],
    ['a="x\\", b, c="d"', ['a="x\\", b, c="d"']],
    ['a="x\\', ['a="x\\']],
    ['"x" , y', ['"x"', 'y']],
  ])('%j', (value, members) => {
    expect(listMembers(value)).toEqual(members);
  });

  it('gives back plain tokens however they are spaced', () => {
    const token = fc.stringMatching(/^[a-z0-9-]{1,10}$/);
    const gap = fc.stringMatching(/^[ \t]{0,3}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, token, gap)), (parts) => {
        expect(listMembers(parts.map((part) => part.join('')).join(','))).toEqual(parts.map(([, name]) => name));
      }),
    );
  });
});
