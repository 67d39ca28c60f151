import type { GatewayControl, GatewaySnapshot } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import { silentLogger, type Logger } from '../kernel/logger.ts';
import type { Series } from './series.ts';

export interface SamplerOptions {
  /** The gateways that run now; a worker that is being restarted is left out. */
  controls(): readonly GatewayControl[];
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
  const { controls, series, clock, intervalMs = 1_000, onTick, logger = silentLogger } = options;
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
    const answers = await Promise.all(controls().map((control) => ask(control, intervalMs * DEADLINE_SHARE)));
    if (closed) return;
    const snapshots = answers.filter((answer) => answer !== undefined);
    if (snapshots.length > 0) series.add(snapshots, at);
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

/** The snapshot, or undefined after `deadlineMs` or on any failure. */
async function ask(control: GatewayControl, deadlineMs: number): Promise<GatewaySnapshot | undefined> {
  let late: NodeJS.Timeout | undefined;
  try {
    const deadline = new Promise<undefined>((resolve) => {
      late = setTimeout(() => resolve(undefined), deadlineMs);
    });
    return await Promise.race([control.snapshot(), deadline]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(late);
  }
}
