import type { Level } from '../../lib/cache/level.ts';
import { createMemoryLevel } from '../../lib/cache/stores/memory-level.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import type { Persistent } from '../../lib/gateway/third-level.ts';

/** A third level that outlives gateways and misbehaves on demand. The real ones are in tests/integration. */
export interface SharedLevel extends Persistent {
  /** Keys read so far. */
  readonly reads: readonly string[];
  /** From now on reads wait until the returned function is called. */
  hold(): () => void;
  /** From now on every call rejects. */
  breakDown(): void;
}

export function sharedLevel({ shared = false } = {}): SharedLevel {
  const memory = createMemoryLevel({ budgetBytes: 64 * 1_048_576, clock: manualClock() });
  const reads: string[] = [];
  let held: Promise<void> = Promise.resolve();
  let broken = false;
  const turn = async (): Promise<void> => {
    await held;
    if (broken) throw new Error('the third level is broken');
  };
  const level: Level = {
    async read(key) {
      reads.push(key);
      await turn();
      // As a level does that writes down and reads again: never the same object twice.
      return memory.read(key)?.map((entry) => ({ ...entry, tested: entry.clearNumber, residentUntil: Infinity }));
    },
    async write(entry) {
      await turn();
      return memory.write({ ...entry });
    },
    async remove(what) {
      await turn();
      if ('url' in what) return memory.remove(what);
      const stored = memory.read(what.key)?.find(({ storedAt }) => storedAt === what.storedAt);
      return stored !== undefined && memory.remove(stored);
    },
    stats: () => memory.stats(),
  };
  return {
    kind: 'disk',
    shared,
    level,
    reads,
    health: () => ({ state: broken ? 'degraded' : 'ok', why: broken ? 'It is broken.' : undefined, dropped: 0 }),
    hold() {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    breakDown() {
      broken = true;
    },
  };
}
