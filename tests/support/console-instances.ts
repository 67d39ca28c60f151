import type { InstanceState, Overview } from '../../lib/contracts/overview.ts';

type Trouble = 'none' | 'missing' | 'l3-degraded';

const REDIS_AWAY = "Redis isn't asked for a moment: 3 failures in a row, last: no answer within 50 ms.";

/** The third level of a fleet on Redis, well or not. */
export function thirdLevel(degraded: boolean): Overview['levels'][number] {
  return {
    level: 'l3',
    state: degraded ? 'degraded' : 'ok',
    entries: degraded ? 0 : 128_400,
    bytes: degraded ? 0 : 1_610_000_000,
    budgetBytes: 4_294_967_296,
    evictionsPerSecond: degraded ? 0 : 0.4,
    answeredRatio: degraded ? 0 : 0.071,
    kind: 'redis',
    why: degraded ? REDIS_AWAY : null,
    latency: { p50: 0.31, p99: degraded ? 148 : 1.84 },
  };
}

/** So many gateway workers of a fleet, two to an instance, in no particular order; the first instance is the local one. */
export function fleetOf(workers: number, trouble: Trouble, at: number): InstanceState[] {
  const states = Array.from({ length: workers }, (_, i): InstanceState => {
    const missing = trouble === 'missing' && i === 3;
    const late = trouble === 'l3-degraded' || (trouble === 'missing' && i === 4);
    const { entries, bytes, budgetBytes, state, why } = thirdLevel(trouble === 'l3-degraded');
    return {
      instance: `edge-${Math.floor(i / 2) + 1}`,
      worker: i % 2,
      state: missing ? 'missing' : 'ok',
      local: i < 2,
      url: `http://10.0.3.${Math.floor(i / 2) + 1}:8080`,
      at: missing ? at - 41_000 : at,
      startedAt: at - 11_520_000 - i * 67_000,
      requestsPerSecond: 7.9 + 0.6 * i,
      originCallsPerSecond: 0.52 + 0.04 * (i % 5),
      hitRatio: 0.91 + 0.01 * (i % 7),
      connections: 11 + i,
      eventLoopP99Ms: 1.2 + 0.11 * (i % 9),
      utilisation: 0.08 + 0.013 * (i % 6),
      heapBytes: 61_300_000 + 1_730_000 * (i % 8),
      levels: [{ level: 'l3', state, kind: 'redis', why, entries, bytes, budgetBytes }],
      clears: { number: late ? 1_204 : 1_207, state: late ? 'unconfirmed' : 'confirmed', ageMs: late ? 12_300 : 0 },
    };
  });
  return states.reverse();
}
