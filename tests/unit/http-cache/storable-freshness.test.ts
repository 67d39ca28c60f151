import { describe, expect, it } from 'vitest';
import { formatHttpDate } from '../../../lib/http-cache/date.ts';
import { judge, type StorePolicy } from '../../../lib/http-cache/storable.ts';
import { input, NO_POLICY, stored, WALL, withControl } from '../../support/judge-input.ts';

describe('judge: a guess', () => {
  const policy: StorePolicy = { ...NO_POLICY, heuristic: true };
  const since = (seconds: number, ...more: string[]) => [
    'Last-Modified',
    formatHttpDate(WALL - seconds * 1_000),
    ...more,
  ];

  it('is a tenth of the time since Last-Modified, at most a day', () => {
    expect(stored({ headers: since(1_000), policy })).toMatchObject({ lifetime: 100_000, source: 'heuristic' });
    expect(stored({ headers: since(10 ** 8), policy }).lifetime).toBe(86_400_000);
    expect(stored({ headers: since(1_000), policy, status: 501 }).lifetime).toBe(100_000);
    const dated = since(1_000, 'Date', formatHttpDate(WALL - 500_000));
    expect(stored({ headers: dated, policy })).toMatchObject({ lifetime: 50_000, initialAge: 499_000 });
  });

  it('counts only where nothing else tells', () => {
    expect(stored({ headers: since(1_000, 'Cache-Control', 'max-age=5'), policy })).toMatchObject({
      lifetime: 5_000,
      source: 'explicit',
    });
    expect(stored({ headers: since(1_000), policy: { ...policy, ttl: 7_000 } })).toMatchObject({
      lifetime: 7_000,
      source: 'policy',
    });
    expect(stored({ headers: since(1_000) }).lifetime).toBe(0);
  });

  it.each<[number, string[]]>([
    [403, []],
    [502, []],
    [201, []],
    [599, []],
    [599, ['Cache-Control', 'max-age=0']],
  ])('is not made for %i with %j', (status, more) => {
    const judgement = judge(input({ status, headers: since(1_000, ...more), policy }));
    expect(judgement).toMatchObject({ store: false });
  });

  it('is made for any status that is public, and never beside no-cache or for a Last-Modified ahead', () => {
    const guessed = (headers: string[], status = 200) => stored({ headers, policy, status }).lifetime;
    expect(guessed(since(1_000, 'Cache-Control', 'public'), 599)).toBe(100_000);
    expect(guessed(since(1_000, 'Cache-Control', 'no-cache'))).toBe(0);
    expect(guessed(since(1_000, 'Pragma', 'no-cache'))).toBe(0);
    expect(guessed(since(-1_000))).toBe(0);
  });

  it('answers nobody with a Cookie, and who is authorised only where public', () => {
    expect(stored({ headers: since(1_000), policy })).toMatchObject({ forCookie: false, forAuthorization: false });
    const open = since(1_000, 'Cache-Control', 'public');
    expect(stored({ headers: open, policy })).toMatchObject({ forAuthorization: true });
  });
});

describe('judge: which field holds', () => {
  const heldBy = (...headers: string[]) => {
    const judgement = judge(input({ headers }));
    return judgement.store ? [judgement.field, judgement.lifetime] : judgement.reason;
  };
  const expires = ['Expires', formatHttpDate(WALL + 900_000)];

  it('is the nearest targeted one, which stands alone', () => {
    expect(
      heldBy('Pitwall-Cache-Control', 'max-age=1', 'CDN-Cache-Control', 'max-age=2', 'Cache-Control', 'no-store'),
    ).toEqual(['pitwall-cache-control', 1_000]);
    expect(heldBy('CDN-Cache-Control', 'max-age=2', 'Surrogate-Control', 'max-age=3', ...expires)).toEqual([
      'cdn-cache-control',
      2_000,
    ]);
    expect(heldBy('CDN-Cache-Control', 'must-revalidate', ...expires)).toBe('no-freshness');
    expect(heldBy('CDN-Cache-Control', 'no-store', 'Cache-Control', 'max-age=60')).toBe('no-store');
  });

  it.each(['', ' ', '=, max-age=5', 'max-age=5,', 'MAX-AGE=5', 'max-age=5 no-store', 'max-age=5; private, "'])(
    'is Cache-Control where CDN-Cache-Control is %j: empty, or no dictionary',
    (value) => {
      expect(heldBy('CDN-Cache-Control', value, 'Cache-Control', 'max-age=60')).toEqual(['cache-control', 60_000]);
    },
  );

  it.each(['max-age', 'max-age=1.5', 'max-age=-1', 'max-age="5"', 'max-age=5.0', 'max-age=(5)', 'max-age=@5'])(
    'is CDN-Cache-Control where it is %j, which gives no time',
    (value) => {
      expect(heldBy('CDN-Cache-Control', value, 'Cache-Control', 'max-age=60')).toBe('no-freshness');
    },
  );

  it('is Surrogate-Control where no targeted one is there', () => {
    expect(heldBy('Surrogate-Control', 'foo, MAX-age=3', 'Cache-Control', 'no-store', ...expires)).toEqual([
      'surrogate-control',
      3_000,
    ]);
    expect(heldBy('Surrogate-Control', 'no-store', 'Cache-Control', 'max-age=60')).toBe('no-store');
    expect(heldBy('Surrogate-Control', 'max-age=3;other', 'Cache-Control', 'max-age=60')).toEqual([
      'cache-control',
      60_000,
    ]);
  });
});

describe('judge: age on arrival', () => {
  const OLDEST = 2 ** 31 * 1_000;
  const age = (headers: string[], requestedAt = 1_000) =>
    stored({ headers: withControl('max-age=60', ...headers), requestedAt }).initialAge;

  it.each<[number, string[]]>([
    [0, []],
    [5_000, ['Age', '5']],
    [5_000, ['Age', ' 5 ']],
    [OLDEST, ['Age', '5, 7']],
    [OLDEST, ['Age', '0', 'Age', '0']],
    [OLDEST, ['Age', '99999999999']],
    [OLDEST, ['Age', '-5']],
    [OLDEST, ['Age', '5.0']],
    [OLDEST, ['Age', '5;a=1']],
    [OLDEST, ['Age', 'abc']],
    [9_000, ['Date', formatHttpDate(WALL - 10_000)]],
    [9_000, ['Date', formatHttpDate(WALL - 10_000), 'Age', '5']],
    [20_000, ['Date', formatHttpDate(WALL - 10_000), 'Age', '20']],
    [0, ['Date', formatHttpDate(WALL + 10_000)]],
    [0, ['Date', 'x']],
  ])('%i ms: %j', (expected, headers) => {
    expect(age(headers)).toBe(expected);
  });

  it('adds the delay of the response to Age, and lets Date overrule only upwards', () => {
    expect(age([], 700)).toBe(300);
    expect(age(['Age', '5'], 700)).toBe(5_300);
    expect(age(['Date', formatHttpDate(WALL - 10_000)], 700)).toBe(9_000);
    expect(age([], 1_001)).toBe(0);
  });

  it('does not age a response by the part of a second that its Date leaves out', () => {
    const late = judge(input({ headers: withControl('max-age=1', 'Date', formatHttpDate(WALL)), wall: WALL + 999 }));
    expect(late).toMatchObject({ initialAge: 0, lifetime: 1_000 });
  });
});
