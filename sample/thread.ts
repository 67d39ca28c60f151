import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PitwallError } from '../lib/kernel/errors.ts';
import type { SampleCommand, SampleReport, SampleSettings, TrafficState } from './message.ts';

export type { TrafficState } from './message.ts';

/** The hand on the sample traffic. */
export interface SampleTraffic {
  /** Sends traffic to this gateway from now on; traffic that a person stopped stays stopped. */
  start(gatewayUrl: string): void;
  /** A person stops it: only `resume` runs it again. */
  stop(): void;
  resume(): void;
  /** How many people watch now. With none for 10 minutes it turns idle; the next one wakes it. */
  watchers(count: number): void;
  state(): TrafficState;
}

/** The bundled origin and its traffic, in one worker thread of their own. */
export interface Sample {
  /** e.g. http://127.0.0.1:41234 */
  readonly originUrl: string;
  readonly traffic: SampleTraffic;
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;

/**
 * Starts the sample's thread; the origin listens on a free port of 127.0.0.1.
 * Rejects with `internal` if the thread can't start. A thread that dies later turns the traffic 'off'.
 * @param options.rate mean requests per second
 * @param options.latencyScale factor on the origin's delays; 0 = none
 * @param options.onExit called if the thread ends by itself, with the reason
 */
export async function startSample(
  options: Partial<SampleSettings> & { onExit?: (reason: string) => void } = {},
): Promise<Sample> {
  const { rate = 50, latencyScale = 1, idleAfterMs = 600_000, onExit } = options;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: 'pitwall-sample',
    workerData: { rate, latencyScale, idleAfterMs } satisfies SampleSettings,
    resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
  });
  let state: TrafficState = 'off';
  let closing = false;
  let death: string | undefined;

  const listening = new Promise<string>((resolve, reject) => {
    worker.on('message', (report: SampleReport) => {
      if (report.type === 'listening') resolve(report.originUrl);
      else if (report.type === 'failed') reject(new PitwallError('internal', report.message));
      else state = report.state;
    });
    worker.on('error', (error) => {
      death = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => {
      state = 'off';
      const reason = death ?? `it ended with code ${code}`;
      reject(new PitwallError('internal', `The sample origin didn't start: ${reason}`));
      if (!closing) onExit?.(reason);
    });
  });
  const originUrl = await listening;

  const tell = (command: SampleCommand): void => worker.postMessage(command);
  let ended: Promise<void> | undefined;

  async function end(): Promise<void> {
    closing = true;
    if (worker.threadId === -1) return;
    const exited = once(worker, 'exit');
    tell({ type: 'close' });
    const timer = setTimeout(() => void worker.terminate(), CLOSE_GRACE_MS);
    await exited;
    clearTimeout(timer);
  }

  return {
    originUrl,
    // The state is set here at once, so that whoever stops it reads 'stopped'; the thread's report confirms it.
    traffic: {
      start(gatewayUrl) {
        if (state === 'off') state = 'running';
        tell({ type: 'start', gatewayUrl });
      },
      stop() {
        state = 'stopped';
        tell({ type: 'stop' });
      },
      resume() {
        state = 'running';
        tell({ type: 'resume' });
      },
      watchers(count) {
        tell({ type: 'watchers', count });
      },
      state: () => state,
    },
    close: () => (ended ??= end()),
  };
}
