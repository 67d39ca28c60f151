import { beforeEach, expect, it } from 'vitest';
import type { GatewayEvent, GatewaySnapshot } from '../../../lib/contracts/control.ts';
import { trialSchema } from '../../../lib/contracts/onboarding.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { createTrials, type Trials } from '../../../lib/onboarding/trial.ts';
import { routeReading, serviceReading, workerReading } from '../../support/snapshot-readings.ts';

let listeners: Set<(event: GatewayEvent) => void>;
let snapshots: GatewaySnapshot[];
let did: string[];
let refusal: Error | undefined;
let trials: Trials;

beforeEach(() => {
  listeners = new Set();
  snapshots = [];
  did = [];
  refusal = undefined;
  const act = async (what: string): Promise<void> => {
    did.push(what);
    if (refusal !== undefined) throw refusal;
  };
  trials = createTrials(
    {
      service: 'default',
      snapshots: async () => snapshots,
      onRequests(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      take: (url) => act(`take ${url}`),
      giveBack: () => act('give back'),
    },
    { clock: manualClock(5_000) },
  );
});

const URL = 'http://127.0.0.1:9000';
const seen = (service: string, paths: string[], dropped = 0): void => {
  const records = paths.map((path) => ({
    ...{ at: 0, id: '', client: '', service, route: '*', method: 'GET', host: 'h', path, status: 200 },
    ...({ result: 'origin', reason: 'cold', bytes: 1, ms: 3, aborted: false } as const),
  }));
  for (const listener of listeners) listener({ type: 'requests', records, dropped });
};

it('counts what the service gets, by shape, and proposes a configuration', async () => {
  await trials.start(URL);
  seen('default', ['/a/1', '/a/2'], 7);
  seen('sample', ['/sample']);
  for (const listener of listeners) listener({ type: 'invalidated', key: 'k', url: 'u' });
  const route = routeReading('*', {
    results: { origin: 8, error: 1 },
    originCalls: { fetch: 9 },
    gatewayErrors: 1,
    observed: 9,
    wouldHave: 4,
  });
  snapshots = [workerReading([serviceReading('default', [route], { mode: 'observe' })])];
  const state = await trials.state();
  expect(trialSchema.parse(state)).toMatchObject({
    url: URL,
    mode: 'observe',
    startedAt: 5_000,
    requests: 9,
    observed: 9,
    wouldHave: 4,
    originCalls: 9,
    failed: 1,
    shapes: [{ method: 'GET', shape: '/a/:id', requests: 2, saved: 0, reasons: { cold: 2 }, meanMs: 3 }],
    other: 0,
    unseen: 7,
  });
  expect(state?.policy).toContain(`url: "${URL}"`);
});

it('shows 50 shapes and counts the rest', async () => {
  await trials.start(URL);
  // Of all lengths and few words in each place, so that none is folded.
  const paths = Array.from(
    { length: 60 },
    (_, i) => `/${[...'abcdef'].slice(0, 1 + (i % 6)).join('/')}/w${'abcdefghij'[(i / 6) | 0]}`,
  );
  seen('default', paths);
  const state = await trials.state();
  expect(state?.shapes).toHaveLength(50);
  expect(state?.other).toBe(10);
});

it('is one at a time, also while one begins or ends', async () => {
  expect(trials.active).toBe(false);
  await expect(trials.end()).rejects.toMatchObject({ code: 'conflict' });
  const starting = trials.start(URL);
  expect(trials.active).toBe(true);
  await expect(trials.start(URL)).rejects.toMatchObject({ code: 'conflict' });
  await starting;
  const [ended, ...refused] = await Promise.allSettled([trials.end(), trials.end(), trials.start(URL)]);
  expect(ended.status).toBe('fulfilled');
  for (const each of refused) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
  expect([trials.active, listeners.size, await trials.state()]).toEqual([false, 0, null]);
  expect(did).toEqual([`take ${URL}`, 'give back']);
});

it('is as before where the gateway refuses', async () => {
  refusal = new PitwallError('gateway_unavailable', 'No worker runs.');
  await expect(trials.start(URL)).rejects.toMatchObject({ code: 'gateway_unavailable' });
  expect([trials.active, listeners.size]).toEqual([false, 0]);
  refusal = undefined;
  await trials.start(URL);
  refusal = new PitwallError('gateway_unavailable', 'No worker runs.');
  await expect(trials.end()).rejects.toMatchObject({ code: 'gateway_unavailable' });
  expect([trials.active, listeners.size]).toEqual([true, 1]);
  trials.close();
  expect([trials.active, listeners.size]).toEqual([false, 0]);
});
