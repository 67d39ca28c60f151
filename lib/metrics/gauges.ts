import type { GatewaySnapshot, LevelSnapshot } from '../contracts/control.ts';
import { BREAKER_STATES, type BreakerState } from '../contracts/traffic.ts';
import { family, type Family } from './family.ts';

/** What holds now: levels, connections and requests over all workers, the event loop's worst. */
export function gaugeFamilies(snapshots: readonly GatewaySnapshot[]): Family[] {
  const entries = family('gauge', 'pitwall_level_entries', 'Entries held by a cache level.');
  const bytes = family('gauge', 'pitwall_level_bytes', 'Bytes held by a cache level.');
  const budget = family('gauge', 'pitwall_level_budget_bytes', 'Bytes that a cache level may hold.');
  for (const [level, held] of levels(snapshots)) {
    entries.values.push({ labels: { level }, value: held.entries });
    bytes.values.push({ labels: { level }, value: held.bytes });
    budget.values.push({ labels: { level }, value: held.budgetBytes });
  }

  const breaker = family(
    'gauge',
    'pitwall_breaker_state',
    "1 for each state that a target's breaker is in; workers may differ.",
  );
  for (const { service, target, states } of breakers(snapshots)) {
    for (const state of BREAKER_STATES) {
      breaker.values.push({ labels: { service, target, state }, value: states.has(state) ? 1 : 0 });
    }
  }

  const connections = family('gauge', 'pitwall_gateway_connections', 'Open client connections.');
  const inFlight = family('gauge', 'pitwall_gateway_in_flight', 'Requests being answered.');
  const delay = family(
    'summary',
    'pitwall_event_loop_delay_seconds',
    "The gateway's event loop delay; of several workers the worst.",
  );
  if (snapshots.length > 0) {
    connections.values.push({ labels: {}, value: snapshots.reduce((sum, { connections }) => sum + connections, 0) });
    inFlight.values.push({ labels: {}, value: snapshots.reduce((sum, { inFlight }) => sum + inFlight, 0) });
    const worst = (of: 'p50' | 'p99' | 'max'): number =>
      Math.max(...snapshots.map(({ eventLoop }) => eventLoop[of])) / 1_000;
    delay.values.push({ labels: { quantile: '0.5' }, value: worst('p50') });
    delay.values.push({ labels: { quantile: '0.99' }, value: worst('p99') });
    delay.values.push({ labels: { quantile: '1' }, value: worst('max') });
  }
  return [entries, bytes, budget, breaker, connections, inFlight, delay];
}

/** Memory is summed over workers; L3 is one thing that they share, each with its own reading of it. */
function levels(
  snapshots: readonly GatewaySnapshot[],
): Map<string, Pick<LevelSnapshot, 'entries' | 'bytes' | 'budgetBytes'>> {
  const held = new Map<string, { entries: number; bytes: number; budgetBytes: number }>();
  for (const { level, kind, entries, bytes, budgetBytes } of snapshots.flatMap((snapshot) => snapshot.levels)) {
    const before = held.get(level) ?? { entries: 0, bytes: 0, budgetBytes: 0 };
    const together = (one: number, other: number): number => (kind === 'memory' ? one + other : Math.max(one, other));
    held.set(level, {
      entries: together(before.entries, entries),
      bytes: together(before.bytes, bytes),
      budgetBytes: together(before.budgetBytes, budgetBytes),
    });
  }
  return held;
}

interface Breaker {
  readonly service: string;
  readonly target: string;
  readonly states: Set<BreakerState>;
}

function breakers(snapshots: readonly GatewaySnapshot[]): Iterable<Breaker> {
  const found = new Map<string, Breaker>();
  for (const { service, targets } of snapshots.flatMap((snapshot) => snapshot.services)) {
    for (const { url, breaker } of targets) {
      const key = JSON.stringify([service, url]);
      const known = found.get(key) ?? { service, target: url, states: new Set<BreakerState>() };
      known.states.add(breaker);
      found.set(key, known);
    }
  }
  return found.values();
}
