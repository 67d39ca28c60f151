import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endsOf, liveTime, parseMoment, parseWindow, shiftTime, togglePause, zoomOut } from '@/hooks/time-moves';
import { windowTime, type Time } from '@/hooks/view';
import { LONGEST_WINDOW_MS, rangeSchema } from '@/lib/contracts/overview';

const NOW = new Date(2026, 1, 3, 14, 10, 0).getTime();
const MINUTE = 60_000;
const live = (range: '1m' | '5m' | '15m' | '30m'): Time => ({ kind: 'live', range });
const ago = (from: number, to: number): Time => windowTime(NOW - from * MINUTE, NOW - to * MINUTE);

describe('shifting', () => {
  test('goes back by its own length, and forward until it is live again', () => {
    expect(shiftTime(live('5m'), NOW, -1)).toEqual(ago(10, 5));
    expect(shiftTime(ago(10, 5), NOW, -1)).toEqual(ago(15, 10));
    expect(shiftTime(ago(15, 10), NOW, 1)).toEqual(ago(10, 5));
    expect(shiftTime(ago(10, 5), NOW, 1)).toEqual(live('5m'));
    expect(shiftTime(ago(9, 2), NOW, 1)).toEqual(ago(7, 0));
    expect(shiftTime(live('5m'), NOW, 1)).toEqual(live('5m'));
  });

  test('of a window that is still to come is live', () => {
    expect(shiftTime(windowTime(NOW + MINUTE, NOW + 2 * MINUTE), NOW, 1)).toEqual(live('1m'));
  });
});

test('zooming out doubles around the middle, to an hour at most, and never past now', () => {
  expect(zoomOut(live('1m'), NOW)).toEqual(live('5m'));
  expect(zoomOut(live('30m'), NOW)).toEqual(ago(60, 0));
  expect(zoomOut(ago(30, 20), NOW)).toEqual(ago(35, 15));
  expect(zoomOut(ago(10, 2), NOW)).toEqual(ago(16, 0));
  expect(zoomOut(ago(50, 0), NOW)).toEqual(ago(60, 0));
});

test('whatever is done, a time is whole seconds, at least one, at most an hour, and not past now', () => {
  const start = fc.oneof(
    fc.constantFrom(...rangeSchema.options).map(live),
    fc
      .tuple(fc.integer({ min: 0, max: LONGEST_WINDOW_MS }), fc.integer({ min: 1, max: LONGEST_WINDOW_MS }))
      .map(([back, length]) => windowTime(NOW - back - length, NOW - back)),
  );
  const moves = fc.array(fc.constantFrom('earlier', 'later', 'out'), { maxLength: 12 });
  fc.assert(
    fc.property(start, moves, (first, names) => {
      let time = first;
      for (const name of names) {
        time = name === 'out' ? zoomOut(time, NOW) : shiftTime(time, NOW, name === 'later' ? 1 : -1);
        const [from, to] = endsOf(time, NOW);
        expect([from % 1_000, to % 1_000]).toEqual([0, 0]);
        expect(to - from).toBeGreaterThanOrEqual(1_000);
        expect(to - from).toBeLessThanOrEqual(LONGEST_WINDOW_MS);
        expect(to).toBeLessThanOrEqual(NOW);
      }
    }),
  );
});

test('Live goes on with as much as was looked at', () => {
  expect(liveTime(ago(10, 5))).toEqual(live('5m'));
  expect(liveTime(ago(10, 4))).toEqual(live('15m'));
  expect(liveTime(ago(60, 0))).toEqual(live('30m'));
  expect(togglePause({ time: ago(10, 9), paused: true })).toEqual({ time: live('1m'), paused: false });
  expect(togglePause({ time: live('5m'), paused: false })).toEqual({ paused: true });
});

test.each([
  ['now', 0],
  ['now-20m', 20 * MINUTE],
  ['now - 90s', 90_000],
  ['now-0.5h', 30 * MINUTE],
  ['now-2min', 2 * MINUTE],
  ['14:02:10', 7 * MINUTE + 50_000],
  ['14:02', 8 * MINUTE],
  ['9:00', 310 * MINUTE],
  ['23:00', 910 * MINUTE],
  ['2026-02-03 14:02:10', 7 * MINUTE + 50_000],
  ['2026-02-03T14:02', 8 * MINUTE],
])('%s is a moment', (text, before) => {
  expect(parseMoment(text, NOW)).toBe(NOW - before);
});

test.each([
  '',
  'yesterday',
  'now+5m',
  'now-5',
  '25:00',
  '14:60',
  '14:02:60',
  '2026-02-30 10:00',
  '2026-13-01 10:00',
  '-5m',
])('%j is none', (text) => expect(parseMoment(text, NOW)).toBeNull());

describe('a window that is typed', () => {
  test('is that window, or the range up to now that it is', () => {
    expect(parseWindow('14:02:10', '14:07:30', NOW)).toEqual({
      time: windowTime(NOW - 470_000, NOW - 150_000),
    });
    expect(parseWindow('now-15m', 'now', NOW)).toEqual({ time: live('15m') });
    expect(parseWindow('now-20m', 'now', NOW)).toEqual({ time: ago(20, 0) });
  });

  test.each([
    ['soon', 'later', { from: /^Type now-20m/, to: /^Type now-20m/ }],
    ['now-5m', 'now-5m', { from: /begin before/ }],
    ['now-5m', 'now-6m', { from: /begin before/ }],
    ['now-61m', 'now', { from: /at most an hour/ }],
    ['now-3h', 'now-2.5h', { to: /keeps the last hour/ }],
    ['now-5m', '2026-02-03 14:20', { to: /still to come/ }],
  ])('from %s to %s says what is wrong', (from, to, wrong) => {
    const draft = parseWindow(from, to, NOW);
    expect(Object.keys('wrong' in draft ? draft.wrong : {})).toEqual(Object.keys(wrong));
    for (const [field, words] of Object.entries(wrong)) {
      expect('wrong' in draft && draft.wrong[field as 'from' | 'to']).toMatch(words);
    }
  });
});
