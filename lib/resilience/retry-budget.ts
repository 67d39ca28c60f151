import type { Clock } from '../kernel/clock.ts';

/** Keeps retries a small share of the traffic, so that they can't become the load that keeps an origin down. */
export interface RetryBudget {
  /** One first attempt was made. */
  deposit(): void;
  /** Takes one retry; false = don't retry. */
  withdraw(): boolean;
}

export interface RetryBudgetOptions {
  /** Retries earned per first attempt. */
  readonly ratio?: number;
  /** Most retries saved up; also what a budget starts with. */
  readonly burst?: number;
  readonly clock: Clock;
}

/** Time in which an empty budget fills up without traffic, ms: a quiet service may retry too. */
const REFILL_MS = 60_000;
/** Ten deposits of 0.1 make one retry, whatever the rounding. */
const EPSILON = 1e-9;

/** Over any time t: retries ≤ burst + ratio × first attempts + burst × t / 60 s. */
export function createRetryBudget({ ratio = 0.1, burst = 10, clock }: RetryBudgetOptions): RetryBudget {
  let balance = burst;
  let countedAt = clock.mono();

  return {
    deposit() {
      balance = Math.min(burst, balance + ratio);
    },
    withdraw() {
      const now = clock.mono();
      balance = Math.min(burst, balance + ((now - countedAt) * burst) / REFILL_MS);
      countedAt = now;
      if (balance + EPSILON < 1) return false;
      balance = Math.max(0, balance - 1);
      return true;
    },
  };
}
