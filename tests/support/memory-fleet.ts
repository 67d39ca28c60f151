import type { Fleet, Landing, Turn } from '../../lib/dedup/fleet.ts';

/** A fleet within this thread: members take turns by a map. The real one is lib/dedup/redis-fleet. */
export interface MemoryFleet {
  member(): Fleet;
  /** Whoever leads is dead: its lease is free, and it says nothing more. */
  killLeaders(): void;
}

interface Lease {
  readonly waiting: Set<(turn: Turn) => void>;
  dead: boolean;
}

export function memoryFleet(): MemoryFleet {
  const leases = new Map<string, Lease>();
  let fence = 0;

  function lead(key: string, waited: boolean): Turn {
    const lease: Lease = { waiting: new Set(), dead: false };
    leases.set(key, lease);
    return {
      kind: 'lead',
      fence: ++fence,
      waited,
      land(landing: Landing) {
        if (leases.get(key) !== lease || lease.dead) return;
        leases.delete(key);
        for (const tell of lease.waiting) tell({ kind: 'landed', landing });
      },
    };
  }

  return {
    member: () => ({
      async enter(key, signal) {
        const held = leases.get(key);
        if (held === undefined) return lead(key, false);
        return new Promise((resolve) => {
          held.waiting.add(resolve);
          signal.addEventListener('abort', () => {
            if (held.waiting.delete(resolve)) resolve({ kind: 'alone' });
          });
        });
      },
    }),
    killLeaders() {
      for (const [key, lease] of [...leases]) {
        lease.dead = true;
        leases.delete(key);
        const [next, ...others] = lease.waiting;
        if (next === undefined) continue;
        next(lead(key, true));
        for (const other of others) leases.get(key)?.waiting.add(other);
      }
    },
  };
}
