import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../../lib/live/field.ts';
import { gapFrame, packFrame } from '../../../lib/live/frame.ts';
import { createRouteIds } from '../../../lib/live/route-ids.ts';
import { createTimeline } from '../../../lib/live/timeline.ts';

const frame = (at: number, id: number) => {
  const fields = new Float64Array(FIELDS);
  fields[0] = 1;
  return packFrame(at, 1, [{ id, fields, hit: [1, 1], miss: [2, 1] }], [0, 0, 0]);
};

describe('createTimeline', () => {
  it('hands out the last seconds, oldest first, never more than there are or than it keeps', () => {
    const timeline = createTimeline(60, () => 'chat');
    expect(timeline.last(5)).toEqual([]);
    for (let at = 0; at < 4_000; at++) timeline.push(gapFrame(at));
    expect(timeline.last(3).map(({ at }) => at)).toEqual([3_997, 3_998, 3_999]);
    expect(timeline.last(10_000)).toHaveLength(timeline.length);
    expect(timeline.length).toBe(3_600);
  });

  it('keeps sums only for what is asked to stay', () => {
    const timeline = createTimeline(1_800, (id) => (id === 0 ? 'chat' : 'shop'));
    timeline.push(frame(0, 0));
    for (let at = 1; at < 70; at++) timeline.push(frame(at, 1));
    const { current, previous } = timeline.ranges['1m'];
    timeline.keep(
      (id) => id === 1,
      (name) => name === 'shop',
    );
    expect([...current.routes.keys()]).toEqual([1]);
    expect([...current.services.keys()]).toEqual(['shop']);
    expect([...previous.services.keys()]).toEqual(['shop']);
  });
});

const serviceOf = (id: number): string => `s${id % 2}`;

describe('a timeline', () => {
  it('keeps as many seconds as asked for, and never fewer than the longest range and the one before it need', () => {
    expect(createTimeline(60, serviceOf).length).toBe(3_600);
    const timeline = createTimeline(4_000, serviceOf);
    expect(timeline.last(5)).toEqual([]);
    for (let n = 0; n < 4_500; n++) timeline.push(gapFrame(n * 1_000));
    expect(timeline.count).toBe(4_500);
    expect(timeline.last(9_999).map(({ at }) => at)).toEqual(
      Array.from({ length: 4_000 }, (_, i) => (500 + i) * 1_000),
    );
    expect(timeline.last(2).map(({ at }) => at)).toEqual([4_498_000, 4_499_000]);
  });

  it('hands out the seconds that end between two moments, the later one included, and single ones by number', () => {
    const timeline = createTimeline(60, serviceOf);
    expect([timeline.between(0, 9_000), timeline.nth(0)]).toEqual([[], undefined]);
    for (let n = 1; n <= 3_700; n++) timeline.push(gapFrame(n * 1_000));
    const ends = (from: number, to: number) => timeline.between(from, to).map(({ at }) => at);
    expect(ends(3_690_000, 3_692_000)).toEqual([3_691_000, 3_692_000]);
    expect(ends(3_690_999, 3_691_999)).toEqual([3_691_000]);
    expect(ends(3_699_000, 9_999_000)).toEqual([3_700_000]);
    expect(ends(0, 102_000)).toEqual([101_000, 102_000]);
    expect([ends(9_000, 8_000), ends(0, 100_000), ends(4_000_000, 5_000_000)]).toEqual([[], [], []]);
    // one more than is kept, for sums that move on
    expect([98, 99, 3_699, 3_700].map((n) => timeline.nth(n)?.at)).toEqual([undefined, 100_000, 3_700_000, undefined]);
  });

  it('drops the sums of routes and services that are no longer wanted', () => {
    const timeline = createTimeline(1_800, serviceOf);
    const rows = [0, 1].map((id) => ({ id, fields: new Float64Array(FIELDS), hit: [], miss: [] }));
    for (let n = 0; n < 61; n++) timeline.push(packFrame(n, 1, rows, []));
    timeline.keep(
      (id) => id === 1,
      (name) => name === 's1',
    );
    const { current, previous } = timeline.ranges['1m'];
    expect([[...current.routes.keys()], [...current.services.keys()]]).toEqual([[1], ['s1']]);
    expect([...previous.services.keys()]).toEqual(['s1']);
  });
});

describe('createRouteIds', () => {
  it('gives a route one id, and forgets it when it was last used too long ago', () => {
    const ids = createRouteIds();
    const id = ids.use('chat', 'r', 1);
    expect(ids.use('chat', 'r', 5)).toBe(id);
    const other = ids.use('shop', 'r', 9);
    expect(ids.services()).toEqual(new Set(['chat', 'shop']));
    expect(ids.forget(5)).toBe(false);
    expect(ids.forget(6)).toBe(true);
    expect([ids.has(id), ids.has(other)]).toEqual([false, true]);
    expect([...ids.all()].map(({ service }) => service)).toEqual(['shop']);
    expect(ids.use('chat', 'r', 10)).not.toBe(id);
  });
});
