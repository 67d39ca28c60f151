import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewaySnapshot } from '../../../lib/contracts/control.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { createSampler } from '../../../lib/live/sampler.ts';
import { workerReading } from '../../support/snapshot-readings.ts';

const START = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const reading = workerReading([]);
type Snapshots = (deadlineMs: number) => Promise<readonly GatewaySnapshot[]>;
const after = (ms: number, readings: readonly GatewaySnapshot[]): Snapshots => {
  return () => new Promise((resolve) => setTimeout(() => resolve(readings), ms));
};
const none: Snapshots = () => Promise.resolve([]);

/** A sampler whose calls of the series are noted, with their time since the start. */
function sampled(snapshots: Snapshots, onTick: () => void = () => undefined) {
  const calls: [what: string, at: number][] = [];
  const errors: unknown[] = [];
  const sampler = createSampler({
    snapshots,
    series: {
      add: (snapshots, at) => calls.push([`add ${snapshots.length}`, at - START]),
      gap: (at) => calls.push(['gap', at - START]),
    },
    clock: systemClock,
    onTick,
    logger: { ...silentLogger, error: (_, fields) => errors.push(fields) },
  });
  return { calls, errors, sampler };
}

describe('createSampler', () => {
  it('asks all gateways each second, without drift however long they take', async () => {
    const ticks = vi.fn();
    const { calls } = sampled(after(850, [reading, reading]), ticks);
    await vi.advanceTimersByTimeAsync(3_900);
    expect(calls).toEqual([
      ['add 2', 1_000],
      ['add 2', 2_000],
      ['add 2', 3_000],
    ]);
    expect(ticks).toHaveBeenCalledTimes(3);
  });

  it('leaves them less than its interval to answer', async () => {
    const deadlines: number[] = [];
    sampled((deadlineMs) => {
      deadlines.push(deadlineMs);
      return after(deadlineMs, [reading])(deadlineMs);
    });
    await vi.advanceTimersByTimeAsync(2_950);
    expect(deadlines).toEqual([900, 900]);
  });

  it('notes a gap when none answers', async () => {
    const { calls } = sampled(none);
    await vi.advanceTimersByTimeAsync(2_950);
    expect(calls).toEqual([
      ['gap', 1_000],
      ['gap', 2_000],
    ]);
  });

  it('skips what it missed while the thread was held up, and keeps to its seconds', async () => {
    const { calls } = sampled(none, () => {
      if (calls.length === 1) vi.advanceTimersByTime(2_400);
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls[0]).toEqual(['gap', 1_000]);
    expect(calls[1]).toEqual(['gap', 4_000]);
  });

  it('survives a tick that throws, and says so', async () => {
    const ticks = vi.fn(() => {
      if (ticks.mock.calls.length === 1) throw new Error('no');
    });
    const { calls, errors } = sampled(none, ticks);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toHaveLength(2);
    expect(errors).toEqual([{ error: new Error('no') }]);
  });

  it('adds nothing once it is closed, not even the sample under way', async () => {
    const ticks = vi.fn();
    const { calls, sampler } = sampled(after(500, [reading]), ticks);
    await vi.advanceTimersByTimeAsync(1_100);
    const closed = sampler.close();
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(calls).toEqual([]);
    expect(ticks).not.toHaveBeenCalled();
  });
});
