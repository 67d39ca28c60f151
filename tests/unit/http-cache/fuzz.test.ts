import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCacheControl } from '../../../lib/http-cache/cache-control.ts';
import { formatHttpDate, parseHttpDate } from '../../../lib/http-cache/date.ts';
import { preferences } from '../../../lib/http-cache/preferences.ts';
import { selectRange } from '../../../lib/http-cache/ranges.ts';
import { responseControl } from '../../../lib/http-cache/response-control.ts';
import { judge } from '../../../lib/http-cache/storable.ts';
import { parseSurrogateControl } from '../../../lib/http-cache/surrogate-control.ts';

/* Parsing what origins and strangers send: it never throws, and what is broken never loosens what is whole. */
const piece = fc.constantFrom(
  ...['no-store', 'max-age', 'public', 's-maxage', 'private', 'x'],
  ...['=', ',', ';', '"', '\\', ' ', '\t', '0', '9', '-', '+', '(', ')', '?1', 'é', '\u0000'],
);
const broken = fc.oneof(
  fc.string(),
  fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
);
const RUNS = { numRuns: 2_000 };
const WALL = Date.UTC(2026, 0, 15, 12);

describe('Cache-Control', () => {
  it('restricts whatever stands beside it', () => {
    fc.assert(
      fc.property(broken, fc.constantFrom('noStore', 'private', 'noCache', 'mustRevalidate'), (text, flag) => {
        const name = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        expect(parseCacheControl(`${name}, ${text}`)[flag]).toBe(true);
      }),
      RUNS,
    );
  });

  it('is never good for longer by what is added to it', () => {
    fc.assert(
      fc.property(broken, fc.nat({ max: 10_000 }), (text, seconds) => {
        const { maxAge } = parseCacheControl(`max-age=${seconds}, ${text}`);
        expect(maxAge).toBeGreaterThanOrEqual(0);
        expect(maxAge).toBeLessThanOrEqual(seconds);
      }),
      RUNS,
    );
  });
});

describe('the directives of a response', () => {
  const name = fc.constantFrom('Cache-Control', 'CDN-Cache-Control', 'Pitwall-Cache-Control', 'Surrogate-Control');
  const headers = fc.array(fc.tuple(name, broken), { maxLength: 4 }).map((pairs) => pairs.flat());

  it('are read of anything, with times of nought to 2^31 s', () => {
    fc.assert(
      fc.property(headers, (list) => {
        const { maxAge = 0, sMaxAge = 0 } = responseControl(list).control;
        for (const time of [maxAge, sMaxAge]) {
          expect(time).toBeGreaterThanOrEqual(0);
          expect(time).toBeLessThanOrEqual(2 ** 31);
        }
      }),
      RUNS,
    );
  });

  it('store nothing that Cache-Control forbids where the other fields are broken', () => {
    const unparsable = broken.map((text) => `"${text.replaceAll('"', '')}`);
    fc.assert(
      fc.property(unparsable, fc.constantFrom('no-store', 'private'), (text, directive) => {
        const said = ['CDN-Cache-Control', text, 'Pitwall-Cache-Control', text, 'Cache-Control', directive];
        const judgement = judge({
          method: 'GET',
          authorization: false,
          cookie: false,
          requestNoStore: false,
          status: 200,
          headers: said,
          requestedAt: 0,
          receivedAt: 0,
          wall: WALL,
          policy: { ttl: 60_000, staleWhileRevalidate: 0, staleIfError: 0, heuristic: true, ignore: [] },
        });
        expect(judgement).toEqual({ store: false, reason: directive });
      }),
      RUNS,
    );
  });

  it('of Surrogate-Control are never longer by what is added', () => {
    fc.assert(
      fc.property(broken, fc.nat({ max: 10_000 }), (text, seconds) => {
        expect(parseSurrogateControl(`max-age=${seconds}, ${text}`)?.maxAge).toBeLessThanOrEqual(seconds);
        expect(parseSurrogateControl(`no-store, ${text}`)?.noStore).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('dates, ranges and preferences', () => {
  it('a date is a whole number of seconds or none, and reads as it was written', () => {
    fc.assert(
      fc.property(broken, fc.integer({ min: 0, max: 4_102_444_800 }), (text, seconds) => {
        const read = parseHttpDate(text);
        expect(read === undefined || Number.isInteger(read / 1_000)).toBe(true);
        expect(parseHttpDate(formatHttpDate(seconds * 1_000))).toBe(seconds * 1_000);
      }),
      RUNS,
    );
  });

  it('a range lies within the body', () => {
    const range = fc.oneof(
      broken,
      fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })).map(([from, to]) => `bytes=${from}-${to}`),
      fc.nat({ max: 20 }).map((count) => `bytes=-${count}`),
    );
    fc.assert(
      fc.property(range, broken, fc.nat({ max: 15 }), (text, ifRange, length) => {
        const stored = { etag: '"1"', lastModified: undefined, length };
        const part = selectRange(text, undefined, stored);
        // An If-Range that isn't the stored tag never gives a part.
        if (ifRange.trim() !== '"1"') expect(selectRange(text, ifRange, stored)).toBeUndefined();
        if (part === undefined || part === 'unsatisfiable') return;
        expect(part.start).toBeGreaterThanOrEqual(0);
        expect(part.start).toBeLessThanOrEqual(part.end);
        expect(part.end).toBeLessThan(length);
      }),
      RUNS,
    );
  });

  it('preferences in one form stay in it', () => {
    fc.assert(
      fc.property(broken, fc.boolean(), (text, ordered) => {
        const once = preferences(text, ordered);
        expect(preferences(once, ordered)).toBe(once);
      }),
      RUNS,
    );
  });
});
