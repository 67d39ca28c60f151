import { describe, expect, it } from 'vitest';
import { total } from '../../../lib/kernel/sparse-histogram.ts';
import { FIELDS } from '../../../lib/live/field.ts';
import { frameRows } from '../../../lib/live/frame-rows.ts';
import type { RouteGrowth } from '../../../lib/live/growth.ts';

function grown(service: string, route: string, given: Partial<RouteGrowth> = {}): RouteGrowth {
  return { service, route, fields: new Float64Array(FIELDS), hit: [], miss: [], ...given };
}

describe('frameRows', () => {
  const busy = Float64Array.from({ length: FIELDS }, () => 1);
  const rows = frameRows(
    [
      grown('chat', 'idle'),
      grown('chat', 'a', { fields: busy, hit: [3, 2] }),
      grown('chat', 'b', { fields: busy, hit: [3, 1, 9, 4], miss: [5, 1] }),
      grown('shop', 'none'),
      grown('shop', 'c', { fields: busy }),
    ],
    (service, route) => ['chat idle', 'chat a', 'chat b', 'shop none', 'shop c'].indexOf(`${service} ${route}`),
  );

  it('leaves out routes that counted nothing, unless they carry the hits of their service', () => {
    expect(rows.map(({ id }) => id)).toEqual([0, 1, 2, 4]);
  });

  it('counts each hit once', () => {
    expect(rows.map(({ hit }) => hit)).toEqual([[3, 3, 9, 4], [], [], []]);
    expect(rows.reduce((sum, { hit }) => sum + total(hit), 0)).toBe(7);
  });
});
