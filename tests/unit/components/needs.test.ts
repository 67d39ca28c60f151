import { expect, test } from 'vitest';
import { presentOf } from '@/components/performance-dashboard/instance-columns';
import { needsOf } from '@/components/performance-dashboard/needs';
import type { Job } from '@/lib/contracts/job';
import { createFixtureJobs } from '../../support/console-jobs';
import { overviewOf, type Scenario } from '../../support/console-scenarios';

const NOW = 1_764_000_000_000;
const overview = (scenario: Scenario, service = 'all') => {
  const whole = overviewOf({ scenario, modes: new Map(), traffic: true }, service, '5m', NOW);
  return { ...whole, routes: whole.routes.map((row) => ({ ...row, unsafe: [] as string[] })) };
};
const words = (...of: Parameters<typeof needsOf>) => needsOf(...of).map(({ word }) => word);

test('nothing needs anybody in good times', () => {
  expect(needsOf(overview('busy'))).toEqual([]);
});

test('an open breaker comes first, and leads to the requests that fail', () => {
  const [breaker] = needsOf({ ...overview('failing'), configError: null });
  expect(breaker).toMatchObject({
    state: 'bad',
    word: 'Breaker open',
    step: { view: { tab: 'requests', tail: { services: ['chat'], results: ['error'] } } },
  });
  expect(breaker?.text).toMatch(
    /^chat → http:\S+ since \d\d:\d\d:\d\d, last tried \d\d:\d\d:\d\d\. Last failure: no response head within 30 s\.$/,
  );
  const held = overview('busy');
  const [chat] = held.services;
  const targets = chat!.targets.map((target) => ({ ...target, breaker: 'held-closed' as const }));
  expect(words({ ...held, services: [{ ...chat!, targets }] })).toEqual(['Breaker held closed']);
});

test('what is looked at narrows it to one service', () => {
  expect(words(overview('observe'))).toEqual(['Only observed', 'Only observed']);
  expect(words(overview('observe', 'chat'))).toEqual(['Only observed']);
});

test('a mode says when it ends, and that it ends soon', () => {
  const now = overview('observe', 'chat');
  expect(needsOf(now)[0]?.text).toMatch(/“Comparing with yesterday’s origin load”\. Until \d\d:\d\d\.$/);
  const at = Math.floor(NOW / 1_000) * 1_000;
  const services = now.services.map((service) => ({ ...service, modeUntil: at + 480_000 }));
  expect(needsOf({ ...now, services })[0]?.text).toMatch(/Ends in 8 min\.$/);
  const forever = now.services.map((service) => ({ ...service, modeUntil: null, modeReason: null }));
  expect(needsOf({ ...now, services: forever })[0]?.text).toBe('chat forwards every request to the origin.');
});

test('instances that are missing or behind, and degraded levels, lead to their place', () => {
  expect(needsOf(overview('missing')).map(({ word, text, step }) => [word, text, step])).toEqual([
    ['Instances missing', 'edge-2 worker 1: no answer for 41 s.', { label: 'See instances', href: '#instances' }],
    [
      'Clears unconfirmed',
      'edge-3 worker 0 may still serve what was cleared.',
      { label: 'See instances', href: '#instances' },
    ],
  ]);
  const degraded = needsOf(overview('l3-degraded')).find(({ word }) => word === 'Level degraded');
  expect(degraded).toMatchObject({
    text: expect.stringMatching(/^L3: Redis .*[^.]\.$/) as string,
    step: { href: '#levels' },
  });
});

test('a refused configuration is bad, and says what to do', () => {
  const [config] = needsOf(overview('config-error'));
  expect(config).toMatchObject({ state: 'bad', word: 'Configuration refused' });
  expect(config?.text).toMatch(/pitwall\.yaml:14:9.*Mend the file/);
});

test('unsafe routes are named, three at most', () => {
  const { routes, ...rest } = overview('busy');
  const unsafe = (count: number) =>
    needsOf({ ...rest, routes: routes.map((row, i) => ({ ...row, unsafe: i < count ? ['cookie'] : [] })) });
  expect(unsafe(1)).toMatchObject([{ state: 'watch', word: 'Unsafe policy', step: { href: '#traffic' } }]);
  expect(unsafe(3)).toHaveLength(3);
  expect(unsafe(3)[2]?.text).not.toContain('more');
  expect(unsafe(5)).toHaveLength(3);
  expect(unsafe(5)[2]?.text).toMatch(/And 2 more\.$/);
});

test('jobs that ended badly or not everywhere, for a quarter of an hour', () => {
  const jobs = createFixtureJobs('job-failed', NOW).list(NOW);
  const needs = needsOf(overview('busy'), jobs);
  expect(needs).toMatchObject([
    { state: 'bad', word: 'Job failed', text: expect.stringContaining('didn’t confirm') as string },
  ]);
  expect(needs[0]?.step).toEqual({ label: 'See what it did', change: 'job-clear-2' });
  const done = jobs.find(({ state }) => state === 'done') as Job;
  const open: Job = { ...done, outcomes: [{ instance: 'a', worker: 0, state: 'unconfirmed', detail: null }] };
  expect(needsOf(overview('busy'), [open])).toMatchObject([
    { state: 'watch', word: 'Job unconfirmed', text: `${done.title}: confirmed by 0 of 1 workers.` },
  ]);
  expect(needsOf(overview('busy'), [{ ...open, kind: 'warm' }])[0]?.step).toBeNull();
  expect(needsOf(overview('busy'), [{ ...open, endedAt: NOW - 15 * 60_000 }])).toEqual([]);
});

test('the page’s present is when somebody last answered, whatever the charts show', () => {
  const { instances, sample } = overview('missing');
  const newest = Math.max(...instances.filter(({ state }) => state === 'ok').map(({ at }) => at));
  expect(presentOf({ instances, sample: { ...sample, at: 0 } })).toBe(newest);
  expect(presentOf({ instances, sample: { ...sample, at: newest + 9_000 } })).toBe(newest);
  const silent = instances.map((instance) => ({ ...instance, state: 'missing' as const }));
  expect(presentOf({ instances: silent, sample: { ...sample, at: newest + 9_000 } })).toBe(newest + 9_000);
  expect(presentOf({ instances: silent, sample: { ...sample, at: 0 } })).toBe(newest);
});
