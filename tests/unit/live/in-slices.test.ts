import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { inSlices } from '../../../lib/live/in-slices.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('inSlices', () => {
  it('does at once what fits into one turn', () => {
    const done: number[] = [];
    const stop = inSlices([1, 2, 3], manualClock(0), (item) => done.push(item));
    expect(done).toEqual([1, 2, 3]);
    expect(stop()).toEqual([]);
  });

  it('lets others run as soon as a turn has taken 3 ms', async () => {
    const clock = manualClock(0);
    const done: number[] = [];
    inSlices([1, 2, 3, 4, 5], clock, (item) => {
      done.push(item);
      clock.advance(1.5);
    });
    expect(done).toEqual([1, 2]);
    await turn();
    expect(done).toEqual([1, 2, 3, 4]);
    await turn();
    expect(done).toEqual([1, 2, 3, 4, 5]);
  });

  it('stops, and gives back what is left', async () => {
    const clock = manualClock(0);
    const done: number[] = [];
    const stop = inSlices([1, 2, 3], clock, (item) => {
      done.push(item);
      clock.advance(5);
    });
    expect(stop()).toEqual([2, 3]);
    await turn();
    expect(done).toEqual([1]);
  });
});
