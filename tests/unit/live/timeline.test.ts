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
    for (let at = 0; at < 2_000; at++) timeline.push(gapFrame(at));
    expect(timeline.last(3).map(({ at }) => at)).toEqual([1_997, 1_998, 1_999]);
    expect(timeline.last(10_000)).toHaveLength(timeline.length);
    expect(timeline.length).toBe(1_800);
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
