import type { ClearFollower } from '../cache/clear-follower.ts';
import type { ClearLog } from '../cache/clear-log.ts';
import type { GatewayEvent, LevelSnapshot } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Persistent } from './third-level.ts';

export interface LookoutDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly clearLog: ClearLog;
  readonly follower: Pick<ClearFollower, 'state'>;
  /** Undefined where there's no L3. */
  readonly persistent: Pick<Persistent, 'health'> | undefined;
  /** Told of each change of L3's state; while the clear log can't be followed, L3 isn't read: it's degraded. */
  emit(event: GatewayEvent): void;
}

/** Least time between two words about folded clears, ms: a log that is full folds with every clear. */
export const FOLDED_SAID_MS = 60_000;

/**
 * Logs and emits what changed since it was last called: whether L3 and the clear log are well (the first call compares
 * with "well"), and that clears were folded after the start.
 */
export function createLookout({ clock, logger, clearLog, follower, persistent, emit }: LookoutDeps): () => void {
  let { folded } = clearLog;
  let foldedSaid = -Infinity;
  let state: LevelSnapshot['state'] = 'ok';

  function now(): { readonly state: LevelSnapshot['state']; readonly why: string } {
    if (follower.state === 'unconfirmed') {
      const meanwhile = persistent === undefined ? '' : '; L3 is not read meanwhile';
      return { state: 'degraded', why: `The clear log can't be read, so clears may be missing here${meanwhile}.` };
    }
    const { state, why } = persistent?.health() ?? { state: 'ok', why: undefined };
    if (state !== 'ok') return { state, why: why ?? `L3 is ${state}.` };
    return { state, why: `The clear log is followed${persistent === undefined ? '' : ', and L3 works,'} again.` };
  }

  function sayState(): void {
    const { state: to, why } = now();
    if (to === state) return;
    logger[to === 'ok' ? 'info' : 'warn'](why);
    if (persistent !== undefined) emit({ type: 'level', level: 'l3', from: state, to, at: clock.wall(), why });
    state = to;
  }

  function sayFolded(): void {
    if (clearLog.folded === folded || clock.mono() - foldedSaid < FOLDED_SAID_MS) return;
    folded = clearLog.folded;
    foldedSaid = clock.mono();
    logger.warn(
      "The oldest clears have become one clear of their whole service: the clear log keeps no more (gateway.clears), or has lost some. What they didn't name is fetched again too.",
    );
  }

  return () => {
    sayState();
    sayFolded();
  };
}
