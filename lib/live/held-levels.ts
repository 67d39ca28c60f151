import type { GatewaySnapshot, LevelSnapshot } from '../contracts/control.ts';

/**
 * The levels to add up: each thing once. L3 on disk is one per instance and L3 in Redis one per fleet, so of those who
 * share it the first speaks for all.
 */
export function* heldLevels(
  snapshots: readonly GatewaySnapshot[],
): Iterable<{ readonly snapshot: GatewaySnapshot; readonly level: LevelSnapshot }> {
  const told = new Set<string>();
  for (const snapshot of snapshots) {
    for (const level of snapshot.levels) {
      if (level.kind !== 'memory') {
        const thing = level.kind === 'disk' ? `disk of ${snapshot.instance}` : 'redis';
        if (told.has(thing)) continue;
        told.add(thing);
      }
      yield { snapshot, level };
    }
  }
}
