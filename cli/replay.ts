import { readReplayOptions, REPLAY_HELP } from './replay-options.ts';
import { replayThrough } from './replay-run.ts';
import { replaySimulated } from './replay-simulate.ts';
import type { Terminal } from './terminal.ts';

/** A launcher may pass on the signal that the terminal sent us too: within this time it's one. */
const SAME_SIGNAL_MS = 500;
const INTERRUPTED = 130;

/**
 * `pitwall replay`: an access log through the gateway, or through a simulation of its cache.
 * Ctrl-C prints what was measured so far, and exits with 130; a second one ends at once.
 */
export async function replay(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readReplayOptions(args);
  if (options === undefined) {
    terminal.out.write(REPLAY_HELP);
    return 0;
  }
  const stop = new AbortController();
  let stoppedAt = 0;
  const onSignal = (): void => {
    if (stop.signal.aborted && performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
    stoppedAt = performance.now();
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const code = await (options.simulate ? replaySimulated : replayThrough)(options, terminal, stop.signal);
    return stop.signal.aborted ? INTERRUPTED : code;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
