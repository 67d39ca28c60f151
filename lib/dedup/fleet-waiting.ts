import type { Landing, Turn } from './fleet.ts';

/** Somebody who wants to know whose turn it is. */
export interface Waiter {
  readonly lease: string;
  /** A look at the lease is under way. */
  looking: boolean;
  /** Of the next look. */
  timer: NodeJS.Timeout | undefined;
}

/** Who waits for which lease; each is told once. */
export interface Waiting {
  readonly size: number;
  /** @param signal when it's aborted, the turn is `alone` */
  enter(lease: string, signal: AbortSignal): { readonly waiter: Waiter; readonly turn: Promise<Turn> };
  has(waiter: Waiter): boolean;
  all(): readonly Waiter[];
  /** A lease that somebody waits for, another one each time; undefined when nobody waits. */
  next(): string | undefined;
  /** False: it doesn't wait any more. */
  end(waiter: Waiter, turn: Turn): boolean;
  endAll(turn: Turn): void;
  land(lease: string, landing: Landing): void;
}

const ALONE: Turn = { kind: 'alone' };

export function createWaiting(): Waiting {
  const byLease = new Map<string, Map<Waiter, (turn: Turn) => void>>();
  let size = 0;

  function end(waiter: Waiter, turn: Turn): boolean {
    const waiters = byLease.get(waiter.lease);
    const tell = waiters?.get(waiter);
    if (waiters === undefined || tell === undefined) return false;
    waiters.delete(waiter);
    if (waiters.size === 0) byLease.delete(waiter.lease);
    size--;
    clearTimeout(waiter.timer);
    tell(turn);
    return true;
  }

  const all = (): readonly Waiter[] => [...byLease.values()].flatMap((waiters) => [...waiters.keys()]);

  return {
    get size() {
      return size;
    },
    enter(lease, signal) {
      const waiter: Waiter = { lease, looking: false, timer: undefined };
      const turn = new Promise<Turn>((resolve) => {
        const left = (): boolean => end(waiter, ALONE);
        const waiters = byLease.get(lease) ?? new Map<Waiter, (turn: Turn) => void>();
        byLease.set(lease, waiters);
        waiters.set(waiter, (value) => {
          signal.removeEventListener('abort', left);
          resolve(value);
        });
        size++;
        signal.addEventListener('abort', left);
        if (signal.aborted) left();
      });
      return { waiter, turn };
    },
    has: (waiter) => byLease.get(waiter.lease)?.has(waiter) === true,
    all,
    next() {
      const [first] = byLease;
      if (first === undefined) return undefined;
      const [lease, waiters] = first;
      byLease.delete(lease);
      byLease.set(lease, waiters);
      return lease;
    },
    end,
    endAll(turn) {
      for (const waiter of all()) end(waiter, turn);
    },
    land(lease, landing) {
      for (const waiter of [...(byLease.get(lease)?.keys() ?? [])]) end(waiter, { kind: 'landed', landing });
    },
  };
}
