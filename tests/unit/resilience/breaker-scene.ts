import { manualClock, type ManualClock } from '../../../lib/kernel/clock.ts';
import {
  createBreaker,
  type Breaker,
  type BreakerCall,
  type BreakerChange,
  type BreakerLimits,
} from '../../../lib/resilience/breaker.ts';

export const LIMITS: BreakerLimits = {
  failures: 3,
  ratio: 0.5,
  minimumCalls: 10,
  window: 1_000,
  openFor: 100,
  maxOpenFor: 1_000,
  probes: 2,
};

export interface Scene {
  readonly clock: ManualClock;
  readonly breaker: Breaker;
  readonly changes: BreakerChange[];
  call(): BreakerCall;
}

/** The jitter is nil unless `random` says otherwise. */
export function scene(limits: Partial<BreakerLimits> = {}, random = (): number => 0.5): Scene {
  const clock = manualClock();
  const changes: BreakerChange[] = [];
  const onChange = (change: BreakerChange): void => void changes.push(change);
  const breaker = createBreaker({ ...LIMITS, ...limits }, { clock, random, onChange });
  const call = (): BreakerCall => {
    const admitted = breaker.admit();
    if (admitted === undefined) throw new Error('refused');
    return admitted;
  };
  return { clock, breaker, changes, call };
}

export function trip({ call }: Scene, times = LIMITS.failures): void {
  for (let i = 0; i < times; i++) call().fail('timeout');
}
