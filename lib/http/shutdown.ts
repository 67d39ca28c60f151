import type { Logger } from '../kernel/logger.ts';

/** How far the process is from its end. */
export type ShutdownState =
  | { readonly kind: 'running' }
  | { readonly kind: 'draining'; readonly why: string }
  | { readonly kind: 'ended'; readonly code: number };

export interface ShutdownSteps {
  /** From now on /readyz fails. */
  announce(): void;
  /** Lets load balancers see it: DRAIN_DELAY. */
  delay(): Promise<void>;
  /** Ends connections within the grace, then closes everything in reverse order. */
  close(): Promise<void>;
}

export interface Shutdown {
  readonly state: ShutdownState;
  /** SIGTERM and SIGINT: drain, close, exit 0. The second signal exits at once. */
  signal(name: NodeJS.Signals): void;
  /** Something that nobody caught: closes what can be closed within `failGraceMs`, exit 1. */
  fail(error: unknown): void;
}

/**
 * The end of the process, once: not ready, drained, closed.
 *
 * @param exit ends the process with a code
 * @param after runs `run` after `ms`
 */
export function createShutdown(options: {
  readonly steps: ShutdownSteps;
  readonly logger: Logger;
  readonly exit: (code: number) => void;
  readonly after: (ms: number, run: () => void) => void;
  readonly failGraceMs?: number;
}): Shutdown {
  const { steps, logger, exit, after, failGraceMs = 3_000 } = options;
  let state: ShutdownState = { kind: 'running' };

  function end(code: number): void {
    if (state.kind === 'ended') return;
    state = { kind: 'ended', code };
    exit(code);
  }

  async function drain(): Promise<void> {
    try {
      steps.announce();
      await steps.delay();
      await steps.close();
      end(0);
    } catch (error) {
      logger.error('Not everything closed cleanly.', { error });
      end(1);
    }
  }

  return {
    get state() {
      return state;
    },
    signal(name) {
      if (state.kind !== 'running') {
        logger.warn(`${name} again: ending at once.`);
        return end(1);
      }
      state = { kind: 'draining', why: name };
      logger.info(`${name}: draining.`);
      void drain();
    },
    fail(error) {
      if (state.kind === 'ended') return;
      logger.error('An error that nobody caught ends the process.', { error });
      const first = state.kind === 'running';
      state = { kind: 'draining', why: 'error' };
      if (!first) return end(1);
      after(failGraceMs, () => end(1));
      steps.close().then(
        () => end(1),
        () => end(1),
      );
    },
  };
}
