import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheControl, parseCacheControl } from '../../../lib/http-cache/cache-control.ts';

const NONE = parseCacheControl(undefined);

describe('parseCacheControl', () => {
  it('finds nothing where there is nothing', () => {
    expect(Object.values(NONE).filter((value) => value !== false && value !== undefined)).toEqual([]);
    expect(parseCacheControl('')).toEqual(NONE);
    expect(parseCacheControl(' , ,')).toEqual(NONE);
    expect(parseCacheControl('foobar, x=1, y="max-age=3, no-store"')).toEqual(NONE);
  });

  const cases: [string, Partial<CacheControl>][] = [
    ['no-store', { noStore: true }],
    ['No-StOrE', { noStore: true }],
    ['no-store=1', { noStore: true }],
    ['no-store ', { noStore: true }],
    ['no-store =x', { noStore: true }],
    ['no-cache', { noCache: true }],
    ['no-cache="set-cookie, x"', { noCache: true }],
    ['private, public', { private: true, public: true }],
    ['private="x"', { private: true }],
    ['public=yes', {}],
    ['must-revalidate,proxy-revalidate', { mustRevalidate: true, proxyRevalidate: true }],
    ['must-understand, immutable, no-transform', { mustUnderstand: true, immutable: true, noTransform: true }],
    ['only-if-cached, min-fresh=5', { onlyIfCached: true, minFresh: 5 }],
    ['max-stale', { maxStale: true }],
    ['max-stale=7', { maxStale: 7 }],
    ['max-stale=7, max-stale', { maxStale: 7 }],
    ['max-stale, max-stale=7', { maxStale: 0 }],
    ['max-stale=x', { maxStale: 0 }],
    ['MaX-aGe=3600', { maxAge: 3600 }],
    ['max-age=003600', { maxAge: 3600 }],
    ['max-age="3600"', { maxAge: 3600 }],
    ['max-age=60, s-maxage=30', { maxAge: 60, sMaxAge: 30 }],
    ['max-age=1, stale-while-revalidate=2, stale-if-error=3', { maxAge: 1, staleWhileRevalidate: 2, staleIfError: 3 }],
    ['max-age=2147483648', { maxAge: 2 ** 31 }],
    ['max-age=99999999999999999999999', { maxAge: 2 ** 31 }],
    // given twice
    ['max-age=60, max-age=60', { maxAge: 60 }],
    ['max-age=60, max-age=61', { maxAge: 0 }],
    ['max-age=60, max-age=061', { maxAge: 0 }],
    ['max-age=60, max-age=61, max-age=60', { maxAge: 0 }],
    ['s-maxage=x, s-maxage=9', { sMaxAge: 0 }],
    // invalid
    ...['', '-1', '1.0', '1.5', 'a1', '1a', "'60'", '"60', '60"', '"', ' 60', '+6', '0x10', '1e3', '""', '٣'].map(
      (value): [string, Partial<CacheControl>] => [`max-age=${value}`, { maxAge: 0 }],
    ),
    ['max-age', { maxAge: 0 }],
    ['max-age =60', { maxAge: 0 }],
    ['max-age\t=60', { maxAge: 0 }],
    ['max-age= 60', { maxAge: 0 }],
    // quotes hide nothing that they don't close around
    ['x="max-age=3600", max-age=1', { maxAge: 1 }],
    ['max-age=1, x="max-age=3600"', { maxAge: 1 }],
    ['x="never closed, no-store', { noStore: true }],
    ['=, =x, no-store', { noStore: true }],
  ];
  it.each(cases)('%s', (value, expected) => {
    expect(parseCacheControl(value)).toEqual({ ...NONE, ...expected });
  });

  it('reads no property of Object.prototype as a directive', () => {
    expect(parseCacheControl('__proto__=1, constructor, toString=2, hasOwnProperty')).toEqual(NONE);
  });

  it('never throws, and gives times within bounds only', () => {
    const piece = fc.constantFrom('max-age', 's-maxage', 'no-store', 'max-stale', '=', '"', '\\', ',', ' ', '9', '-');
    const hostile = fc.oneof(fc.string(), fc.string({ unit: piece, maxLength: 40 }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(hostile, (value) => {
        const found = parseCacheControl(value);
        for (const time of Object.values(found)) {
          if (typeof time === 'number') expect(Number.isInteger(time) && time >= 0 && time <= 2 ** 31).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds no-store after anything but a string that closes around it', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('"')),
        (text) => {
          expect(parseCacheControl(`${text},no-store`).noStore).toBe(true);
          expect(parseCacheControl(`"${text}",no-store`.replaceAll('\\', '')).noStore).toBe(true);
        },
      ),
    );
  });

  it('takes time in proportion to the length', () => {
    // 200,000 quotes that never close took minutes if each were searched for its end.
    expect(parseCacheControl('"' + '\\"'.repeat(200_000) + ',no-store').noStore).toBe(true);
  });
});
