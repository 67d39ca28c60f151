import { describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../../lib/contracts/control.ts';
import type { BreakerState, Mode } from '../../../lib/contracts/traffic.ts';
import { createChangeLog } from '../../../lib/live/changes.ts';
import { SAME_MOVE_MS, createGatewayMoves } from '../../../lib/live/gateway-moves.ts';

function scene(workers = 2) {
  const log = createChangeLog();
  let ids = 0;
  const moves = createGatewayMoves({ put: (change) => log.put(change), newId: () => `id-${++ids}` });
  const tell = (event: GatewayEvent, worker = 0, instance = 'a'): void =>
    moves.tell(event, { instance, worker, workers });
  return { tell, changes: () => log.list({ limit: 100 }).changes.reverse() };
}
const breaker = (from: BreakerState, to: BreakerState, at: number, why = 'it failed', since = at): GatewayEvent => ({
  type: 'breaker',
  service: 'chat',
  target: 'http://o',
  from,
  to,
  at,
  since,
  why,
});
const mode = (from: Mode, to: Mode, at: number, why = 'trying it'): GatewayEvent => ({
  type: 'mode',
  service: 'chat',
  from,
  to,
  at,
  why,
});

describe('a move that several workers tell', () => {
  it('is one change within 2 s, which counts them; after that it’s another', () => {
    const { tell, changes } = scene();
    tell(breaker('closed', 'open', 1_000));
    expect(changes()).toMatchObject([{ at: 1_000, detail: 'http://o: it failed. 1 of 2 workers.' }]);
    tell(breaker('closed', 'open', 1_000 + SAME_MOVE_MS, 'another reason'), 1);
    expect(changes()).toMatchObject([
      { kind: 'breaker', service: 'chat', tone: 'bad', title: 'Breaker opened', instance: 'a', at: 1_000 },
    ]);
    expect(changes()[0]?.detail).toBe('http://o: it failed. 2 of 2 workers.');
    tell(breaker('closed', 'open', 1_001 + SAME_MOVE_MS), 1);
    expect(changes()).toHaveLength(2);
  });

  it('is of no one instance when several tell it, and counts nobody where there’s one worker', () => {
    const { tell, changes } = scene(3);
    tell(breaker('closed', 'open', 0), 0, 'a');
    tell(breaker('closed', 'open', 5), 0, 'b');
    expect(changes()).toMatchObject([{ instance: null, detail: 'http://o: it failed. 2 of 3 workers.' }]);
    const alone = scene(1);
    alone.tell(breaker('closed', 'open', 0));
    expect(alone.changes()[0]?.detail).toBe('http://o: it failed.');
  });
});

describe('a breaker', () => {
  it('tells of failed probes in the change that opened it, and how long it was open', () => {
    const { tell, changes } = scene(1);
    tell(breaker('closed', 'open', 1_000));
    for (const at of [6_000, 16_000]) {
      tell(breaker('open', 'half-open', at));
      tell(breaker('half-open', 'open', at + 10, 'a probe failed: late', 1_000));
    }
    expect(changes()).toMatchObject([{ at: 1_000, detail: 'http://o: it failed. Probes that failed since: 2.' }]);
    tell(breaker('open', 'half-open', 30_000));
    tell(breaker('half-open', 'closed', 31_000, '3 probes succeeded'));
    expect(changes()[1]).toMatchObject({
      tone: 'good',
      title: 'Breaker closed',
      detail: 'http://o: 3 probes succeeded. Open for 30 s.',
    });
  });

  it('tells of a probe that failed before anybody listened as of an opening', () => {
    const { tell, changes } = scene(1);
    tell(breaker('half-open', 'open', 9_000, 'a probe failed: late', 1_000));
    expect(changes()).toMatchObject([{ title: 'Breaker opened', at: 1_000 }]);
  });

  it('that a person released begins a new outage when its probe fails', () => {
    const { tell, changes } = scene(1);
    tell(breaker('closed', 'open', 0));
    tell(breaker('open', 'held-open', 5_000));
    tell(breaker('held-open', 'half-open', 10_000));
    tell(breaker('half-open', 'open', 15_000));
    expect(changes().map(({ title, at }) => `${title} ${at}`)).toEqual([
      'Breaker opened 0',
      'Breaker held open 5000',
      'Breaker released 10000',
      'Breaker opened 15000',
    ]);
  });

  it('tells when a person holds and releases it', () => {
    const { tell, changes } = scene(1);
    tell(breaker('closed', 'held-open', 0));
    tell(breaker('held-open', 'half-open', 5_000));
    tell(breaker('half-open', 'held-closed', 10_000));
    tell(breaker('held-closed', 'closed', 15_000, 'released'));
    expect(changes().map(({ title }) => title)).toEqual([
      'Breaker held open',
      'Breaker released',
      'Breaker held closed',
      'Breaker released',
    ]);
  });
});

describe('a mode', () => {
  it('that a worker takes over when it starts again is no new switch', () => {
    const { tell, changes } = scene();
    tell(mode('cache', 'observe', 0));
    tell(mode('cache', 'observe', 20), 1);
    tell(mode('cache', 'observe', 90_000), 1);
    expect(changes()).toMatchObject([
      { kind: 'mode', tone: 'watch', title: 'Mode observe', detail: 'Was cache. trying it. 2 of 2 workers.' },
    ]);
    tell(mode('observe', 'cache', 95_000, 'the time set for it is over'));
    tell(mode('cache', 'observe', 99_000));
    expect(changes().map(({ title, tone }) => `${title} ${tone}`)).toEqual([
      'Mode observe watch',
      'Mode cache neutral',
      'Mode observe watch',
    ]);
  });
});

describe('a level', () => {
  it('tells when it degrades and when it works again; other events are nothing that changed', () => {
    const { tell, changes } = scene(1);
    tell({ type: 'level', level: 'l3', from: 'ok', to: 'degraded', at: 0, why: 'Redis is away.' });
    tell({ type: 'level', level: 'l3', from: 'degraded', to: 'ok', at: 9_000, why: 'L3 works again.' });
    tell({ type: 'requests', records: [], dropped: 0 });
    expect(changes()).toMatchObject([
      { kind: 'level', service: null, tone: 'watch', title: 'L3 degraded', detail: 'Redis is away.' },
      { tone: 'good', title: 'L3 works again', detail: 'L3 works again.' },
    ]);
  });
});

it('remembers a bounded number of moves: of one that is forgotten, what is told is new', () => {
  const { tell, changes } = scene(1);
  tell(breaker('closed', 'open', 0));
  for (let i = 0; i < 500; i++) tell({ ...breaker('closed', 'open', 0), service: `s${i}` } as GatewayEvent);
  tell(breaker('half-open', 'open', 1));
  expect(changes().filter(({ service }) => service === 'chat')).toHaveLength(1);
  expect(changes().at(-1)).toMatchObject({ service: 'chat', detail: 'http://o: it failed.' });
});
