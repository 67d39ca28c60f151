import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Decimal,
  parseDictionary,
  parseList,
  StructuredDate,
  Token,
} from '../../../lib/http-cache/structured-field.ts';

/** Members without their parameters. */
function plain(value: string): unknown {
  const list = parseList(value);
  return list?.map((member) => ('items' in member ? member.items.map((item) => item.value) : member.value));
}

describe('parseList', () => {
  it.each<[string, unknown]>([
    ['', []],
    ['  ', []],
    ['a, b', [new Token('a'), new Token('b')]],
    ['1,-2 ,\t3.25, 3.0', [1, -2, new Decimal(3.25), new Decimal(3)]],
    ['"a, \\"b\\" \\\\"', ['a, "b" \\']],
    ['?1, ?0', [true, false]],
    [':aGk=:', [Buffer.from('hi')]],
    ['@1700000000, @-1', [new StructuredDate(1_700_000_000), new StructuredDate(-1)]],
    ['%"f%c3%bc"', ['fü']],
    ['(a "b" 3), ()', [[new Token('a'), 'b', 3], []]],
    ['*a/b:c', [new Token('*a/b:c')]],
    ['999999999999999, 999999999999.999', [999_999_999_999_999, new Decimal(999_999_999_999.999)]],
  ])('%j', (value, expected) => {
    expect(plain(value)).toEqual(expected);
  });

  it.each([
    'a,',
    ',a',
    'a b',
    '"a',
    '"\\x"',
    '"\u00e9"',
    '?2',
    ':a',
    '(a',
    '(a,b)',
    '1.',
    '1.2345',
    '1000000000000000',
    '1000000000000.0',
    '--1',
    '-',
    '@1.5',
    '@1.0',
    '@',
    '@a',
    '%"%FF"',
    '%"%ff"',
    'a;A',
    'a;',
    '\ta',
  ])('refuses %j', (value) => {
    expect(parseList(value)).toBeUndefined();
  });

  it('keeps parameters, the last of a name', () => {
    expect(parseList('a;x;y=2;x=?0')?.[0]?.parameters).toEqual(
      new Map<string, unknown>([
        ['y', 2],
        ['x', false],
      ]),
    );
  });
});

describe('parseDictionary', () => {
  it('keeps the last member of a name; one without a value is true', () => {
    const found = parseDictionary('a=1, b;x, a=(2 3), c="d"');
    expect([...(found?.keys() ?? [])]).toEqual(['b', 'a', 'c']);
    expect(found?.get('b')).toMatchObject({ value: true });
    expect(found?.get('a')).toMatchObject({ items: [{ value: 2 }, { value: 3 }] });
  });

  it.each(['A=1', 'a=', 'a = 1', 'a=1 b', '1=a', 'a=1,,b'])('refuses %j', (value) => {
    expect(parseDictionary(value)).toBeUndefined();
  });
});

describe('any text', () => {
  it('is read without an exception', () => {
    const piece = fc.constantFrom(
      'a',
      '=',
      ',',
      ';',
      '"',
      '\\',
      '(',
      ')',
      ' ',
      '?1',
      ':',
      '@',
      '%',
      '-',
      '.',
      '9',
      'é',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        parseDictionary(value);
        parseList(value);
      }),
      { numRuns: 2_000 },
    );
  });
});
