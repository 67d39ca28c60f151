import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { FILTER_TEXT, FILTER_VALUES, tailFilterSchema } from '../../../lib/contracts/tail.ts';
import { filterKey, passerOf } from '../../../lib/contracts/tail-filter.ts';
import { record } from '../../support/live-hub.ts';

const passes = (filter: object, part: Partial<RequestRecord> = {}): boolean =>
  passerOf(tailFilterSchema.parse(filter))({ ...record(1), ...part });

describe('a filter', () => {
  it('that says nothing lets everything pass', () => {
    expect(passes({})).toBe(true);
    expect(passes({}, { reason: undefined, status: 599 })).toBe(true);
  });

  it.each([
    [{ services: ['chat', 'x'] }, { service: 'search' }],
    [{ routes: ['r'] }, { route: 's' }],
    [{ methods: ['GET'] }, { method: 'POST' }],
    [{ clients: ['127.0.0.1'] }, { client: '10.0.0.1' }],
    [{ results: ['l2'] }, { result: 'origin' as const }],
    [{ statuses: ['404', '2xx'] }, { status: 304 }],
    [{ statuses: ['200'] }, { status: 201 }],
    [{ text: '/' }, { path: '*' }],
    [{ slowerThanMs: 0.5 }, { ms: 0.5 }],
  ])('%j lets a line pass that fits, and not %j', (filter, part) => {
    expect(passes(filter)).toBe(true);
    expect(passes(filter, part)).toBe(false);
  });

  it('by reason leaves out what has none', () => {
    expect(passes({ reasons: ['cold'] }, { reason: 'cold' })).toBe(true);
    expect(passes({ reasons: ['cold'] })).toBe(false);
  });

  it('finds text in the path in upper and lower case', () => {
    expect(passes({ text: 'CHAT/4' }, { path: '/api/Chat/42' })).toBe(true);
  });

  it('lets pass what fits every part', () => {
    const filter = { results: ['error'], statuses: ['5xx'], text: 'api' };
    expect(passes(filter, { result: 'error', status: 503, path: '/api' })).toBe(true);
    expect(passes(filter, { result: 'error', status: 503, path: '/' })).toBe(false);
  });

  it('is bounded', () => {
    expect(tailFilterSchema.safeParse({ text: 'x'.repeat(FILTER_TEXT) }).success).toBe(true);
    expect(tailFilterSchema.safeParse({ text: 'x'.repeat(FILTER_TEXT + 1) }).success).toBe(false);
    const values = Array.from({ length: FILTER_VALUES }, (_, i) => `r${i}`);
    expect(tailFilterSchema.safeParse({ routes: values }).success).toBe(true);
    expect(tailFilterSchema.safeParse({ routes: [...values, 'one more'] }).success).toBe(false);
    expect(tailFilterSchema.safeParse({ statuses: ['6xx'] }).success).toBe(false);
    expect(tailFilterSchema.safeParse({ nonsense: 1 }).success).toBe(false);
  });

  it('has one key, however it is written', () => {
    const key = (filter: object) => filterKey(tailFilterSchema.parse(filter));
    expect(key({ text: 'A', routes: ['b', 'a', 'b'] })).toBe(key({ routes: ['a', 'b'], text: 'a' }));
    expect(key({ routes: ['a'] })).not.toBe(key({ services: ['a'] }));
  });
});
