import { describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../../lib/kernel/clock.ts';
import { createKeyCounters, mergeKeyCounters, type KeyMeter } from '../../../lib/metrics/key-counters.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

function open(options: { hours?: number; capacity?: number; longestKey?: number } = {}) {
  const clock = manualClock(START);
  return { clock, keys: createKeyCounters({ clock, ...options }) };
}

function asked(keys: KeyMeter, hours = 6): Record<string, number> {
  return Object.fromEntries(keys.read({ top: 100, hours }).asked.map(({ key, count }) => [key, count]));
}

/** Counts one request for a key of the hour's name, then lets the hour pass. */
function pass(keys: KeyMeter, clock: ManualClock, hours: number): void {
  for (let hour = 0; hour < hours; hour++) {
    keys.asked(`h${hour}`, 's', 'r', 1);
    clock.advance(HOUR);
  }
}

describe('key counters', () => {
  it('tell asked from missed, with why', () => {
    const { keys } = open();
    keys.asked('a', 's', 'r', 3);
    keys.asked('b', 's', 'r', 4);
    keys.asked('c', 's', 'r', 0);
    keys.missed('a', 's', 'r', 'cold');
    keys.missed('a', 's', 'r', 'expired');
    expect(keys.read({ top: 1, hours: 6 })).toEqual({
      from: START,
      asked: [{ key: 'b', service: 's', route: 'r', count: 4, error: 0, reasons: {} }],
      missed: [{ key: 'a', service: 's', route: 'r', count: 2, error: 0, reasons: { cold: 1, expired: 1 } }],
      unlisted: { asked: 3, missed: 0 },
    });
  });

  it('forget an hour when so many have passed, and count any number of last hours', () => {
    const { clock, keys } = open({ hours: 3 });
    pass(keys, clock, 4);
    keys.asked('now', 's', 'r', 1);
    expect(asked(keys)).toEqual({ h2: 1, h3: 1, now: 1 });
    expect(asked(keys, 2)).toEqual({ h3: 1, now: 1 });
    expect(asked(keys, 1)).toEqual({ now: 1 });
    clock.advance(HOUR / 2);
    expect(keys.read({ top: 1, hours: 99 }).from).toBe(START + 2 * HOUR);
    expect(keys.read({ top: 1, hours: 1 }).from).toBe(START + 4 * HOUR);
  });

  it('add up one key over the hours', () => {
    const { clock, keys } = open({ capacity: 1 });
    keys.asked('a', 's', 'r', 5);
    clock.advance(HOUR);
    keys.asked('b', 's', 'r', 2);
    keys.asked('a', 's', 'r', 1);
    // The second hour's only counter was b's, at 2, when a came: 3 of which 2 may be b's.
    expect(keys.read({ top: 9, hours: 6 })).toMatchObject({
      asked: [{ key: 'a', count: 8, error: 2 }],
      unlisted: { asked: 8 },
    });
  });

  it('show nothing of before idle hours, though nothing has taken their place', () => {
    const { clock, keys } = open();
    pass(keys, clock, 1);
    clock.advance(1_000 * HOUR);
    expect(asked(keys)).toEqual({});
    keys.asked('back', 's', 'r', 1);
    expect(asked(keys)).toEqual({ back: 1 });
  });

  it('move nothing when the wall clock steps', () => {
    const { clock, keys } = open();
    keys.asked('a', 's', 'r', 1);
    for (const step of [-48 * HOUR, 96 * HOUR]) {
      clock.stepWall(step);
      keys.asked('a', 's', 'r', 1);
    }
    expect(asked(keys, 1)).toEqual({ a: 3 });
    expect(keys.read({ top: 1, hours: 6 }).from).toBe(clock.wall());
  });

  it('cut a key that is too long, and keep it apart from others that begin so', () => {
    const { keys } = open({ longestKey: 40 });
    const long = `GET http://x.test/${'a'.repeat(60)}`;
    for (const end of ['1', '2', '2']) {
      keys.asked(long + end, 's', 'r', 1);
      keys.missed(long + end, 's', 'r', 'cold');
    }
    const { asked: rows, missed } = keys.read({ top: 9, hours: 1 });
    expect(rows.map(({ key, count }) => [key.length, count])).toEqual([
      [41, 2],
      [41, 1],
    ]);
    expect(missed.map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
  });
});

describe('the counters of several workers', () => {
  it('are nothing of none', () => {
    expect(mergeKeyCounters([], 5)).toBeUndefined();
  });

  it('count a key that one has and another doesn’t without an error while there is room', () => {
    const [one, two] = [open(), open()];
    one.keys.asked('a', 's', 'r', 3);
    one.keys.missed('a', 's', 'r', 'cold');
    two.clock.advance(HOUR);
    two.keys.asked('a', 's', 'r', 1);
    two.keys.asked('b', 's', 'r', 2);
    two.keys.missed('a', 's', 'r', 'expired');
    const lists = [one, two].map(({ keys }) => keys.read({ top: 9, hours: 6 }));
    expect(mergeKeyCounters(lists, 1)).toEqual({
      from: START,
      asked: [{ key: 'a', service: 's', route: 'r', count: 4, error: 0, reasons: {} }],
      missed: [{ key: 'a', service: 's', route: 'r', count: 2, error: 0, reasons: { cold: 1, expired: 1 } }],
      unlisted: { asked: 2, missed: 0 },
    });
  });

  it('say of a key that a full or shortened list hasn’t how often it may be in it', () => {
    const [one, two] = [open(), open()];
    one.keys.asked('a', 's', 'r', 9);
    one.keys.asked('b', 's', 'r', 4);
    two.keys.asked('b', 's', 'r', 7);
    const lists = [one, two].map(({ keys }) => keys.read({ top: 1, hours: 6 }));
    expect(mergeKeyCounters(lists, 9)?.asked).toMatchObject([
      { key: 'b', count: 11, error: 4 },
      { key: 'a', count: 9, error: 0 },
    ]);
  });
});
