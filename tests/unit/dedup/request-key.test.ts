import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyHash, requestKey, type RequestIdentity } from '../../../lib/dedup/request-key.ts';

const plain = { method: 'GET', scheme: 'http', host: 'h', path: '/a', query: '?b' };

/** Small alphabets, so that near-collisions are common. */
const identity: fc.Arbitrary<RequestIdentity> = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'G', 'GE'),
    scheme: fc.constantFrom('http', 'https'),
    host: fc.constantFrom('a', 'a:81', 'ab', '[::1]'),
    path: fc.string({ unit: fc.constantFrom('/', 'a', ':', '=', ',', '1') }).map((text) => `/${text}`),
    query: fc.string({ unit: fc.constantFrom('?', 'a', '/', ':', '=') }).map((text) => (text === '' ? '' : `?${text}`)),
    headers: fc
      .array(
        fc.tuple(
          fc.constantFrom('a', 'ab', 'b'),
          fc.string({ unit: fc.constantFrom(' ', ',', ':', 'a', '1', '=', 'body') }),
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((pairs) => pairs.flat()),
    bodyHash: fc.string({ unit: fc.constantFrom('a', '-', '_', '1') }),
  },
  { requiredKeys: ['method', 'scheme', 'host', 'path', 'query'] },
);

describe('requestKey', () => {
  it('is the method and the URL for a plain request', () => {
    expect(requestKey(plain)).toBe('GET http://h/a?b');
    expect(requestKey({ ...plain, headers: [] })).toBe('GET http://h/a?b');
  });

  it('adds the selected headers and the body', () => {
    expect(requestKey({ ...plain, headers: ['accept', 'x, y'], bodyHash: 'abc' })).toBe(
      'GET http://h/a?b headers=2,6:accept,4:x, y body=abc',
    );
  });

  it('is different for different requests', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const same = JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
        expect(requestKey(one) === requestKey(other)).toBe(same);
      }),
      { numRuns: 5_000 },
    );
  });

  it('holds over many requests at once', () => {
    fc.assert(
      fc.property(fc.array(identity, { minLength: 50, maxLength: 300 }), (all) => {
        const keys = new Set(all.map((each) => requestKey(each)));
        const texts = new Set(all.map((each) => JSON.stringify(canonical(each))));
        expect(keys.size).toBe(texts.size);
      }),
    );
  });
});

function canonical({ method, scheme, host, path, query, headers, bodyHash: hash }: RequestIdentity): unknown[] {
  return [method, scheme, host, path, query, headers ?? [], hash ?? null];
}

describe('bodyHash', () => {
  it('tells bodies and content types apart', () => {
    const body = Buffer.from('{"a":1}');
    const hashes = [
      bodyHash(body, 'application/json'),
      bodyHash(body, 'text/plain'),
      bodyHash(body, ''),
      bodyHash(body, undefined),
      bodyHash(Buffer.from('{"a":2}'), 'application/json'),
      bodyHash(Buffer.concat([Buffer.from('\n'), body]), undefined),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(bodyHash(Buffer.from('{"a":1}'), 'application/json')).toBe(hashes[0]);
    expect(hashes[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
