import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextLiveState, type LiveState } from '@/hooks/live-state';
import {
  DEFAULT_VIEW,
  SORT_KEYS,
  TABS,
  changeView,
  formatView,
  isStep,
  parseView,
  spanWords,
  windowTime,
  type View,
} from '@/hooks/view';
import { LONGEST_WINDOW_MS, rangeSchema } from '@/lib/contracts/overview';
import { FILTER_TEXT } from '@/lib/contracts/tail';
import { MISS_REASONS, RESULTS } from '@/lib/contracts/traffic';

test('the default view needs no query', () => {
  expect(formatView(DEFAULT_VIEW)).toBe('');
  expect(parseView('')).toEqual(DEFAULT_VIEW);
});

test('every view survives the URL', () => {
  const views = fc.record({
    service: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/),
    route: fc.option(fc.string({ minLength: 1, maxLength: 2_048 })),
    reason: fc.option(fc.constantFrom(...MISS_REASONS)),
    change: fc.option(fc.oneof(fc.uuid(), fc.stringMatching(/^[\w-]{1,100}$/))),
    time: fc.oneof(
      fc.constantFrom(...rangeSchema.options).map((range) => ({ kind: 'live' as const, range })),
      fc
        .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: LONGEST_WINDOW_MS }))
        .map(([from, length]) => windowTime(from, from + length)),
    ),
    paused: fc.boolean(),
    sort: fc.constantFrom(...SORT_KEYS),
    descending: fc.boolean(),
    tab: fc.constantFrom(...TABS),
    tail: fc.record({
      services: fc.array(fc.string({ minLength: 1, maxLength: 63 }), { maxLength: 3 }),
      routes: fc.array(fc.string({ minLength: 1, maxLength: 200 }), { maxLength: 20 }),
      methods: fc.subarray(['GET', 'POST']),
      clients: fc.array(fc.ipV4(), { maxLength: 3 }),
      results: fc.subarray([...RESULTS]),
      reasons: fc.subarray([...MISS_REASONS]),
      statuses: fc.subarray(['404', '5xx']),
      text: fc.string({ maxLength: FILTER_TEXT }),
      slowerThanMs: fc.nat(86_400_000),
    }),
  });
  fc.assert(
    fc.property(views, (view) => {
      const inService = view.service === 'all' ? { ...view, route: null } : view;
      expect(parseView(formatView(inService))).toEqual(inService);
    }),
  );
});

test('the time reads as a range of time', () => {
  expect(formatView({ ...DEFAULT_VIEW, time: { kind: 'live', range: '30m' } })).toBe('?from=now-30m&to=now');
  const window = windowTime(Date.UTC(2026, 1, 3, 14, 2, 10), Date.UTC(2026, 1, 3, 14, 7, 30));
  const url = '?from=2026-02-03T14%3A02%3A10Z&to=2026-02-03T14%3A07%3A30Z';
  expect(formatView({ ...DEFAULT_VIEW, time: window })).toBe(url);
  expect(parseView('?from=2026-02-03T14:02:10Z&to=2026-02-03T14:07:30Z').time).toEqual(window);
  expect([60_000, 320_000, 3_600_000, 5_025_000, 40_000, 0].map(spanWords)).toEqual([
    '1 min',
    '5 min 20 s',
    '1 h',
    '1 h 23 min 45 s',
    '40 s',
    '0 s',
  ]);
});

test('a window is whole seconds, at least one, at most an hour', () => {
  expect(windowTime(1_500, 2_100)).toEqual({ kind: 'window', from: 1_000, to: 3_000 });
  expect(windowTime(5_000, 5_000)).toEqual({ kind: 'window', from: 4_000, to: 5_000 });
  expect(windowTime(0, 9_000_000)).toEqual({ kind: 'window', from: 5_400_000, to: 9_000_000 });
});

