import type { GatewaySnapshot } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import { silentLogger, type Logger } from '../kernel/logger.ts';
import type { Series } from './series.ts';

export interface SamplerOptions {
  /** The readings of the workers that answer within `deadlineMs`. */
  snapshots(deadlineMs: number): Promise<readonly GatewaySnapshot[]>;
  readonly series: Pick<Series, 'add' | 'gap'>;
  readonly clock: Clock;
  readonly intervalMs?: number;
  /** Called after each sample. */
  onTick(): void;
  /** Told of a sample that failed; the next one is taken all the same. */
  readonly logger?: Logger;
}

export interface Sampler {
  /** Ends when the sample under way is over. */
  close(): Promise<void>;
}

/** Share of the interval within which a gateway has to answer. */
const DEADLINE_SHARE = 0.9;

/**
 * Asks every gateway for its counters once per interval, as the wall clock comes to a whole one: so that a sample is
 * what its time says, and consoles agree.
 */
export function createSampler(options: SamplerOptions): Sampler {
  const { snapshots, series, clock, intervalMs = 1_000, onTick, logger = silentLogger } = options;
  /** The interval, counted since the epoch, at whose end the next sample is due. */
  let due = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let sampling: Promise<void> = Promise.resolve();

  function schedule(): void {
    // After a stall the intervals that were missed are skipped; the series sees them as gaps.
    const next = Math.floor(clock.wall() / intervalMs) + 1;
    // A timer may fire a little early: then that end is still to come, and has been sampled.
    due = next === due ? next + 1 : next;
    timer = setTimeout(run, due * intervalMs - clock.wall()).unref();
  }

  function run(): void {
    sampling = sample()
      .catch((error: unknown) => logger.error('A sample of the live series failed.', { error }))
      .finally(() => {
        if (!closed) schedule();
      });
  }

  async function sample(): Promise<void> {
    const at = clock.wall();
    const answered = await snapshots(intervalMs * DEADLINE_SHARE);
    if (closed) return;
    if (answered.length > 0) series.add(answered, at);
    else series.gap(at);
    onTick();
  }

  schedule();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await sampling;
    },
  };
}
