import { expect, test } from 'vitest';
import { jobsWords } from '@/components/layout/jobs-button';
import {
  INSTANCE_COLUMNS,
  areInstancesShown,
  hitRatioOf,
  instanceId,
  namesOf,
  sortInstances,
} from '@/components/performance-dashboard/instance-columns';
import { fleetOf } from '../../support/console-instances';

const NOW = 1_764_000_000_000;
const totals = (instances: ReturnType<typeof fleetOf>) =>
  Object.fromEntries(INSTANCE_COLUMNS.map(({ label, total }) => [label, total(instances)]));

test('instances are in order of their names’ numbers, then of workers', () => {
  const sorted = sortInstances(fleetOf(22, 'none', NOW)).map(instanceId);
  expect(sorted.slice(0, 4)).toEqual(['edge-1 0', 'edge-1 1', 'edge-2 0', 'edge-2 1']);
  expect(sorted.slice(-2)).toEqual(['edge-11 0', 'edge-11 1']);
});

test('totals sum rates, weigh ratios by requests, and show the highest of delays', () => {
  const [a, b] = fleetOf(2, 'none', NOW) as [ReturnType<typeof fleetOf>[0], ReturnType<typeof fleetOf>[0]];
  const pair = [
    {
      ...a,
      requestsPerSecond: 30,
      hitRatio: 1,
      eventLoopP99Ms: 4,
      utilisation: 0.2,
      heapBytes: 50 * 2 ** 20,
      connections: 3,
    },
    {
      ...b,
      requestsPerSecond: 10,
      hitRatio: 0,
      eventLoopP99Ms: 1,
      utilisation: 0.3,
      heapBytes: 20 * 2 ** 20,
      connections: 4,
    },
  ];
  expect(totals(pair)).toMatchObject({
    'Req/s': '40',
    'Hit %': '75',
    'Loop p99 ms': 'max 4',
    'Busy %': 'max 30',
    'Heap MiB': '70',
    Connections: '7',
  });
});

test('totals of nothing known are unknown, never 0 or NaN', () => {
  expect(new Set(Object.values(totals([])))).toEqual(new Set(['–']));
  const quiet = fleetOf(2, 'none', NOW).map((each) => ({ ...each, hitRatio: null, requestsPerSecond: null }));
  expect(totals(quiet)['Req/s']).toBe('–');
  expect(hitRatioOf(quiet)).toBeNull();
  expect(hitRatioOf(quiet.map((each) => ({ ...each, hitRatio: 1, requestsPerSecond: 0 })))).toBeNull();
});

test('the table is there for several workers, and for one that isn’t well', () => {
  const [one] = fleetOf(1, 'none', NOW) as [ReturnType<typeof fleetOf>[0]];
  expect(areInstancesShown([])).toBe(false);
  expect(areInstancesShown([one])).toBe(false);
  expect(areInstancesShown([{ ...one, state: 'missing' }])).toBe(true);
  expect(areInstancesShown([{ ...one, clears: { ...one.clears, state: 'unconfirmed' } }])).toBe(true);
  expect(areInstancesShown(fleetOf(2, 'none', NOW))).toBe(true);
});

test('a heading names two workers and counts the rest', () => {
  const sorted = sortInstances(fleetOf(5, 'none', NOW));
  expect(namesOf([])).toBe('');
  expect(namesOf(sorted.slice(0, 2))).toBe('edge-1 worker 0, edge-1 worker 1');
  expect(namesOf(sorted)).toBe('edge-1 worker 0, edge-1 worker 1 and 3 more');
});

test('the button of jobs says trouble first, and never 100 % before the end', () => {
  const quiet = { underWay: 0, paused: 0, failed: 0, unconfirmed: 0, share: null };
  expect(jobsWords(quiet)).toBe('Jobs');
  expect(jobsWords({ ...quiet, underWay: 1 })).toBe('1 job');
  expect(jobsWords({ ...quiet, underWay: 1, share: 0.996 })).toBe('1 job 99 %');
  expect(jobsWords({ ...quiet, underWay: 2, paused: 2 })).toBe('2 jobs paused');
  expect(jobsWords({ ...quiet, underWay: 2, unconfirmed: 1 })).toBe('1 job unconfirmed');
  expect(jobsWords({ ...quiet, underWay: 2, unconfirmed: 1, failed: 2 })).toBe('2 jobs failed');
});
