import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate } from '../../../lib/http-cache/date.ts';
import { judge, type JudgeInput, type Judgement, type StorePolicy } from '../../../lib/http-cache/storable.ts';
import { input, NO_POLICY, stored, WALL, withControl } from '../../support/judge-input.ts';

const TTL: StorePolicy = { ...NO_POLICY, ttl: 30_000 };

const reasonOf = (judgement: Judgement) => (judgement.store ? 'stored' : judgement.reason);
const refused = (change: Partial<JudgeInput>) => reasonOf(judge(input(change)));

describe('judge: whether', () => {
  it('stores a plain fresh response', () => {
    expect(judge(input())).toEqual({
      store: true,
      lifetime: 60_000,
      initialAge: 0,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      mustRevalidate: false,
      source: 'explicit',
      field: 'cache-control',
      forAuthorization: false,
      forCookie: true,
      vary: [],
      etag: undefined,
      lastModified: undefined,
    });
  });

  it.each<[string, Partial<JudgeInput>]>([
    ['method', { method: 'POST' }],
    ['method', { method: 'HEAD' }],
    ['range', { status: 206 }],
    ['status', { status: 304 }],
    ['status', { status: 103 }],
    ['status', { status: 599, headers: withControl('max-age=60, must-understand') }],
    ['status', { status: 302, headers: ['ETag', '"1"'] }],
    ['status', { status: 500, headers: ['ETag', '"1"'] }],
    ['status', { status: 501, headers: [], policy: TTL }],
    ['event-stream', { headers: withControl('max-age=60', 'Content-Type', 'text/event-stream;charset=utf-8') }],
    ['no-store', { headers: withControl('no-store, max-age=60') }],
    ['no-store', { requestNoStore: true }],
    ['no-store', { requestNoStore: true, policy: { ...TTL, ignore: ['no-store'] } }],
    ['private', { headers: withControl('private, max-age=60') }],
    ['private', { headers: withControl('private="x-user", max-age=60') }],
    ['authorization', { authorization: true }],
    ['set-cookie', { headers: withControl('public, max-age=60', 'Set-Cookie', 'a=b') }],
    ['vary-star', { headers: withControl('max-age=60', 'Vary', 'Accept, *') }],
    ['cookie', { headers: [], cookie: true, policy: TTL }],
    ['no-freshness', { headers: [] }],
    ['no-freshness', { headers: withControl('max-age=0') }],
    ['no-freshness', { headers: withControl('max-age=60, no-cache') }],
    ['no-freshness', { headers: withControl('no-cache'), policy: TTL }],
    ['no-freshness', { headers: ['Pragma', 'no-cache'], policy: TTL }],
    ['no-freshness', { status: 503, headers: withControl('max-age=0', 'ETag', '"1"') }],
  ])('refuses by %s: %j', (reason, change) => {
    expect(refused(change)).toBe(reason);
  });

  it.each<[string, Partial<JudgeInput>]>([
    ['authorization', { authorization: true }],
    ['cookie', { headers: [], cookie: true }],
    ['set-cookie', { headers: withControl('max-age=60', 'Set-Cookie', 'a=b') }],
    ['no-store', { headers: withControl('no-store, max-age=60') }],
    ['private', { headers: withControl('private, max-age=60') }],
  ])('ignoring %s lifts it, and nothing else does', (name, change) => {
    const others = ['authorization', 'cookie', 'set-cookie', 'no-store', 'private'].filter((other) => other !== name);
    expect(refused({ ...change, policy: { ...TTL, ignore: [name] } })).toBe('stored');
    expect(refused({ ...change, policy: { ...TTL, ignore: others } })).toBe(name);
  });

  it.each(['public, max-age=60', 's-maxage=60', 'must-revalidate, max-age=60'])(
    'stores what Authorization asked for under %s',
    (control) => {
      expect(stored({ authorization: true, headers: withControl(control) }).forAuthorization).toBe(true);
    },
  );

  it('shares what Authorization asked for under the TTL of the policy only where it is public', () => {
    const asked = { authorization: true, policy: TTL };
    expect(refused({ ...asked, headers: withControl('must-revalidate') })).toBe('authorization');
    expect(stored({ ...asked, headers: withControl('public') }).source).toBe('policy');
    const ignoring = { ...asked, policy: { ...TTL, ignore: ['authorization'] } };
    expect(stored({ ...ignoring, headers: withControl('must-revalidate') }).forAuthorization).toBe(true);
  });

  it.each([201, 302, 307, 404, 500, 503, 599])('stores %i with freshness of its own', (status) => {
    expect(stored({ status }).lifetime).toBe(60_000);
  });

  it('lets must-understand replace no-store where the status is understood', () => {
    const headers = withControl('max-age=60, no-store, must-understand');
    expect(refused({ headers })).toBe('stored');
    expect(refused({ headers, status: 599 })).toBe('status');
  });

  it('keeps for revalidation what has a validator and no freshness', () => {
    expect(stored({ headers: ['ETag', '"1"'] })).toMatchObject({ source: 'none', lifetime: 0, etag: '"1"' });
    expect(stored({ headers: ['Last-Modified', 'x'] })).toMatchObject({ source: 'none', lastModified: 'x' });
    expect(stored({ headers: withControl('max-age=0', 'ETag', '"1"') }).source).toBe('explicit');
    expect(stored({ status: 302, headers: withControl('public', 'ETag', '"1"') }).source).toBe('none');
    expect(stored({ headers: withControl('no-cache', 'ETag', '"1"'), policy: TTL })).toMatchObject({
      source: 'none',
      lifetime: 0,
      mustRevalidate: true,
    });
  });
});

