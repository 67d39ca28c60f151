import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayEvent, GatewaySnapshot } from '../../../lib/contracts/control.ts';
import type { BreakerState } from '../../../lib/contracts/traffic.ts';
import { manualClock, type ManualClock } from '../../../lib/kernel/clock.ts';
import { createOutages, RECOVERY_MS, type Outages } from '../../../lib/onboarding/outage.ts';
import { routeReading, serviceReading, workerReading } from '../../support/snapshot-readings.ts';

const SECONDS = 20;
let clock: ManualClock;
let timers: { at: number; run: () => void }[];
let listeners: Set<(event: GatewayEvent) => void>;
let snapshots: GatewaySnapshot[];
let did: string[];
let outages: Outages;

beforeEach(() => {
  clock = manualClock(1_000);
  timers = [];
  listeners = new Set();
  did = [];
  count(100, 10, 2);
  outages = createOutages(
    {
      service: 'sample',
      snapshots: async () => snapshots,
      onBreaker(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      fail: (seconds) => did.push(`fail ${seconds}`),
      heal: () => did.push('heal'),
    },
    {
      clock,
      after(ms, run) {
        const timer = { at: clock.mono() + ms, run };
        timers.push(timer);
        return () => (timers = timers.filter((each) => each !== timer));
      },
    },
  );
});
afterEach(() => {
  outages.forget();
  expect(timers).toEqual([]);
  expect(listeners.size).toBe(0);
});

/** The counters so far: hits, stale answers and errors, the last from either side. */
function count(hits: number, stale: number, failed: number, breaker: BreakerState = 'closed'): void {
  const target = { url: 'http://sample.test', breaker, since: 0, triedAt: undefined, lastFailure: undefined };
  const route = routeReading('r', {
    results: { l1: hits - 1, l2: 1, stale, error: failed },
    originErrors: 1,
    gatewayErrors: failed - 1,
    originCalls: { fetch: 5 },
  });
  snapshots = [
    workerReading([
      serviceReading('sample', [route], { targets: [target] }),
      serviceReading('other', [routeReading('r', { results: { stale: 999 } })]),
    ]),
  ];
}

function pass(ms: number): void {
  const until = clock.mono() + ms;
  for (;;) {
    const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
    if (next === undefined) break;
    clock.advance(next.at - clock.mono());
    timers = timers.filter((each) => each !== next);
    next.run();
  }
  clock.advance(until - clock.mono());
}

function breaker(from: BreakerState, to: BreakerState, service = 'sample'): void {
  const event = { type: 'breaker', service, target: 't', from, to, at: 0, since: 0, why: '' } as const;
  for (const listener of listeners) listener(event);
}

it('counts from its start on, and how long the breaker was open, until it closes', async () => {
  expect(await outages.state()).toBeNull();
  await outages.start(SECONDS);
  expect(did).toEqual(['fail 20']);
  pass(2_000);
  breaker('closed', 'open');
  breaker('closed', 'open', 'other');
  pass(5_000);
  breaker('open', 'half-open');
  pass(1_000);
  breaker('half-open', 'open');
  count(130, 40, 11);
  pass(3_000);
  expect(await outages.state()).toEqual({
    phase: 'failing',
    seconds: SECONDS,
    startedAt: 1_000,
    endsAt: 21_000,
    stoppedEarly: false,
    requests: 69,
    hits: 30,
    stale: 30,
    failed: 9,
    originCalls: 0,
    breaker: { openMs: 8_000, open: true, opened: 2 },
  });
  pass(9_000);
  expect(did).toEqual(['fail 20', 'heal']);
  expect(await outages.state()).toMatchObject({ phase: 'recovering', breaker: { openMs: 17_000, open: true } });
  pass(1_000);
  breaker('open', 'half-open');
  expect(await outages.state()).toMatchObject({ phase: 'recovering', breaker: { open: false } });
  breaker('half-open', 'closed');
  const over = await outages.state();
  expect(over).toMatchObject({ phase: 'over', stale: 30, failed: 9, breaker: { openMs: 18_000, open: false } });
  // What comes later is no longer of it.
  count(999, 999, 999);
  expect(await outages.state()).toEqual(over);
});

it('ends at once where no breaker opened, also early, and once', async () => {
  await outages.start(SECONDS);
  pass(4_000);
  outages.stop();
  outages.stop();
  expect(await outages.state()).toMatchObject({ phase: 'over', endsAt: 5_000, stoppedEarly: true });
  expect(did).toEqual(['fail 20', 'heal']);
});

it('waits for a breaker no longer than its bound', async () => {
  await outages.start(SECONDS);
  breaker('closed', 'open');
  pass(SECONDS * 1_000 + RECOVERY_MS - 1);
  expect(await outages.state()).toMatchObject({ phase: 'recovering' });
  pass(1);
  expect(await outages.state()).toMatchObject({ phase: 'over', breaker: { open: true } });
});

it('counts time that a breaker was open before', async () => {
  count(100, 10, 2, 'open');
  await outages.start(SECONDS);
  pass(3_000);
  expect(await outages.state()).toMatchObject({ breaker: { openMs: 3_000, open: true, opened: 0 } });
  breaker('open', 'closed');
  breaker('open', 'closed');
  expect(await outages.state()).toMatchObject({ breaker: { open: false } });
});

it('comes one at a time, two starts at once included; another may follow while it recovers', async () => {
  const [first, second] = await Promise.allSettled([outages.start(SECONDS), outages.start(SECONDS)]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
  await expect(outages.start(SECONDS)).rejects.toMatchObject({ code: 'conflict' });
  breaker('closed', 'open');
  outages.stop();
  pass(1_000);
  await outages.start(5);
  expect(await outages.state()).toMatchObject({ phase: 'failing', seconds: 5 });
});

it('is healed and forgotten when the sample goes', async () => {
  await outages.start(SECONDS);
  outages.forget();
  expect(did).toEqual(['fail 20', 'heal']);
  expect(await outages.state()).toBeNull();
});

it('doesn’t begin where the sample was taken away while it was to', async () => {
  const starting = outages.start(SECONDS);
  outages.forget();
  await expect(starting).rejects.toMatchObject({ code: 'conflict' });
  expect(did).toEqual([]);
  expect(await outages.state()).toBeNull();
  await outages.start(SECONDS);
  expect(did).toEqual(['fail 20']);
});

describe('workers of a fleet', () => {
  const reading = (worker: number, hits: number, startedAt = 500) =>
    workerReading([serviceReading('sample', [routeReading('r', { results: { l1: hits } })])], { worker, startedAt });
  const hits = async (...now: GatewaySnapshot[]): Promise<number | undefined> => {
    snapshots = now;
    return (await outages.state())?.hits;
  };

  it('that are silent at the start count from their first answer on, not their whole past', async () => {
    snapshots = [reading(0, 100)];
    await outages.start(SECONDS);
    expect(await hits(reading(0, 110), reading(1, 5_000))).toBe(10);
    expect(await hits(reading(0, 110), reading(1, 5_007))).toBe(17);
  });

  it('that are silent meanwhile take nothing away; what starts later or anew counts whole', async () => {
    snapshots = [reading(0, 100), reading(1, 100)];
    await outages.start(SECONDS);
    expect(await hits(reading(0, 104), reading(1, 110))).toBe(14);
    expect(await hits(reading(0, 105))).toBe(15);
    expect(await hits(reading(0, 105), reading(1, 3, 9_000), reading(2, 2, 9_000))).toBe(20);
  });
});

it('never counts below nothing when a worker begins anew', async () => {
  await outages.start(SECONDS);
  count(1, 0, 1);
  expect(await outages.state()).toMatchObject({ requests: 0, hits: 0, stale: 0, failed: 0 });
});
