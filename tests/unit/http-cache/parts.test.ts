import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesIn,
  contentRange,
  isSingleRange,
  joinBytes,
  joinRanges,
  offsetOf,
  strongValidator,
} from '../../../lib/http-cache/parts.ts';
import type { ByteRange } from '../../../lib/http-cache/ranges.ts';

const LENGTH = 40;
const WHOLE = Buffer.from(Array.from({ length: LENGTH }, (_, i) => i));
const range = fc
  .tuple(fc.nat(LENGTH - 1), fc.nat(LENGTH - 1))
  .map(([one, other]): ByteRange => ({ start: Math.min(one, other), end: Math.max(one, other) }));
const bytesOf = ({ start, end }: ByteRange): Buffer => WHOLE.subarray(start, end + 1);

describe('isSingleRange', () => {
  it.each([
    ['bytes=0-0', true],
    ['BYTES= 5-\t', true],
    ['bytes=-5', true],
    [`bytes=0-${'9'.repeat(15)}`, true],
    [`bytes=0-${'9'.repeat(16)}`, false],
    ['bytes=0-1,3-4', false],
    ['bytes=-', false],
    ['bytes=', false],
    ['lines=0-1', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (text, expected) => {
    expect(isSingleRange(text)).toBe(expected);
  });
});

describe('contentRange', () => {
  it.each([
    [['Content-Range', 'bytes 0-4/10'], { start: 0, end: 4, length: 10 }],
    [['content-range', ' Bytes 9-9/10 '], { start: 9, end: 9, length: 10 }],
    [['Content-Range', 'bytes 0-4/10', 'Content-Length', '5'], { start: 0, end: 4, length: 10 }],
    [['Content-Range', 'bytes 4-9/10', 'Content-Length', '5'], undefined],
    [['Content-Range', 'bytes 0-10/10'], undefined],
    [['Content-Range', 'bytes 5-4/10'], undefined],
    [['Content-Range', 'bytes 0-4/*'], undefined],
    [['Content-Range', 'bytes */10'], undefined],
    [['Content-Range', 'lines 0-4/10'], undefined],
    [['Content-Range', 'bytes 0-4/10', 'Content-Range', 'bytes 0-4/10'], undefined],
    [['Content-Range', 'bytes 0-4/10', 'Content-Type', 'Multipart/byteranges; boundary=x'], undefined],
    [['Content-Range', `bytes 0-4/${'9'.repeat(16)}`], undefined],
    [[], undefined],
  ])('%j', (headers, expected) => {
    expect(contentRange(headers)).toEqual(expected);
  });
});

it('whatever Content-Range says, a part lies within its whole', () => {
  const number = fc.oneof(fc.nat(20).map(String), fc.stringMatching(/^[0-9]{14,17}$/), fc.constantFrom('', '*', '-1'));
  const said = fc.tuple(number, number, number).map(([start, end, length]) => `bytes ${start}-${end}/${length}`);
  fc.assert(
    fc.property(fc.oneof(said, fc.string({ unit: 'binary' })), (text) => {
      const part = contentRange(['Content-Range', text]);
      if (part === undefined) return;
      expect(part.start).toBeGreaterThanOrEqual(0);
      expect(part.end).toBeGreaterThanOrEqual(part.start);
      expect(part.length).toBeGreaterThan(part.end);
      expect(Number.isSafeInteger(part.length)).toBe(true);
    }),
  );
});

describe('strongValidator', () => {
  const modified = 'Sun, 06 Nov 1994 08:49:37 GMT';
  it.each([
    [['ETag', '"1"'], '"1"'],
    [['ETag', '"1"', 'Last-Modified', modified], '"1"'],
    [['ETag', 'W/"1"'], undefined],
    [['ETag', 'W/"1"', 'Last-Modified', modified, 'Date', 'Mon, 07 Nov 1994 08:49:37 GMT'], undefined],
    [['ETag', '1'], undefined],
    [['ETag', '"1"', 'ETag', '"2"'], undefined],
    [['Last-Modified', modified, 'Date', 'Sun, 06 Nov 1994 08:50:37 GMT'], modified],
    [['Last-Modified', modified, 'Date', 'Sun, 06 Nov 1994 08:50:36 GMT'], undefined],
    [['Last-Modified', modified], undefined],
    [['Last-Modified', 'x', 'Date', modified], undefined],
    [[], undefined],
  ])('%j', (headers, expected) => {
    expect(strongValidator(headers)).toBe(expected);
  });
});

describe('parts', () => {
  it('hold each byte that was brought, in order and apart, and no other', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 12 }), (added) => {
        let ranges: readonly ByteRange[] = [];
        let body: Buffer = Buffer.alloc(0);
        for (const each of added) {
          body = joinBytes(ranges, body, each, bytesOf(each));
          ranges = joinRanges(ranges, each);
        }
        const brought = Array.from(WHOLE).filter((at) => added.some(({ start, end }) => start <= at && at <= end));
        expect(Array.from(body)).toEqual(brought);
        expect(bytesIn(ranges)).toBe(brought.length);
        for (let i = 1; i < ranges.length; i++)
          expect(ranges[i]!.start).toBeGreaterThan((ranges[i - 1] as ByteRange).end + 1);
      }),
    );
  });

  it('give what lies within one of them, and nothing across a gap', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), range, (added, wanted) => {
        const ranges = added.reduce<readonly ByteRange[]>(joinRanges, []);
        const body = Buffer.concat(ranges.map(bytesOf));
        const offset = offsetOf(ranges, wanted);
        const held = ranges.some(({ start, end }) => start <= wanted.start && wanted.end <= end);
        expect(offset !== undefined).toBe(held);
        if (offset !== undefined) expect(body.subarray(offset, offset + bytesIn([wanted]))).toEqual(bytesOf(wanted));
      }),
    );
  });
});
