import type { GatewayEvent, GatewaySnapshot } from '../contracts/control.ts';
import type { Outage } from '../contracts/sample.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { After } from '../kernel/timer.ts';
import { createServiceMeter, type ServiceMeter } from './count-service.ts';
import { createOpenTime, type OpenTime } from './open-time.ts';

/** Longest that breakers are waited for once the origin answers again, ms. */
export const RECOVERY_MS = 30_000;

/** Breaks the sample origin for a while and measures what clients get meanwhile. */
export interface Outages {
  /** Rejects with `conflict` while one is under way. */
  start(seconds: number): Promise<void>;
  /** The origin answers again; does nothing where it does already. */
  stop(): void;
  /** The last one, as it is now. */
  state(): Promise<Outage | null>;
  /** Heals at once, and forgets. */
  forget(): void;
}

export interface OutagePorts {
  readonly service: string;
  snapshots(): Promise<readonly GatewaySnapshot[]>;
  onBreaker(listener: (event: GatewayEvent) => void): () => void;
  fail(seconds: number): void;
  heal(): void;
}

interface Running {
  readonly seconds: number;
  readonly startedAt: number;
  endsAt: number;
  phase: Outage['phase'];
  stoppedEarly: boolean;
  readonly meter: ServiceMeter;
  readonly openTime: OpenTime;
  /** Ends the timer and the subscription of its phase. */
  cancel(): void;
  unsubscribe(): void;
  /** Set when it's over. */
  last: Outage | undefined;
}

export function createOutages(ports: OutagePorts, { clock, after }: { clock: Clock; after: After }): Outages {
  let current: Running | undefined;
  let starting = false;
  /** Counts what forgot all: who begins meanwhile must not go on. */
  let forgotten = 0;

  async function describe(outage: Running): Promise<Outage> {
    if (outage.last !== undefined) return outage.last;
    const counts = outage.meter.read(await ports.snapshots());
    const { phase, seconds, startedAt, endsAt, stoppedEarly, openTime } = outage;
    return {
      phase,
      seconds,
      startedAt,
      endsAt,
      stoppedEarly,
      ...counts,
      breaker: { openMs: openTime.ms(), open: openTime.open(), opened: openTime.opened() },
    };
  }

  /** From failing to recovering. */
  function mend(outage: Running): void {
    if (outage.phase !== 'failing') return;
    outage.cancel();
    ports.heal();
    outage.phase = 'recovering';
    outage.endsAt = clock.wall();
    if (outage.openTime.closed()) void finish(outage);
    else outage.cancel = after(RECOVERY_MS, () => void finish(outage));
  }

  async function finish(outage: Running): Promise<void> {
    if (outage.phase === 'over') return;
    outage.cancel();
    outage.unsubscribe();
    outage.phase = 'over';
    outage.last = await describe(outage);
  }

  return {
    async start(seconds) {
      if (starting || (current !== undefined && current.phase === 'failing')) {
        throw new PitwallError('conflict', 'The sample origin is broken already.');
      }
      starting = true;
      const known = forgotten;
      try {
        const snapshots = await ports.snapshots();
        if (forgotten !== known) throw new PitwallError('conflict', 'The sample was taken away meanwhile.');
        current?.cancel();
        current?.unsubscribe();
        const breakers = snapshots.flatMap(({ services }) =>
          services.filter(({ service }) => service === ports.service).flatMap(({ targets }) => targets),
        );
        const openTime = createOpenTime(
          clock,
          breakers.map(({ breaker }) => breaker),
        );
        const startedAt = clock.wall();
        const outage: Running = {
          seconds,
          startedAt,
          endsAt: startedAt + seconds * 1_000,
          phase: 'failing',
          stoppedEarly: false,
          meter: createServiceMeter(snapshots, ports.service, startedAt),
          openTime,
          cancel: after(seconds * 1_000, () => mend(outage)),
          unsubscribe: ports.onBreaker((event) => {
            if (event.type !== 'breaker' || event.service !== ports.service) return;
            openTime.note(event);
            if (outage.phase === 'recovering' && openTime.closed()) void finish(outage);
          }),
          last: undefined,
        };
        current = outage;
        ports.fail(seconds);
      } finally {
        starting = false;
      }
    },
    stop() {
      if (current?.phase !== 'failing') return;
      current.stoppedEarly = true;
      mend(current);
    },
    state: async () => (current === undefined ? null : describe(current)),
    forget() {
      forgotten++;
      if (current === undefined) return;
      current.cancel();
      current.unsubscribe();
      if (current.phase === 'failing') ports.heal();
      current = undefined;
    },
  };
}
