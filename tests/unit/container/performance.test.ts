import { describe, expect, it } from 'vitest';
import { createPerformance } from '../../../lib/container/performance.ts';
import type { KeysQuery } from '../../../lib/contracts/keys.ts';
import type { LiveOverview, Overview, Watch } from '../../../lib/contracts/overview.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { START, live, worker } from '../../support/live-series.ts';
import { routeReading } from '../../support/snapshot-readings.ts';

const row = (service: string, count: number) => ({
  key: `GET http://${service}.test/${count}`,
  url: `http://${service}.test/${count}`,
  service,
  route: '*',
  count,
  error: 0,
  reasons: {},
});

function performance(rows: ReturnType<typeof row>[] = []) {
  const { series, second } = live();
  second(
    worker([
      routeReading('chats', { results: { l2: 3, origin: 1 }, originMs: 50, reasons: { cold: 1 } }),
      routeReading('idle'),
    ]),
  );
  const asked: KeysQuery[] = [];
  const made = createPerformance({
    async overview(watch: Watch) {
      if (watch.service === 'ghost') throw new PitwallError('not_found', 'There is no service named "ghost".');
      return series.overview(watch.service, watch.range, watch.route) as LiveOverview;
    },
    overviewWindow: async ({ service, from, to, route }) => (await series.window(service, from, to, route)) as Overview,
    listKeys(query) {
      asked.push(query);
      return Promise.resolve({ from: 0, rows });
    },
  });
  return { made, asked };
}

describe('what scripts ask of the live figures', () => {
  it('is out of the overview that the page shows', async () => {
    const { made } = performance();
    expect(await made.metric('requests', { service: 'chat', range: '1m' })).toMatchObject({
      service: 'chat',
      route: null,
      range: '1m',
      step: 1,
      value: 4,
    });
    expect(await made.metric('requests', { service: 'chat', route: 'idle', range: '1m' })).toMatchObject({
      route: 'idle',
      value: 0,
    });
    expect(await made.bottlenecks({ service: 'all', range: '5m' }, 20)).toMatchObject({
      service: 'all',
      range: '5m',
      bottlenecks: [{ kind: 'route', route: 'chats' }],
    });
    expect(made.metricList.length).toBeGreaterThan(10);
    await expect(made.metric('requests', { service: 'ghost', range: '1m' })).rejects.toThrow('no service named');
  });

  it('is of a window of the past where both ends are given', async () => {
    const { made } = performance();
    const span = { from: START - 9_000, to: START + 1_000 };
    const window = { service: 'all', range: '5m', ...span } as const;
    expect(await made.metric('requests', window)).toMatchObject({ range: null, ...span, step: 1, value: 4 });
    const { points } = await made.metric('requests', window);
    expect(points.map(({ value }) => value)).toEqual([...Array<null>(9).fill(null), 4]);
  });

  it('has the most missed keys of the service with it, and no more than were asked for', async () => {
    const { made, asked } = performance([row('shop', 9), row('chat', 8), row('shop', 7), row('chat', 6)]);
    const missed = async (service: string, top: number) =>
      (await made.cache({ service, range: '1m' }, top)).topMissed.map(({ count }) => count);
    expect(await missed('all', 3)).toEqual([9, 8, 7]);
    expect(await missed('chat', 1)).toEqual([8]);
    expect(await missed('chat', 10)).toEqual([8, 6]);
    expect(asked[0]).toEqual({ by: 'missed', top: 100, hours: 6 });
    await expect(made.cache({ service: 'ghost', range: '1m' }, 1)).rejects.toThrow('no service named');
  });
});
