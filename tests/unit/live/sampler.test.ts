import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayControl, GatewaySnapshot } from '../../../lib/contracts/control.ts';
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

function control(snapshot: () => Promise<GatewaySnapshot>): GatewayControl {
  return { snapshot, command: () => Promise.resolve(), subscribe: () => () => undefined };
}

const reading = workerReading([]);
const after = (ms: number): (() => Promise<GatewaySnapshot>) => {
  return () => new Promise((resolve) => setTimeout(() => resolve(reading), ms));
};

/** A sampler whose calls of the series are noted, with their time since the start. */
function sampled(controls: readonly GatewayControl[], onTick: () => void = () => undefined) {
  const calls: [what: string, at: number][] = [];
  const errors: unknown[] = [];
  const sampler = createSampler({
    controls: () => controls,
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
    const { calls } = sampled([control(after(300)), control(after(850))], ticks);
    await vi.advanceTimersByTimeAsync(3_900);
    expect(calls).toEqual([
      ['add 2', 1_000],
      ['add 2', 2_000],
      ['add 2', 3_000],
    ]);
    expect(ticks).toHaveBeenCalledTimes(3);
  });

  it('goes on without those that are late or fail', async () => {
    const failing = control(() => Promise.reject(new Error('gone')));
    const throwing = control(() => {
      throw new Error('closed port');
    });
    const { calls } = sampled([control(after(1)), control(after(950)), failing, throwing]);
    await vi.advanceTimersByTimeAsync(1_950);
    expect(calls).toEqual([['add 1', 1_000]]);
  });

  it('notes a gap when none answers or none runs', async () => {
    const silent = sampled([control(after(5_000))]);
    const none = sampled([]);
    await vi.advanceTimersByTimeAsync(2_950);
    const gaps = [
      ['gap', 1_000],
      ['gap', 2_000],
    ];
    expect(silent.calls).toEqual(gaps);
    expect(none.calls).toEqual(gaps);
  });

  it('skips what it missed while the thread was held up, and keeps to its seconds', async () => {
    const { calls } = sampled([], () => {
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
    const { calls, errors } = sampled([], ticks);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toHaveLength(2);
    expect(errors).toEqual([{ error: new Error('no') }]);
  });

  it('adds nothing once it is closed, not even the sample under way', async () => {
    const ticks = vi.fn();
    const { calls, sampler } = sampled([control(after(500))], ticks);
    await vi.advanceTimersByTimeAsync(1_100);
    const closed = sampler.close();
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(calls).toEqual([]);
    expect(ticks).not.toHaveBeenCalled();
  });
});
