import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectRange } from '../../../lib/http-cache/ranges.ts';

const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';
const body = { etag: '"1"', lastModified: MODIFIED, date: 'Sun, 06 Nov 1994 08:49:38 GMT', length: 10 };

describe('selectRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-4', { start: 2, end: 4 }],
    ['BYTES=2-4', { start: 2, end: 4 }],
    ['bytes=2-', { start: 2, end: 9 }],
    ['bytes=2-99999999999999999999', { start: 2, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=10-20', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=4-2', undefined],
    ['bytes=-', undefined],
    ['bytes=', undefined],
    ['bytes=0-1,3-4', undefined],
    ['bytes=a-b', undefined],
    ['bytes 0-1', undefined],
    ['items=0-1', undefined],
    ['bytes=--1', undefined],
    [undefined, undefined],
  ])('%s', (range, expected) => {
    expect(selectRange(range, undefined, body)).toEqual(expected);
  });

  it('satisfies nothing of an empty body', () => {
    const empty = { ...body, length: 0 };
    expect(selectRange('bytes=0-', undefined, empty)).toBe('unsatisfiable');
    expect(selectRange('bytes=-1', undefined, empty)).toBe('unsatisfiable');
  });

  const whole = undefined;
  const part = { start: 0, end: 1 };
  it.each([
    ['"1"', {}, part],
    ['"2"', {}, whole],
    ['W/"1"', {}, whole],
    ['W/"1"', { etag: 'W/"1"' }, whole],
    ['"1"', { etag: undefined }, whole],
    [MODIFIED, {}, part],
    [MODIFIED, { date: MODIFIED }, whole],
    [MODIFIED, { date: undefined }, whole],
    [MODIFIED, { date: 'x' }, whole],
    [MODIFIED, { lastModified: undefined }, whole],
    ['x', { lastModified: 'x' }, whole],
    ['Mon, 07 Nov 1994 08:49:37 GMT', {}, whole],
  ])('If-Range %s on %j', (ifRange, change, expected) => {
    expect(selectRange('bytes=0-1', ifRange, { ...body, ...change })).toEqual(expected);
  });

  it('reads no If-Range without Range', () => {
    expect(selectRange(undefined, '"1"', body)).toBeUndefined();
  });

  it('never reaches outside the body', () => {
    const position = fc.oneof(fc.constant(''), fc.nat(30).map(String));
    fc.assert(
      fc.property(position, position, fc.nat(20), (first, last, length) => {
        const range = selectRange(`bytes=${first}-${last}`, undefined, { ...body, length });
        if (typeof range !== 'object') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(length);
      }),
    );
  });
});
