import type { BurstAnswer, Outage } from '../../lib/contracts/sample.ts';

const OVER = { requests: 1_041, hits: 402, stale: 612, failed: 9, originCalls: 18 };

/** The sample of the fixture: an outage whose numbers grow until somebody stops it. */
export interface FixtureSample {
  burst(requests: number): BurstAnswer;
  fail(seconds: number, now: number): Outage;
  heal(now: number): Outage | null;
  outage(now: number): Outage | null;
}

export function createFixtureSample(): FixtureSample {
  let begun: { readonly seconds: number; readonly at: number; stopped: number | undefined } | undefined;

  function outage(now: number): Outage | null {
    if (begun === undefined) return null;
    const { seconds, at, stopped } = begun;
    const endsAt = stopped ?? at + seconds * 1_000;
    const share = Math.min(1, (Math.min(now, endsAt) - at) / (seconds * 1_000));
    const over = now >= endsAt;
    const part = (count: number) => Math.round(count * share);
    return {
      phase: over ? 'over' : 'failing',
      seconds,
      startedAt: at,
      endsAt,
      stoppedEarly: stopped !== undefined,
      requests: part(OVER.requests),
      hits: part(OVER.hits),
      stale: part(OVER.stale),
      failed: part(OVER.failed),
      originCalls: part(OVER.originCalls),
      breaker: { openMs: 14_000 * share, open: !over, opened: 3 },
    };
  }

  return {
    burst: (requests) => ({
      path: '/api/chats/burst-5f0c21aa/history',
      requests,
      answered: requests,
      failed: 0,
      coalesced: 499,
      stored: requests - 500,
      originCalls: 1,
      connections: 500,
      ms: 641.2,
    }),
    fail(seconds, now) {
      begun = { seconds, at: now, stopped: undefined };
      return outage(now) as Outage;
    },
    heal(now) {
      if (begun !== undefined) begun.stopped = now;
      return outage(now);
    },
    outage,
  };
}
