import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextLiveState, type LiveState } from '@/hooks/live-state';
import { DEFAULT_VIEW, SORT_KEYS, formatView, parseView, rangeWords } from '@/hooks/view';
import { rangeSchema } from '@/lib/contracts/overview';

test('the default view needs no query', () => {
  expect(formatView(DEFAULT_VIEW)).toBe('');
  expect(parseView('')).toEqual(DEFAULT_VIEW);
});

test('every view survives the URL', () => {
  const views = fc.record({
    service: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/),
    range: fc.constantFrom(...rangeSchema.options),
    paused: fc.boolean(),
    sort: fc.constantFrom(...SORT_KEYS),
    descending: fc.boolean(),
    open: fc.option(fc.string({ minLength: 1 })),
  });
  fc.assert(
    fc.property(views, (view) => {
      expect(parseView(formatView(view))).toEqual(view);
    }),
  );
});

test('the range reads as a range of time', () => {
  expect(formatView({ ...DEFAULT_VIEW, range: '15m' })).toBe('?from=now-15m&to=now');
  expect(rangeWords('15m')).toBe('15 min');
});

test('nonsense in the URL falls back', () => {
  const nonsense = `?from=now-9y&sort=-price&live=maybe&service=${'x'.repeat(64)}`;
  expect(parseView(nonsense)).toEqual(DEFAULT_VIEW);
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
