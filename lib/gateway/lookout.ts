import type { ClearLog } from '../cache/clear-log.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';

export interface LookoutDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly clearLog: ClearLog;
}

/** Least time between two words about folded clears, ms: a log that is full folds with every clear. */
export const FOLDED_SAID_MS = 60_000;

/** Says what changed since it was last called; what was folded before it was created isn't news. */
export function createLookout({ clock, logger, clearLog }: LookoutDeps): () => void {
  let { folded } = clearLog;
  let foldedSaid = -Infinity;

  return () => {
    if (clearLog.folded > folded && clock.mono() - foldedSaid >= FOLDED_SAID_MS) {
      folded = clearLog.folded;
      foldedSaid = clock.mono();
      logger.warn(
        "The oldest clears have become one clear of their whole service: the clear log keeps no more (gateway.clears), or has lost some. What they didn't name is fetched again too.",
      );
    }
  };
}
