import { describe, expect, it } from 'vitest';
import { createRoster, type ExpectedInstance } from '../../../lib/live/roster.ts';
import { workerReading } from '../../support/snapshot-readings.ts';

const FLEET: ExpectedInstance[] = ['edge-a', 'edge-b', 'edge-c'].map((instance) => ({ instance, workers: 2 }));

/** Who is missing of `expected` once `answering` ("instance/worker") alone have answered for three seconds. */
function missing(expected: readonly ExpectedInstance[], ...answering: string[]): string | undefined {
  const roster = createRoster();
  const snapshots = answering.map((name) => {
    const [instance = '', worker] = name.split('/');
    return workerReading([], { instance, worker: Number(worker) });
  });
  for (const mono of [0, 1_000, 2_000, 3_000]) roster.update(expected, snapshots, mono);
  return roster.missing();
}

describe('the roster', () => {
  it('misses nobody who answers, nor anybody for two seconds', () => {
    const roster = createRoster();
    const one = workerReading([], { instance: 'one' });
    roster.update([{ instance: 'one', workers: 1 }], [one], 0);
    roster.update([{ instance: 'one', workers: 1 }], [], 2_000);
    expect(roster.missing()).toBeUndefined();
    roster.update([{ instance: 'one', workers: 1 }], [], 2_001);
    expect(roster.missing()).toBe("1 of 1 workers doesn't answer: worker 0");
    roster.update([{ instance: 'one', workers: 1 }], [one], 3_000);
    expect(roster.missing()).toBeUndefined();
  });

  it('waits as long for a first answer, and from anew for who comes back onto the list', () => {
    const roster = createRoster();
    const late: ExpectedInstance[] = [{ instance: 'late', workers: 1 }];
    roster.update([], [], 0);
    roster.update(late, [], 10_000);
    roster.update(late, [], 12_000);
    expect(roster.missing()).toBeUndefined();
    roster.update(late, [], 12_001);
    expect(roster.missing()).toMatch(/worker 0$/);
    roster.update([], [], 13_000);
    expect([roster.missing(), roster.expects('late/0')]).toEqual([undefined, false]);
    roster.update(late, [], 14_000);
    expect([roster.missing(), roster.expects('late/0')]).toEqual([undefined, true]);
  });

  it('counts whole instances where none is missing in part', () => {
    expect(missing(FLEET, 'edge-a/0', 'edge-a/1', 'edge-c/0', 'edge-c/1')).toBe(
      "1 of 3 instances doesn't answer: edge-b",
    );
    expect(missing(FLEET, 'edge-a/0', 'edge-a/1')).toBe("2 of 3 instances don't answer: edge-b, edge-c");
  });

  it('counts workers else', () => {
    const most = ['edge-a/0', 'edge-a/1', 'edge-b/0'];
    expect(missing(FLEET, ...most, 'edge-c/0', 'edge-c/1')).toBe("1 of 6 workers doesn't answer: edge-b worker 1");
    expect(missing(FLEET, ...most)).toBe(
      "3 of 6 workers don't answer: edge-b worker 1, edge-c worker 0, edge-c worker 1",
    );
    expect(missing([{ instance: 'me', workers: 3 }], 'me/0', 'me/2')).toBe("1 of 3 workers doesn't answer: worker 1");
  });

  it('names three, and waits for at most a thousand', () => {
    const many = Array.from({ length: 5 }, (_, i) => ({ instance: `e${i}`, workers: 1 }));
    expect(missing(many, 'e4/0')).toBe("4 of 5 instances don't answer: e0, e1, e2 and 1 more");
    const huge = Array.from({ length: 10 }, (_, i) => ({ instance: `e${i}`, workers: 256 }));
    expect(missing(huge)).toBe("4 of 4 instances don't answer: e0, e1, e2 and 1 more");
  });
});
