import type { GatewaySnapshot, LevelSnapshot } from '../contracts/control.ts';
import type { OverviewTick } from '../contracts/overview.ts';
import { RESULTS } from '../contracts/traffic.ts';
import { requestsIn } from './field.ts';

export const LEVELS = ['l1', 'l2', 'l3'] as const;
type LevelState = OverviewTick['levels'][number];

/** The worse the later: of several workers' states the worst is shown. */
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
  const held = snapshots.flatMap((snapshot) => snapshot.levels);
  const requests = requestsIn(fields);
  return LEVELS.flatMap((level, i) => {
    const parts = held.filter((part) => part.level === level);
    const [first] = parts;
    if (first === undefined) return [];
    const sum = (of: (part: LevelSnapshot) => number): number => parts.reduce((total, part) => total + of(part), 0);
    return {
      level,
      state: parts.reduce((worst, { state }) => (RANK[state] > RANK[worst] ? state : worst), first.state),
      entries: sum(({ entries }) => entries),
      bytes: sum(({ bytes }) => bytes),
      budgetBytes: sum(({ budgetBytes }) => budgetBytes),
      evictionsPerSecond: seconds > 0 ? (evictions[i] as number) / seconds : 0,
      answeredRatio: requests > 0 ? (fields[RESULTS.indexOf(level)] as number) / requests : null,
      kind: first.kind,
      why: parts.find(({ why }) => why !== undefined)?.why ?? null,
      latency: null,
    };
  });
}
