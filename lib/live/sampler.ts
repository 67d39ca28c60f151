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

/** Asks every gateway for its counters once per interval; without drift: the next sample is due by the clock, not after the last. */
export function createSampler(options: SamplerOptions): Sampler {
  const { snapshots, series, clock, intervalMs = 1_000, onTick, logger = silentLogger } = options;
  const first = clock.mono();
  let due = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let sampling: Promise<void> = Promise.resolve();

  function schedule(): void {
    // After a stall the intervals that were missed are skipped; the series sees them as gaps.
    due = Math.max(due + 1, Math.ceil((clock.mono() - first) / intervalMs));
    timer = setTimeout(run, Math.max(0, first + due * intervalMs - clock.mono())).unref();
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
