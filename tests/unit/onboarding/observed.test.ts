import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { createObserved, MOST_URL, type Observed } from '../../../lib/onboarding/observed.ts';
import { patternOf } from '../../../lib/onboarding/path-shape.ts';

const record = (path: string, given: Partial<RequestRecord> = {}): RequestRecord => ({
  at: 0,
  id: 'x',
  client: '127.0.0.1',
  service: 'default',
  route: '*',
  method: 'GET',
  host: 'shop.example',
  path,
  status: 200,
  result: 'origin',
  reason: 'no-freshness',
  bytes: 100,
  ms: 20,
  aborted: false,
  ...given,
});
const rows = (observed: Observed) =>
  observed.rows().map(({ shape, method, ...row }) => ({ name: `${method} ${patternOf(shape)}`, ...row }));

describe('what was observed', () => {
  it('compares answers to URLs up to 512 characters', () => {
    const observed = createObserved();
    const longest = `/${'x'.repeat(MOST_URL - 'shop.example/'.length)}`;
    for (const path of [longest, longest, `${longest}y`, `${longest}y`]) observed.note(record(path));
    expect(rows(observed)).toMatchObject([{ requests: 4, repeats: 1 }]);
  });

  it('is counted by method and shape, with reasons and what would have been saved', () => {
    const observed = createObserved();
    observed.note(record('/chats/1?x=1', { reason: 'cold', ms: 30 }));
    observed.note(record('/chats/2', { reason: 'observe', ms: 10 }));
    observed.note(record('/chats/2', { method: 'HEAD', reason: 'observe', bytes: 0 }));
    observed.note(record('/chats/2', { result: 'l1', reason: undefined }));
    observed.note(record('/chats/2', { result: 'error', reason: 'cold', status: 502 }));
    observed.note(record('/chats/2', { method: 'POST', reason: 'method' }));
    const [get, post] = rows(observed);
    expect(get).toMatchObject({ name: 'GET /chats/:id', requests: 5, saved: 3, reasons: { cold: 2 }, failed: 1 });
    expect(get?.meanMs).toBe(20);
    expect(post).toMatchObject({ name: 'POST /chats/:id', requests: 1, saved: 0, reasons: { method: 1 } });
  });

  it('compares answers to the same URL, and tries the proposed ttl on those without freshness', () => {
    const observed = createObserved();
    // Fetched at 0; 4 s and 9.999 s are within 10 s, 10 s isn't, and begins anew.
    for (const at of [0, 4_000, 9_999, 10_000, 15_000]) observed.note(record('/status', { at }));
    observed.note(record('/status?other', { at: 15_000, bytes: 7 }));
    observed.note(record('/status', { at: 15_000, host: 'other.example', bytes: 7 }));
    expect(rows(observed)).toMatchObject([{ requests: 7, repeats: 4, changed: 0, withinTtl: 3 }]);
    observed.note(record('/status', { at: 16_000, bytes: 101 }));
    observed.note(record('/status', { at: 17_000, bytes: 5, aborted: true }));
    observed.note(record('/status', { at: 17_000, bytes: 5, status: 500 }));
    observed.note(record('/status', { at: 17_000, bytes: 0, method: 'HEAD' }));
    observed.note(record('/status', { at: 17_000, bytes: 101, reason: 'private' }));
    expect(rows(observed)).toMatchObject([{ repeats: 6, changed: 1, withinTtl: 4 }]);
  });

  it('keeps a bounded number of shapes: many words become a parameter, the rest is counted as other', () => {
    const slugs = createObserved({ maxShapes: 20 });
    for (let i = 0; i < 1_000; i++)
      slugs.note(record(`/blog/${'abcdefghij'[i % 10]}${'klmnopqrst'[((i / 10) | 0) % 10]}`));
    expect(rows(slugs)).toMatchObject([{ name: 'GET /blog/:id', requests: 1_000 }]);
    expect(slugs.other()).toBe(0);

    const wild = createObserved({ maxShapes: 5 });
    for (let depth = 1; depth <= 11; depth++) wild.note(record('/x'.repeat(depth)));
    expect(wild.rows()).toHaveLength(5);
    expect(wild.other()).toBe(6);
  });

  it('looks for parameters no more once it’s full of shapes that have none', () => {
    const wild = createObserved();
    const letters = (n: number): string => n.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
    const note = (n: number): void =>
      wild.note(record(Array.from({ length: 10 }, (_, at) => `/${letters(n * 10 + at)}`).join('')));
    for (let n = 0; n < 301; n++) note(n);
    const { user: before } = process.cpuUsage();
    for (let n = 301; n < 801; n++) note(n);
    expect(wild.other()).toBe(501);
    // Folded anew for each, they took 2.5 s.
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
  });

  it('forgets the URL that was asked for the longest ago, at its bound', () => {
    const observed = createObserved({ maxUrls: 2 });
    for (const path of ['/a', '/b', '/a', '/c', '/a']) observed.note(record(path));
    expect(rows(observed).find(({ name }) => name === 'GET /a')).toMatchObject({ repeats: 2 });
    observed.note(record('/b'));
    expect(rows(observed).find(({ name }) => name === 'GET /b')).toMatchObject({ repeats: 0 });
  });

  it('loses no request, whatever comes', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd', '1', ''), { maxLength: 5 })
      .map((all) => `/${all.join('/')}`);
    fc.assert(
      fc.property(fc.array(path, { maxLength: 100 }), fc.integer({ min: 1, max: 8 }), (paths, maxShapes) => {
        const observed = createObserved({ maxShapes });
        for (const each of paths) observed.note(record(each));
        const counted = observed.rows().reduce((sum, row) => sum + row.requests, 0);
        expect(counted + observed.other()).toBe(paths.length);
        expect(observed.rows().length).toBeLessThanOrEqual(maxShapes);
      }),
    );
  });
});
