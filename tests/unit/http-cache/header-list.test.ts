import { describe, expect, it } from 'vitest';
import { header, headerLines, withoutHeaders } from '../../../lib/http-cache/header-list.ts';

const LIST = ['Via', '1.1 a', 'X-One', '1', 'via', '1.1 b', 'x-two', '2'];

describe('header lists', () => {
  it('joins the lines of a field', () => {
    expect(header(LIST, 'via')).toBe('1.1 a, 1.1 b');
    expect(header(LIST, 'x-one')).toBe('1');
    expect(header(LIST, 'vib')).toBeUndefined();
    expect(header([], 'via')).toBeUndefined();
  });

  it('keeps lines apart where asked', () => {
    expect(headerLines(LIST, 'via')).toEqual(['1.1 a', '1.1 b']);
    expect(headerLines(LIST, 'x')).toEqual([]);
  });

  it('leaves out names, and keeps the rest as it was', () => {
    expect(withoutHeaders(LIST, new Set(['via']))).toEqual(['X-One', '1', 'x-two', '2']);
    expect(withoutHeaders(LIST, new Set())).toEqual(LIST);
  });
});
