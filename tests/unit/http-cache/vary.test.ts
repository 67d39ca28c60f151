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
    [['Accept', 'a \t b'], 'a \t b'],
    [['Accept', ' x="a,  b" '], 'x="a,  b"'],
    // A no-break space is content: the origin gets it.
    [['Accept', 'a\u00a0,\u00a0b'], 'a\u00a0, \u00a0b'],
    [['Accept', '"a"\u00a0'], '"a"\u00a0'],
    [['Accept', '\u00a0'], '\u00a0'],
  ])('%j', (headers, value) => {
    expect(selectingValue(headers, 'accept')).toBe(value);
  });

  it.each([
    ['', ' '],
    ['BR;q=1.0, GZip ; q=0.80,identity;q=0', 'br, gzip;q=0.8, identity;q=0'],
    ['en, de;q=0.5', 'de;q=0.5, en'],
    ['de;q=0.5, en', 'en, de;q=0.5'],
    ['de-CH, *;q=0.1', 'de-ch, *;q=0.1'],
    ['gzip;level=9', 'gzip;level=9'],
    ['gzip;q=2', 'gzip;q=2'],
  ])('prefers alike with %j as with %j', (one, other) => {
    for (const name of ['accept-encoding', 'accept-language'])
      expect(selectingValue([name, one], name)).toBe(selectingValue([name, other], name));
  });

  it('takes codings of one weight in any order, and languages in theirs: origins may take the first', () => {
    const valueOf = (name: string, text: string) => selectingValue([name, text], name);
    expect(valueOf('accept-encoding', 'gzip, br')).toBe(valueOf('accept-encoding', 'br, gzip'));
    expect(valueOf('accept-language', 'en, de')).not.toBe(valueOf('accept-language', 'de, en'));
    expect(valueOf('accept-language', 'en, de;q=0.5, fr;q=0.5')).toBe('en, de;q=0.5, fr;q=0.5');
  });

  it('tells preferences apart that mean something else', () => {
    const texts = ['gzip', 'gzip;q=0', 'gzip;q=0.5', 'br, gzip;q=0.5', 'gzip, br;q=0.5', '', '*'];
    // What an origin makes of these, nobody knows: not what it makes of any other.
    texts.push('gzip;q=1.5', 'gzip\u00a0', '\u00a0gzip', '\u00a0', ',', 'gzip;q=0, gzip', 'gzip, gzip;q=0');
    const values = [...texts.map((text) => selectingValue(['Accept-Encoding', text], 'accept-encoding'))];
    values.push(selectingValue([], 'accept-encoding'));
    expect(new Set(values).size).toBe(values.length);
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
