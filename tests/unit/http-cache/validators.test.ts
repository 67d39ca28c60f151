import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listsTag, stronglyEqual, weaklyEqual } from '../../../lib/http-cache/entity-tag.ts';
import { conditionalHeaders, describes, isNotModified, mergeNotModified } from '../../../lib/http-cache/validators.ts';

const EARLY = 'Sun, 06 Nov 1994 08:49:37 GMT';
const LATE = 'Mon, 07 Nov 1994 08:49:37 GMT';
const none = { etag: undefined, lastModified: undefined };

describe('entity tags', () => {
  it.each([
    ['"1"', '"1"', true, true],
    ['W/"1"', 'W/"1"', true, false],
    ['W/"1"', '"1"', true, false],
    ['"1"', '"2"', false, false],
    ['w/"1"', '"1"', false, false],
  ])('%s and %s: weakly %s, strongly %s', (one, other, weakly, strongly) => {
    expect(weaklyEqual(one, other)).toBe(weakly);
    expect(stronglyEqual(one, other)).toBe(strongly);
  });

  it('finds every tag of a list that was written', () => {
    const tag = fc.stringMatching(/^(W\/)?"[!#-~]{0,6}"$/);
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1 }), fc.constantFrom(',', ', ', ' , ', ',,'), (tags, comma) => {
        for (const each of tags) expect(listsTag(tags.join(comma), each)).toBe(true);
        expect(listsTag(tags.join(comma), '"not in the list"')).toBe(false);
      }),
    );
  });
});

describe('conditionalHeaders', () => {
  it('asks by what there is', () => {
    expect(conditionalHeaders({ etag: 'W/"1"', lastModified: EARLY })).toEqual([
      ...['If-None-Match', 'W/"1"'],
      ...['If-Modified-Since', EARLY],
    ]);
    expect(conditionalHeaders(none)).toEqual([]);
  });
});

describe('isNotModified', () => {
  it.each([
    ['"1"', '"1"', true],
    ['W/"1"', '"1"', true],
    ['"1"', 'W/"1"', true],
    ['"0", W/"1" ,"2"', '"1"', true],
    ['"a,b", "c"', '"b"', false],
    ['"a,b", "c"', '"c"', true],
    ['*', '"1"', true],
    [' * ', undefined, true],
    ['"1"', undefined, false],
    ['"2"', '"1"', false],
    ['"0" "1"', '"1"', false],
    ['unquoted', 'unquoted', true],
    ['', '"1"', false],
  ])('If-None-Match %j on %j: %s', (noneMatch, etag, expected) => {
    expect(isNotModified(['If-None-Match', noneMatch], { ...none, etag })).toBe(expected);
  });

  it('reads If-None-Match over several lines', () => {
    expect(isNotModified(['If-None-Match', '"0"', 'if-none-match', '"1"'], { ...none, etag: '"1"' })).toBe(true);
  });

  it('ignores If-Modified-Since beside If-None-Match', () => {
    const request = ['If-Modified-Since', LATE, 'If-None-Match', '"2"'];
    expect(isNotModified(request, { etag: '"1"', lastModified: EARLY })).toBe(false);
  });

  it.each([
    [EARLY, EARLY, undefined, true],
    [LATE, EARLY, undefined, true],
    [EARLY, LATE, undefined, false],
    [LATE, EARLY, LATE, true],
    [EARLY, undefined, EARLY, true],
    [EARLY, undefined, LATE, false],
    [EARLY, undefined, undefined, false],
    ['yesterday', EARLY, undefined, false],
    [EARLY, 'yesterday', undefined, false],
  ])('If-Modified-Since %j, Last-Modified %j, Date %j: %s', (since, lastModified, date, expected) => {
    expect(isNotModified(['If-Modified-Since', since], { etag: undefined, lastModified, date })).toBe(expected);
  });

  it('is false without a condition', () => {
    expect(isNotModified(['Accept', '*/*'], { etag: '"1"', lastModified: EARLY })).toBe(false);
  });
});

describe('mergeNotModified', () => {
  it('replaces all lines of a field, and keeps what the 304 leaves out', () => {
    const stored = ['X-A', '1', 'x-a', '2', 'X-B', '3'];
    expect(mergeNotModified(stored, ['X-A', '9'])).toEqual(['X-B', '3', 'X-A', '9']);
  });

  it('keeps what describes the stored body, and takes nothing of the hop', () => {
    const stored = ['Content-Length', '36', 'Content-Encoding', 'gzip', 'X-Hop', 'mine'];
    const fresh = ['Content-Length', '0', 'content-encoding', 'br', 'Content-Range', 'bytes 0-1/2', 'ETag', '"2"'];
    fresh.push('Content-MD5', 'x', 'Content-Digest', 'y', 'Repr-Digest', 'z', 'Digest', 'a');
    fresh.push('Connection', 'X-Hop', 'X-Hop', 'theirs', 'Transfer-Encoding', 'chunked');
    expect(mergeNotModified(stored, fresh)).toEqual([...stored, 'ETag', '"2"']);
  });

  it('forgets the old Date and Age', () => {
    expect(mergeNotModified(['Date', EARLY, 'Age', '99', 'X', '1'], [])).toEqual(['X', '1']);
    expect(mergeNotModified(['Date', EARLY], ['Date', LATE])).toEqual(['Date', LATE]);
  });
});

describe('describes', () => {
  it.each<[string[], string | undefined, boolean]>([
    [['ETag', '"1"'], '"1"', true],
    [[], '"1"', true],
    [['ETag', 'W/"1"'], '"1"', true],
    [['ETag', 'W/"1"'], 'W/"1"', true],
    // As new ETag of the old body it would be confirmed for ever.
    [['ETag', 'W/"2"'], 'W/"1"', false],
    [['ETag', 'W/"2"'], '"1"', false],
    [['ETag', '"2"'], undefined, true],
    [['ETag', '"2"'], '"1"', false],
    [['ETag', '"1"'], 'W/"1"', false],
  ])('a 304 with %j, of a stored %j: %s', (headers, etag, expected) => {
    expect(describes(headers, { etag, lastModified: undefined })).toBe(expected);
  });
});