describe('judge: how long', () => {
  const date = formatHttpDate(WALL);
  const expires = formatHttpDate(WALL + 90_000);

  it.each<[number, string[]]>([
    [30_000, withControl('max-age=60, s-maxage=30')],
    [60_000, withControl('max-age=60', 'Expires', expires, 'Date', date)],
    [90_000, ['Expires', expires, 'Date', date]],
    [90_000, ['Expires', expires]],
    [90_000, ['Expires', expires, 'Date', 'x']],
    [190_000, ['Expires', expires, 'Date', formatHttpDate(WALL - 100_000)]],
    [2 ** 31 * 1_000, withControl('max-age=99999999999')],
  ])('%i ms: %j', (lifetime, headers) => {
    expect(stored({ headers, policy: TTL })).toMatchObject({ lifetime, source: 'explicit' });
  });

  it.each([['0'], [date], [formatHttpDate(WALL - 1_000)], [`${expires}, ${expires}`]])(
    'Expires %s is past, and the policy leaves it so',
    (value) => {
      expect(refused({ headers: ['Expires', value, 'Date', date], policy: TTL })).toBe('no-freshness');
    },
  );

  it.each([200, 203, 204, 300, 301, 308, 404, 405, 410, 414])('gives %i the TTL of the policy', (status) => {
    expect(stored({ status, headers: [], policy: TTL })).toMatchObject({ lifetime: 30_000, source: 'policy' });
  });

  it.each([201, 302, 307, 400, 403, 429, 500, 501, 502, 503, 504])('gives %i no TTL', (status) => {
    expect(refused({ status, headers: [], policy: TTL })).toBe('status');
    expect(refused({ status, headers: withControl('public'), policy: TTL })).not.toBe('stored');
  });

  it('minds cookies for what the policy adds only', () => {
    expect(stored({ cookie: true }).forCookie).toBe(true);
    expect(stored({ headers: [], policy: TTL }).forCookie).toBe(false);
    expect(stored({ headers: [], cookie: true, policy: { ...TTL, ignore: ['cookie'] } }).forCookie).toBe(true);
  });

  it('keeps nothing of a request with Cookie for revalidation, unless the origin says so', () => {
    expect(refused({ headers: ['ETag', '"1"'], cookie: true })).toBe('cookie');
    expect(refused({ headers: withControl('public', 'ETag', '"1"'), cookie: true })).toBe('cookie');
    expect(stored({ headers: withControl('no-cache', 'ETag', '"1"'), cookie: true }).forCookie).toBe(true);
    expect(stored({ headers: ['ETag', '"1"'] }).forCookie).toBe(false);
    expect(refused({ headers: [], cookie: true })).toBe('no-freshness');
  });
});

