import { expect, it } from 'vitest';
import { createChangeFeed } from '../../../lib/container/change-feed.ts';
import type { ConfigurationEvent } from '../../../lib/container/configuration.ts';
import type { FleetListener } from '../../../lib/container/fleet.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import type { RegisteredInstance } from '../../../lib/gateway/control-registry.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createEvents } from '../../../lib/kernel/events.ts';
import { createChangeLog } from '../../../lib/live/changes.ts';
import type { JobRecord } from '../../../lib/queue/job.ts';
import type { JobEvent } from '../../../lib/queue/jobs.ts';

function scene() {
  const log = createChangeLog();
  const listeners = new Map<string, FleetListener>();
  const others: RegisteredInstance[] = [];
  const running = { events: createEvents<ConfigurationEvent>() };
  const jobs = { events: createEvents<JobEvent>() };
  const feed = createChangeFeed({
    log,
    fleet: {
      subscribe(topic, listener) {
        listeners.set(topic, listener);
        return () => listeners.delete(topic);
      },
      others: () => others,
    },
    running,
    jobs,
    version: '1.2.3',
    instance: 'me',
    clock: manualClock(1_000),
  });
  const changes = () =>
    log.list({ limit: 50 }).changes.map(({ kind, tone, title, detail }) => [kind, tone, title, detail].join('|'));
  return { feed, listeners, others, running, jobs, changes };
}

it('begins with the start, since what was before isn’t kept', () => {
  expect(scene().changes()).toEqual([
    'instance|neutral|Pitwall started|Version 1.2.3. What changed before isn’t kept.',
  ]);
});

it('hears of the gateways’ moves, of clears and of the configuration, until it’s closed', () => {
  const { feed, listeners, running, jobs, changes } = scene();
  const config = { gateway: {}, services: [] } as unknown as Config;
  listeners.get('mode')?.(
    { type: 'mode', service: 's', from: 'cache', to: 'bypass', at: 2_000, why: 'r' },
    { instance: 'me', worker: 0, workers: 1 },
  );
  jobs.events.emit({
    type: 'job',
    job: {
      id: '1',
      kind: 'clear',
      title: 'Clear a',
      state: 'running',
      outcomes: [],
      createdAt: 3_000,
    } as unknown as JobRecord,
  });
  jobs.events.emit({ type: 'job', job: { id: '2', kind: 'warm', outcomes: [] } as unknown as JobRecord });
  running.events.emit({ type: 'taken', before: config, config });
  running.events.emit({ type: 'refused', why: 'line 4: no' });
  expect(changes().slice(0, 2)).toEqual(['clear|neutral|Clear a|Under way.', 'mode|watch|Mode bypass|Was cache. r.']);
  expect(changes()).toContain('config|neutral|Configuration taken|Nothing in it differs from the one before.');
  expect(changes()).toContain('config|bad|Configuration refused|line 4: no');
  feed.close();
  expect(listeners.size).toBe(0);
  const before = changes().length;
  running.events.emit({ type: 'refused', why: 'later' });
  expect(changes()).toHaveLength(before);
});

it('compares what nobody tells: sample traffic, and what other instances refuse', () => {
  const { feed, others, changes } = scene();
  const other = (configError: string | null): void =>
    void others.splice(0, 1, {
      instance: 'b',
      id: 'b',
      workers: 1,
      url: undefined,
      configError,
      draining: false,
      alive: true,
    });
  const news = (traffic: Parameters<typeof feed.look>[1]): string[] => {
    const before = changes().length;
    feed.look([], traffic);
    return changes().slice(0, changes().length - before);
  };
  other(null);
  expect(news('running')).toEqual([]);
  expect(news('idle')).toEqual(['sample|neutral|Sample traffic stopped|Nobody watched it for 10 minutes.']);
  expect(news('running')).toEqual(['sample|neutral|Sample traffic started|']);
  other('no such key');
  expect(news('running')).toEqual(['config|bad|Configuration refused|no such key']);
  expect(news('running')).toEqual([]);
  other(null);
  expect(news('running')).toEqual(['config|neutral|Configuration taken|']);
});
