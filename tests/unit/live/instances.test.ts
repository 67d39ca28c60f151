import { describe, expect, it } from 'vitest';
import type { GatewaySnapshot, LevelSnapshot } from '../../../lib/contracts/control.ts';
import { instanceStateSchema, levelStateSchema } from '../../../lib/contracts/overview.ts';
import { createInstanceTable } from '../../../lib/live/instances.ts';
import { histogram, live, START, worker } from '../../support/live-series.ts';
import { levelReading, routeReading } from '../../support/snapshot-readings.ts';

const counted = (l2: number, origin: number, given: Partial<GatewaySnapshot> = {}) =>
  worker([routeReading('r', { results: { l2, origin }, originCalls: { fetch: origin } })], given);

describe('the instances, one by one', () => {
  it('are by instance and worker, with rates of the last ten seconds', () => {
    const { series, second } = live();
    second(counted(0, 0, { instance: 'b' }), counted(0, 0, { worker: 1 }), counted(100, 100));
    expect(series.tick('all', '1m').instances[0]).toMatchObject({ requestsPerSecond: null, hitRatio: null });
    second(counted(0, 0, { instance: 'b' }), counted(0, 8, { worker: 1 }), counted(130, 110));
    second(counted(0, 0, { instance: 'b' }), counted(0, 8, { worker: 1 }), counted(160, 120));
    const { instances } = series.tick('all', '1m');
    expect(instances.map((state) => instanceStateSchema.parse(state))).toMatchObject([
      { instance: 'a', worker: 0, local: true, requestsPerSecond: 40, originCallsPerSecond: 10, hitRatio: 0.75 },
      { instance: 'a', worker: 1, local: true, requestsPerSecond: 4, originCallsPerSecond: 4, hitRatio: 0 },
      { instance: 'b', worker: 0, local: false, requestsPerSecond: 0, originCallsPerSecond: 0, hitRatio: null },
    ]);
    for (let i = 0; i < 11; i++) second(counted(160 + i, 120));
    expect(series.tick('all', '1m').instances[0]).toMatchObject({ requestsPerSecond: 1, hitRatio: 1 });
  });

  it('start counting anew with a new life, and when a reload takes counters away', () => {
    const { series, second } = live();
    second(counted(5, 5));
    second(counted(6, 6));
    second(counted(9, 9, { startedAt: START + 1 }));
    expect(series.tick('all', '1m').instances[0]?.requestsPerSecond).toBeNull();
    second(counted(10, 9, { startedAt: START + 1 }));
    expect(series.tick('all', '1m').instances[0]?.requestsPerSecond).toBe(1);
    second(counted(1, 1, { startedAt: START + 1 }));
    expect(series.tick('all', '1m').instances[0]?.requestsPerSecond).toBeNull();
  });

  it('are missing after more than two seconds of silence, and keep what they last said for as long as they are expected', () => {
    const { series, second, gap, clock, expected } = live();
    expected.push({ instance: 'a', workers: 1 }, { instance: 'gone', workers: 1 });
    const clears = { number: 7, state: 'unconfirmed', age: 12, folded: 0 } as const;
    second(counted(1, 1, { instance: 'gone', clears, connections: 3 }), counted(1, 1));
    const answeredAt = clock.wall();
    second(counted(2, 1));
    gap();
    expect(series.tick('all', '1m').instances.map(({ state }) => state)).toEqual(['ok', 'ok']);
    second(counted(2, 1));
    expect(series.tick('all', '1m').instances).toMatchObject([
      { instance: 'a', state: 'ok' },
      {
        instance: 'gone',
        state: 'missing',
        at: answeredAt,
        requestsPerSecond: null,
        connections: 3,
        clears: { number: 7, state: 'unconfirmed', ageMs: 12 },
      },
    ]);
    for (let i = 3; i < 300; i++) second(counted(2, 1));
    expect(series.tick('all', '1m').instances).toHaveLength(2);
    expected.pop();
    second(counted(2, 1));
    expect(series.tick('all', '1m').instances.map(({ instance }) => instance)).toEqual(['a']);
    second(counted(2, 1), counted(1, 1, { instance: 'gone' }));
    expect(series.tick('all', '1m').instances.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  it('go with their first silence once nobody expects them, and never as missing', () => {
    const { series, second, gap, expected } = live();
    const names = (): string[] =>
      series.tick('all', '1m').instances.map(({ instance, worker: number, state }) => `${instance}/${number} ${state}`);
    expected.push({ instance: 'a', workers: 1 }, { instance: 'b', workers: 2 });
    second(counted(0, 0), counted(0, 0, { instance: 'b' }), counted(0, 0, { instance: 'b', worker: 1 }));
    // It drains: one of its workers has ended, the other still answers.
    expected.pop();
    second(counted(0, 0), counted(0, 0, { instance: 'b' }));
    expect(names()).toEqual(['a/0 ok', 'b/0 ok']);
    second(counted(0, 0));
    expect(names()).toEqual(['a/0 ok']);
    expected.pop();
    gap();
    expect(names()).toEqual([]);
  });

  it('are at most a thousand, those that were heard last', () => {
    const table = createInstanceTable(undefined, { expects: () => true });
    table.update(
      Array.from({ length: 600 }, (_, i) => counted(0, 0, { worker: i })),
      0,
      START,
    );
    table.update(
      Array.from({ length: 600 }, (_, i) => counted(0, 0, { instance: 'b', worker: i })),
      1_000,
      START,
    );
    const states = table.states();
    expect(states).toHaveLength(1_000);
    expect(states.filter(({ instance }) => instance === 'b')).toHaveLength(600);
    expect(states.every(({ local }) => !local)).toBe(true);
  });
});

describe('L3, which is one thing for several', () => {
  const l3 = (given: Partial<LevelSnapshot>): LevelSnapshot[] => [
    levelReading('l2', { entries: 1, evictions: 0 }),
    levelReading('l3', { entries: 10, bytes: 100, budgetBytes: 1_000, ...given }),
  ];
  const at = (instance: string, number: number, given: Partial<LevelSnapshot>): GatewaySnapshot =>
    counted(0, 0, { instance, worker: number, levels: l3(given) });

  it('is counted once per instance on disk, once in Redis', () => {
    for (const [kind, times] of [
      ['disk', 2],
      ['redis', 1],
    ] as const) {
      const { series, second } = live();
      const all = (evictions: number): GatewaySnapshot[] => [
        at('a', 0, { kind, evictions }),
        at('a', 1, { kind, evictions }),
        at('b', 0, { kind, evictions }),
      ];
      second(...all(5));
      second(...all(9));
      const [l2, level] = series.tick('all', '1m').levels;
      expect(l2).toMatchObject({ entries: 3 });
      expect(level).toMatchObject({ entries: 10 * times, bytes: 100 * times, budgetBytes: 1_000 * times, kind });
      expect(level?.evictionsPerSecond).toBe((9 * times) / 2);
    }
  });

  it('shows the worst state with its reason, and how long it takes to ask it over all who ask', () => {
    const { series, second } = live();
    second(
      at('a', 0, { latency: histogram(1, 1, 1) }),
      at('a', 1, { state: 'degraded', why: 'The disk is full.', latency: histogram(1, 9) }),
    );
    const level = levelStateSchema.parse(series.tick('all', '1m').levels[1]);
    expect(level).toMatchObject({ state: 'degraded', why: 'The disk is full.' });
    expect(level.latency?.p50).toBeCloseTo(1, 1);
    expect(level.latency?.p99).toBeCloseTo(9, 0);
  });
});

it('a series knows which services are served', () => {
  const { series, second } = live();
  expect(series.serves('chat')).toBe(false);
  second(counted(0, 0));
  expect([series.serves('chat'), series.serves('ghost')]).toEqual([true, false]);
});
