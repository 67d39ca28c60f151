import { describe, expect, it } from 'vitest';
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

  it('leaves out routes that counted nothing', () => {
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 4]);
  });

  it('keeps the hits of each route', () => {
    expect(rows.map(({ hit }) => hit)).toEqual([[3, 2], [3, 1, 9, 4], []]);
  });
});
