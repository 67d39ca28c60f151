import type { GatewaySnapshot, LevelSnapshot } from '../contracts/control.ts';
import type { OverviewTick } from '../contracts/overview.ts';
import { RESULTS } from '../contracts/traffic.ts';
import { merge, quantile } from '../kernel/sparse-histogram.ts';
import { requestsIn } from './field.ts';
import { heldLevels } from './held-levels.ts';

export const LEVELS = ['l1', 'l2', 'l3'] as const;
type LevelState = OverviewTick['levels'][number];

/** The worse the later: of several workers' states the worst is shown, with its reason. */
const RANK = { ok: 0, off: 1, degraded: 2 } as const;

/**
 * The levels of all workers together.
 *
 * @param evictions by level within `seconds`
 * @param fields the counters of the services looked at, for the share that each level answered
 */
export function levelStates(
  snapshots: readonly GatewaySnapshot[],
  evictions: Float64Array,
  seconds: number,
  fields: Float64Array,
): LevelState[] {
  const all = snapshots.flatMap((snapshot) => snapshot.levels);
  const held = [...heldLevels(snapshots)].map((part) => part.level);
  const requests = requestsIn(fields);
  return LEVELS.flatMap((level, i) => {
    const parts = held.filter((part) => part.level === level);
    const seen = all.filter((part) => part.level === level);
    const [first] = parts;
    if (first === undefined) return [];
    const sum = (of: (part: LevelSnapshot) => number): number => parts.reduce((total, part) => total + of(part), 0);
    const worst = seen.reduce((worse, part) => (RANK[part.state] > RANK[worse.state] ? part : worse), first);
    return {
      level,
      state: worst.state,
      entries: sum(({ entries }) => entries),
      bytes: sum(({ bytes }) => bytes),
      budgetBytes: sum(({ budgetBytes }) => budgetBytes),
      evictionsPerSecond: seconds > 0 ? (evictions[i] as number) / seconds : 0,
      answeredRatio: requests > 0 ? (fields[RESULTS.indexOf(level)] as number) / requests : null,
      kind: first.kind,
      why: worst.why ?? null,
      latency: latencyOf(seen),
    };
  });
}

/** Which level isn't usable now, and why, in plain words. */
export function degradedLevel(snapshots: readonly GatewaySnapshot[]): string | undefined {
  const part = snapshots.flatMap(({ levels }) => levels).find(({ state }) => state === 'degraded');
  return part && `${part.level.toUpperCase()} is degraded${part.why === undefined ? '' : `: ${part.why}`}`;
}

/** Over all who ask it; null when nobody has, or it's in memory. */
function latencyOf(parts: readonly LevelSnapshot[]): LevelState['latency'] {
  const asked = merge(parts.map(({ latency }) => latency));
  const [p50, p99] = [quantile(asked, 0.5), quantile(asked, 0.99)];
  return p50 === null || p99 === null ? null : { p50, p99 };
}
