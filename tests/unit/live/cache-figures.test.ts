import { describe, expect, it } from 'vitest';
import { cacheFiguresSchema } from '../../../lib/contracts/cache.ts';
import { MISS_REASON } from '../../../lib/contracts/miss-reason.ts';
import { cacheFigures } from '../../../lib/live/cache-figures.ts';
import { live, worker } from '../../support/live-series.ts';
import { levelReading, routeReading } from '../../support/snapshot-readings.ts';

const levels = [levelReading('l1'), levelReading('l2', { entries: 3, bytes: 900 }), levelReading('l3')];

describe('figures of the cache', () => {
  it('add up what levels answer and what routes miss, most first', () => {
    const { series, second } = live();
    second(
      worker(
        [
          routeReading('a', { results: { l1: 3, l2: 2, stale: 1, origin: 4 }, reasons: { cold: 1, expired: 3 } }),
          routeReading('b', { results: { origin: 10 }, reasons: { cold: 1, 'set-cookie': 9 } }),
        ],
        { levels },
      ),
    );
    const overview = series.overview('chat', '1m');
    const figures = cacheFiguresSchema.parse(cacheFigures(overview));
    expect(figures).toMatchObject({
      service: 'chat',
      range: '1m',
      at: overview.sample.at,
      requestsPerSecond: 20,
      hitRatio: 0.25,
      staleRatio: 0.05,
      reasons: [
        { reason: 'set-cookie', requests: 9, share: 9 / 14, why: MISS_REASON['set-cookie'].because },
        { reason: 'expired', requests: 3, share: 3 / 14 },
        { reason: 'cold', requests: 2, share: 1 / 7, remedy: MISS_REASON.cold.remedy },
      ],
    });
    expect(figures.levels.map(({ level, entries, bytes }) => [level, entries, bytes])).toEqual([
      ['l1', 0, 0],
      ['l2', 3, 900],
      ['l3', 0, 0],
    ]);
  });

  it('are unknown, not 0, where nothing was asked', () => {
    const { series, second } = live();
    second(worker([routeReading('a')], { levels }));
    expect(cacheFigures(series.overview('chat', '1m'))).toMatchObject({
      hitRatio: null,
      staleRatio: null,
      reasons: [],
    });
  });
});
