import { describe, expect, it } from 'vitest';
import { clearRunners } from '../../../lib/container/clears.ts';
import { createLateConfirmations, MOST_WATCHED, WATCHED_MS } from '../../../lib/container/late-confirmations.ts';
import type { ClearsSnapshot } from '../../../lib/contracts/control.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { createEvents } from '../../../lib/kernel/events.ts';
import type { JobRecord } from '../../../lib/queue/job.ts';
import type { JobEvent } from '../../../lib/queue/jobs.ts';
import { jobScene, settled } from '../../support/jobs.ts';
import { workerReading } from '../../support/snapshot-readings.ts';

const record = { id: 'r', number: 7 };
const gone = new PitwallError('gateway_unavailable', 'The instance b doesn’t answer.');

const reading = (instance: string, worker: number, clears: Partial<ClearsSnapshot>) =>
  workerReading([], { instance, worker, clears: { number: 7, state: 'confirmed', age: 0, folded: 0, ...clears } });

/** A clear that a/0 has followed and both workers of b haven't. */
async function cleared(kind: 'clear' | 'undo') {
  const scene = jobScene({
    runners: clearRunners({
      commandWorkers: () =>
        Promise.resolve([
          { instance: 'a', worker: 0, error: undefined },
          { instance: 'b', worker: 0, error: gone },
          { instance: 'b', worker: 1, error: gone },
        ]),
    }),
  });
  const late = createLateConfirmations({ jobs: scene.jobs, clock: scene.clock });
  const { id } = await scene.jobs.add({ kind, title: 'Clear', input: { record } });
  await settled();
  const states = async (): Promise<string[]> =>
    (await scene.jobs.find(id)).outcomes.map(({ instance, worker, state }) => `${instance}/${worker} ${state}`);
  return { ...scene, id, late, states };
}

describe('a clear that not all have confirmed', () => {
  it.each(['clear', 'undo'] as const)('(%s) is confirmed by each worker that has followed it since', async (kind) => {
    const { id, jobs, late, states, clock, repository } = await cleared(kind);
    expect(await states()).toEqual(['a/0 confirmed', 'b/0 unconfirmed', 'b/1 unconfirmed']);
    late.see([reading('b', 0, { number: 6 }), reading('b', 1, { state: 'unconfirmed' }), reading('c', 0, {})]);
    expect(await states()).toEqual(['a/0 confirmed', 'b/0 unconfirmed', 'b/1 unconfirmed']);

    clock.advance(42_000);
    late.see([reading('b', 0, {})]);
    expect(await states()).toEqual(['a/0 confirmed', 'b/0 confirmed', 'b/1 unconfirmed']);
    expect(await jobs.find(id)).toMatchObject({
      state: 'done',
      progress: { done: 2, total: 3 },
      result: { record, confirmed: 2, unconfirmed: 1 },
      outcomes: [{ detail: null }, { detail: '42 s later' }, { detail: gone.message }],
    });
    await settled();
    late.see([reading('b', 0, { number: 9 }), reading('b', 1, { number: 9 })]);
    expect(await states()).toEqual(['a/0 confirmed', 'b/0 confirmed', 'b/1 confirmed']);
    await settled();
    expect(repository.rows.get(id)).toEqual(await jobs.find(id));
    expect(repository.rows.get(id)).toMatchObject({ result: { record, confirmed: 3, unconfirmed: 0 } });
  });

  it('is watched for ten minutes', async () => {
    for (const [ms, state] of [
      [WATCHED_MS, 'confirmed'],
      [WATCHED_MS + 1, 'unconfirmed'],
    ] as const) {
      const { late, states, clock } = await cleared('clear');
      clock.advance(ms);
      late.see([reading('b', 0, {})]);
      expect((await states())[1]).toBe(`b/0 ${state}`);
    }
  });

  it('is watched among the hundred newest, and only as long as it isn’t confirmed', () => {
    const events = createEvents<JobEvent>();
    const amended: string[] = [];
    const jobs = { events, amend: (id: string) => void amended.push(id) };
    const late = createLateConfirmations({ jobs, clock: manualClock(0) });
    const ended = (id: string, given: Partial<JobRecord> = {}): void => {
      const outcomes = [{ instance: 'b', worker: 0, state: 'unconfirmed', detail: null }];
      events.emit({ type: 'job', job: { id, kind: 'clear', state: 'done', outcomes, ...given } as JobRecord });
    };
    ended('running', { state: 'running' } as Partial<JobRecord>);
    ended('other', { kind: 'warm' });
    ended('well', { outcomes: [] });
    for (let i = 0; i <= MOST_WATCHED; i++) ended(`${i}`);
    ended('5', { outcomes: [] });
    late.see([]);
    expect(amended).toHaveLength(MOST_WATCHED - 1);
    expect(amended.slice(0, 5)).toEqual(['1', '2', '3', '4', '6']);
  });
});