describe('judge: graces', () => {
  const policy: StorePolicy = { ...NO_POLICY, staleWhileRevalidate: 5_000, staleIfError: 7_000 };
  const graces = (change: Partial<JudgeInput>) => {
    const { staleWhileRevalidate, staleIfError, mustRevalidate } = stored({ policy, ...change });
    return { staleWhileRevalidate, staleIfError, mustRevalidate };
  };
  const byPolicy = { staleWhileRevalidate: 5_000, staleIfError: 7_000, mustRevalidate: false };
  const nothing = { staleWhileRevalidate: 0, staleIfError: 0 };

  it('takes those of the policy, unless the response has its own', () => {
    expect(graces({})).toEqual(byPolicy);
    const own = withControl('max-age=1, stale-while-revalidate=2, stale-if-error=0');
    expect(graces({ headers: own })).toEqual({ staleWhileRevalidate: 2_000, staleIfError: 0, mustRevalidate: false });
  });

  it.each(['must-revalidate', 'proxy-revalidate', 's-maxage=9', 'no-cache'])('%s forbids both', (directive) => {
    const control = `max-age=1, stale-while-revalidate=2, stale-if-error=3, ${directive}`;
    expect(graces({ headers: withControl(control, 'ETag', '"1"') })).toEqual({ ...nothing, mustRevalidate: true });
  });

  it('extends nothing that the TTL of the policy would not apply to', () => {
    const headers = ['ETag', '"1"'];
    expect(graces({ headers })).toEqual(byPolicy);
    expect(graces({ headers, cookie: true, policy: { ...policy, ignore: ['cookie'] } })).toEqual(byPolicy);
    expect(graces({ headers: ['Pragma', 'no-cache', ...headers] })).toMatchObject(nothing);
  });
});

describe('judge: always', () => {
  // Lines are one list: within a string that spans them a directive isn't one.
  const unquoted = fc.string().filter((text) => !text.includes('"'));
  const value = fc.constantFrom(
    'no-store',
    'private',
    'max-age=60',
    'public',
    's-maxage=5',
    'no-cache',
    'x"',
    '*',
    '0',
  );
  const name = fc.constantFrom(
    'Cache-Control',
    'Expires',
    'Set-Cookie',
    'Vary',
    'ETag',
    'Age',
    'Date',
    'Content-Type',
    'Last-Modified',
  );
  const headers = fc.array(fc.tuple(name, fc.oneof(value, unquoted)), { maxLength: 6 }).map((pairs) => pairs.flat());
  const anyInput = fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'POST'),
    authorization: fc.boolean(),
    cookie: fc.boolean(),
    requestNoStore: fc.boolean(),
    status: fc.constantFrom(200, 200, 200, 204, 206, 302, 304, 404, 500, 599),
    headers,
    requestedAt: fc.integer({ min: 0, max: 2_000 }),
    receivedAt: fc.constant(1_000),
    wall: fc.constant(WALL),
    policy: fc.record({
      ttl: fc.constantFrom(0, 30_000),
      staleWhileRevalidate: fc.constantFrom(0, 5_000),
      staleIfError: fc.constantFrom(0, 5_000),
      heuristic: fc.boolean(),
      ignore: fc.constant([]),
    }),
  });

  it('stores nothing private, and nothing without a way to use it', () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const judgement = judge(any);
        if (!judgement.store) return;
        const control = any.headers.filter((_, i) => any.headers[i - 1] === 'Cache-Control').join(',');
        expect(control).not.toMatch(/(^|,)\s*(no-store|private)\s*(,|$)/);
        expect(any.headers).not.toContain('Set-Cookie');
        expect(any.method).toBe('GET');
        expect(any.requestNoStore).toBe(false);
        expect(any.cookie && !judgement.forCookie).toBe(false);
        expect(judgement.source === 'policy' && any.cookie).toBe(false);
        expect(judgement.lifetime > 0 || judgement.etag !== undefined || judgement.lastModified !== undefined).toBe(
          true,
        );
        expect(judgement.initialAge).toBeGreaterThanOrEqual(0);
        if (judgement.mustRevalidate) expect(judgement.staleWhileRevalidate + judgement.staleIfError).toBe(0);
      }),
      { numRuns: 3_000 },
    );
  });
});