test.each([
  ['that ends before it starts', 'from=2026-02-03T14:07:30Z&to=2026-02-03T14:02:10Z'],
  ['of nothing', 'from=2026-02-03T14:07:30Z&to=2026-02-03T14:07:30Z'],
  ['of more than an hour', 'from=2026-02-03T14:00:00Z&to=2026-02-03T15:00:01Z'],
  ['before 1970', 'from=1960-01-01T00:00:00Z&to=1960-01-01T00:30:00Z'],
  ['without its end', 'from=2026-02-03T14:07:30Z'],
  ['in another zone', 'from=2026-02-03T14:07:30+01:00&to=2026-02-03T14:08:30+01:00'],
  ['on no day', 'from=2026-02-30T25:00:00Z&to=2026-02-03T14:08:30Z'],
])('a window %s is none', (_, query) => {
  expect(parseView(`?${query}`).time).toEqual(DEFAULT_VIEW.time);
});

test('another service has other routes and changes, and another route other reasons', () => {
  const view: View = { ...DEFAULT_VIEW, service: 'chat', route: '/a', reason: 'cold', change: 'job-1' };
  expect(changeView(view, { service: 'shop' })).toMatchObject({ route: null, reason: null, change: null });
  expect(changeView(view, { service: 'shop', change: 'job-2' }).change).toBe('job-2');
  expect(changeView(view, { route: '/b', time: windowTime(0, 9_000) }).change).toBe('job-1');
  expect(changeView(view, { service: 'shop', route: '/b' })).toMatchObject({ route: '/b', reason: null });
  expect(changeView(view, { route: '/b' })).toMatchObject({ service: 'chat', route: '/b', reason: null });
  expect(changeView(view, { route: '/b', reason: 'vary' })).toMatchObject({ route: '/b', reason: 'vary' });
  expect(changeView(view, { service: 'chat', sort: 'hit' })).toMatchObject({ route: '/a', reason: 'cold' });
});

test('Back undoes steps to another subject, not changes of how it is shown', () => {
  const window = windowTime(0, 9_000);
  const step = (part: Partial<View>, from = DEFAULT_VIEW) => isStep(from, { ...from, ...part });
  expect([step({ service: 'chat' }), step({ route: '/a' }), step({ reason: 'cold' }), step({ time: window })]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(step({ time: DEFAULT_VIEW.time }, { ...DEFAULT_VIEW, time: window })).toBe(true);
  expect(step({ change: 'job-1' })).toBe(false);
  expect(step({ sort: 'hit' }, { ...DEFAULT_VIEW, time: window })).toBe(false);
  expect([step({ paused: true }), step({ time: { kind: 'live', range: '1m' } }), step({})]).toEqual([
    false,
    false,
    false,
  ]);
});

test('nonsense in the URL falls back', () => {
  const nonsense = `?from=now-9y&sort=-price&live=maybe&service=${'x'.repeat(64)}&tab=weather&tail-statuses=9xx`;
  expect(parseView(nonsense)).toEqual(DEFAULT_VIEW);
  for (const change of ['', 'x'.repeat(101), '../jobs', 'a b']) {
    expect(parseView(`?${new URLSearchParams({ change })}`).change).toBeNull();
  }
  fc.assert(fc.property(fc.string(), (text) => void parseView(text)));
});

test('a connection that broke remembers when, and is given up only from there', () => {
  const live: LiveState = { status: 'live' };
  const dropped = nextLiveState(live, { type: 'dropped', at: 5 });
  expect(dropped).toEqual({ status: 'reconnecting', since: 5 });
  expect(nextLiveState(dropped, { type: 'dropped', at: 9 })).toBe(dropped);
  const lost = nextLiveState(dropped, { type: 'given-up', at: 30, why: 'gone' });
  expect(lost).toEqual({ status: 'lost', since: 5, why: 'gone' });
  expect(nextLiveState(lost, { type: 'given-up', at: 60, why: 'again' })).toBe(lost);
  expect(nextLiveState(lost, { type: 'connected' })).toEqual(live);
  expect(nextLiveState(live, { type: 'connected' })).toBe(live);
  expect(nextLiveState(live, { type: 'given-up', at: 1, why: '' })).toBe(live);
});

test('a connection that never was is connecting until it is given up', () => {
  const connecting: LiveState = { status: 'connecting' };
  expect(nextLiveState(connecting, { type: 'dropped', at: 1 })).toBe(connecting);
  expect(nextLiveState(connecting, { type: 'given-up', at: 7, why: 'refused' })).toEqual({
    status: 'lost',
    since: 7,
    why: 'refused',
  });
});
