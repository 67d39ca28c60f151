import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesVary, selectingValue, varyNames } from '../../../lib/http-cache/vary.ts';

describe('varyNames', () => {
  it.each([
    [[], []],
    [['Vary', ''], []],
    [
      ['Vary', 'Foo, accept,, FOO ', 'vary', 'Bar'],
      ['accept', 'bar', 'foo'],
    ],
  ])('%j', (headers, names) => {
    expect(varyNames(headers)).toEqual(names);
  });

  it.each([[['Vary', '*']], [['Vary', '*, *']], [['Vary', ', *']], [['Vary', '', 'Vary', '*']], [['Vary', 'Foo, *']]])(
    'finds the star in %j',
    (headers) => {
      expect(varyNames(headers)).toBe('*');
    },
  );
});

describe('selectingValue', () => {
  it.each([
    [[], ''],
    [['Accept', 'a,b'], 'a, b'],
    [['Accept', ' a \t,  b;q=0.5'], 'a, b;q=0.5'],
    [['accept', 'a', 'ACCEPT', 'b'], 'a, b'],
    [['Accept', 'a \t b'], 'a b'],
    [['Accept', ' x="a,  b" '], 'x="a,  b"'],
  ])('%j', (headers, value) => {
    expect(selectingValue(headers, 'accept')).toBe(value);
  });

  it('is stable under what RFC 9111 section 4.1 calls insignificant', () => {
    const token = fc.stringMatching(/^[a-z;=*/]{1,8}$/);
    const gap = fc.constantFrom('', ' ', '\t', '  ');
    fc.assert(
      fc.property(fc.array(fc.tuple(token, gap), { minLength: 1 }), (parts) => {
        const lines = parts.flatMap(([value]) => ['Accept', value]);
        const spaced = parts.map(([value, space]) => space + value + space).join(',');
        expect(selectingValue(['Accept', spaced], 'accept')).toBe(selectingValue(lines, 'accept'));
      }),
    );
  });
});

describe('matchesVary', () => {
  const entry = { vary: ['accept', 'x-user'], varyValues: ['a, b', ''] };

  it('matches anything when the response does not vary', () => {
    expect(matchesVary({ vary: [], varyValues: [] }, ['X', 'y'])).toBe(true);
  });

  it('wants every selecting value alike', () => {
    expect(matchesVary(entry, ['Accept', 'a,b'])).toBe(true);
    expect(matchesVary(entry, ['Accept', 'b,a'])).toBe(false);
    expect(matchesVary(entry, ['Accept', 'a,b', 'X-User', '1'])).toBe(false);
    expect(matchesVary(entry, [])).toBe(false);
  });
});
