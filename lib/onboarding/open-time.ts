import type { GatewayEvent } from '../contracts/control.ts';
import type { BreakerState } from '../contracts/traffic.ts';
import type { Clock } from '../kernel/clock.ts';

type BreakerEvent = Extract<GatewayEvent, { type: 'breaker' }>;

/** How long breakers cut calls off: while at least one is open. */
export interface OpenTime {
  note(event: Pick<BreakerEvent, 'from' | 'to'>): void;
  ms(): number;
  /** Times that one opened. */
  opened(): number;
  open(): boolean;
  /** Whether every one is closed. */
  closed(): boolean;
}

/** @param now the state of every breaker, one for each worker and target */
export function createOpenTime(clock: Clock, now: readonly BreakerState[]): OpenTime {
  let open = now.filter(isOpen).length;
  let notClosed = now.filter(isNotClosed).length;
  let since = clock.mono();
  let total = 0;
  let opened = 0;

  return {
    note({ from, to }) {
      const at = clock.mono();
      if (open > 0) total += at - since;
      since = at;
      if (isOpen(to) && !isOpen(from)) opened += 1;
      // Never below none: a worker that is started again begins closed without saying so.
      open = Math.max(0, open + Number(isOpen(to)) - Number(isOpen(from)));
      notClosed = Math.max(0, notClosed + Number(isNotClosed(to)) - Number(isNotClosed(from)));
    },
    ms: () => total + (open > 0 ? clock.mono() - since : 0),
    opened: () => opened,
    open: () => open > 0,
    closed: () => notClosed === 0,
  };
}

const isOpen = (state: BreakerState): boolean => state === 'open' || state === 'held-open';
const isNotClosed = (state: BreakerState): boolean => state !== 'closed' && state !== 'held-closed';
