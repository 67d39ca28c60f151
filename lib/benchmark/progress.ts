import type { Clock } from '../kernel/clock.ts';
import { formatCount, formatDuration } from './text-table.ts';

const BAR = 24;
const TTY_EVERY_MS = 100;
const PLAIN_EVERY_MS = 5_000;

/** Where progress is shown; process.stderr is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** Shows where it stands, if it's time. @param done share of the log, 0..1 */
  show(done: number, requests: number): void;
  /** Clears the bar. */
  end(): void;
}

/** A bar on a terminal, a plain line every 5 s elsewhere. */
export function createProgress({ stream, clock }: { stream: ProgressStream; clock: Clock }): Progress {
  const tty = stream.isTTY === true;
  const every = tty ? TTY_EVERY_MS : PLAIN_EVERY_MS;
  const startedAt = clock.mono();
  let shownAt = startedAt;
  let shown = false;

  return {
    show(done, requests) {
      const now = clock.mono();
      if (now - shownAt < every) return;
      shownAt = now;
      shown = true;
      const elapsed = now - startedAt;
      const share = Math.min(Math.max(done, 0), 1);
      const rate = `${formatCount(requests)} requests, ${formatCount((requests * 1_000) / elapsed)}/s`;
      const left = share > 0 && share < 1 ? `, ${formatDuration((elapsed / share) * (1 - share))} left` : '';
      const percent = `${Math.floor(share * 100)} %`;
      if (!tty) {
        stream.write(`${percent}: ${rate}${left}\n`);
        return;
      }
      const full = Math.round(share * BAR);
      stream.write(`\r\u001b[K[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${percent} ${rate}${left}`);
    },
    end() {
      if (tty && shown) stream.write('\r\u001b[K');
    },
  };
}
