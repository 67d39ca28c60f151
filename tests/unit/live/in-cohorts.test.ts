import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { COHORT, COHORT_MS, inCohorts } from '../../../lib/live/in-cohorts.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Timers that are run by hand. */
function scene() {
  const clock = manualClock(0);
  const waiting: { at: number; run: () => void }[] = [];
  return {
    clock,
    waiting,
    timing: {
      clock,
      after(ms: number, run: () => void) {
        const timer = { at: clock.mono() + ms, run };
        waiting.push(timer);
        return () => void waiting.splice(waiting.indexOf(timer), 1);
      },
    },
    /** Goes to the moment of the next timer. */
    next() {
      const timer = waiting.shift();
      if (timer === undefined) throw new Error('nothing waits');
      clock.advance(timer.at - clock.mono());
      timer.run();
    },
  };
}

describe('inCohorts', () => {
  it('does a single cohort at once', () => {
    const { timing, waiting } = scene();
    const done: number[] = [];
    const stop = inCohorts(numbers(COHORT), timing, (item) => done.push(item));
    expect(done).toEqual(numbers(COHORT));
    expect(waiting).toEqual([]);
    expect(stop()).toEqual([]);
  });

  it('does each cohort at a moment of its own, every item once and in order', () => {
    const { timing, clock, next } = scene();
    const done: [item: number, at: number][] = [];
    inCohorts(numbers(2 * COHORT + 1), timing, (item) => done.push([item, clock.mono()]));
    expect(done).toHaveLength(COHORT);
    next();
    next();
    expect(done).toEqual(numbers(2 * COHORT + 1).map((item) => [item, Math.floor(item / COHORT) * COHORT_MS]));
  });

  it('lets others run as soon as a turn has taken 3 ms', async () => {
    const { timing, clock } = scene();
    const done: number[] = [];
    inCohorts([1, 2, 3, 4, 5], timing, (item) => {
      done.push(item);
      clock.advance(1.5);
    });
    expect(done).toEqual([1, 2]);
    await turn();
    expect(done).toEqual([1, 2, 3, 4]);
    await turn();
    expect(done).toEqual([1, 2, 3, 4, 5]);
  });

  it('has the next cohort follow at once where one takes longer than its time', async () => {
    const { timing, clock, waiting, next } = scene();
    let done = 0;
    inCohorts(numbers(COHORT + 1), timing, () => {
      done++;
      clock.advance(1);
    });
    while (done < COHORT) await turn();
    expect(waiting).toMatchObject([{ at: clock.mono() }]);
    next();
    expect(done).toBe(COHORT + 1);
  });

  it('stops between cohorts and between turns, and gives back what is left', async () => {
    const { timing, clock, waiting } = scene();
    const stopLater = inCohorts(numbers(COHORT + 2), timing, () => undefined);
    expect(stopLater()).toEqual([COHORT, COHORT + 1]);
    expect(waiting).toEqual([]);
    const done: number[] = [];
    const stop = inCohorts([1, 2, 3], timing, (item) => {
      done.push(item);
      clock.advance(5);
    });
    expect(stop()).toEqual([2, 3]);
    await turn();
    expect(done).toEqual([1]);
  });
});
