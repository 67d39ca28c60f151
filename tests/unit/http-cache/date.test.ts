import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate, parseHttpDate } from '../../../lib/http-cache/date.ts';

const NOV_1994 = Date.UTC(1994, 10, 6, 8, 49, 37);
const IN_2026 = Date.UTC(2026, 5, 1);

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT'],
    ['Sunday, 06-Nov-94 08:49:37 GMT'],
    ['Sun Nov  6 08:49:37 1994'],
    ['Sun Nov 06 08:49:37 1994'],
    ['SUN, 06 NOV 1994 08:49:37 gmt'],
  ])('%s', (text) => {
    expect(parseHttpDate(text)).toBe(NOV_1994);
    expect(parseHttpDate(text, IN_2026)).toBe(NOV_1994);
  });

  it.each([
    [''],
    ['0'],
    ['-1'],
    ['Sun, 06 Nov 1994 08:49:37 UTC'],
    ['Sun, 06 Nov 1994 08:49:37 +0000'],
    ['Sun, 06 Nov 94 08:49:37 GMT'],
    ['Sun 06 Nov 1994 08:49:37 GMT'],
    ['Sun, 06  Nov  1994 08:49:37 GMT'],
    ['Sun, 06-Nov-1994 08:49:37 GMT'],
    ['Sun, 06-Nov-94 08:49:37 GMT'],
    ['Sun, 06 Nov 1994 08.49.37 GMT'],
    ['Sun, 06 Nov 1994 8:49:37 GMT'],
    ['Sun, 6 Nov 1994 08:49:37 GMT'],
    ['Sun, 06 Nov 1994 24:00:00 GMT'],
    ['Sun, 06 Nov 1994 08:60:37 GMT'],
    ['Sun, 06 Nov 1994 08:49:61 GMT'],
    ['Sun, 00 Nov 1994 08:49:37 GMT'],
    ['Thu, 31 Nov 1994 08:49:37 GMT'],
    ['Tue, 29 Feb 2023 08:49:37 GMT'],
    ['Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT'],
    ['Xyz, 06 Nov 1994 08:49:37 GMT'],
    ['1994-11-06T08:49:37Z'],
  ])('refuses %j', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });

  it('takes a leap day and a leap second', () => {
    expect(parseHttpDate('Thu, 29 Feb 2024 00:00:00 GMT')).toBe(Date.UTC(2024, 1, 29));
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2017, 0, 1));
  });

  it.each([
    ['50', 2050],
    ['76', 2076],
    ['77', 1977],
    ['99', 1999],
    ['00', 2000],
  ])('reads the two-digit year %s in 2026 as %i', (year, full) => {
    expect(parseHttpDate(`Thursday, 18-Aug-${year} 02:01:18 GMT`, IN_2026)).toBe(Date.UTC(full, 7, 18, 2, 1, 18));
  });

  it('reads a year below 100 as it stands', () => {
    const text = 'Mon, 01 Jan 0050 00:00:00 GMT';
    expect(new Date(parseHttpDate(text) as number).getUTCFullYear()).toBe(50);
  });

  it('reads back what formatHttpDate writes, and never throws', () => {
    const last = Date.UTC(9999, 11, 31, 23, 59, 59);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: last }), (ms) => {
        expect(parseHttpDate(formatHttpDate(ms))).toBe(Math.floor(ms / 1_000) * 1_000);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseHttpDate(text)).toBeUndefined();
      }),
    );
  });
});

describe('formatHttpDate', () => {
  it('writes an IMF-fixdate', () => {
    expect(formatHttpDate(NOV_1994)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  });
});
