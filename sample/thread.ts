import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PitwallError } from '../lib/kernel/errors.ts';
import type { BurstResult, SampleCommand, SampleReport, SampleSettings, TrafficState } from './message.ts';

export type { BurstResult, TrafficState } from './message.ts';

/** The hand on the sample traffic. */
export interface SampleTraffic {
  /** Sends traffic to this gateway from now on; traffic that a person stopped stays stopped. */
  start(gatewayUrl: string): void;
  /** A person stops it: only `resume` runs it again. */
  stop(): void;
  resume(): void;
  /** How many people watch now. With none for 10 minutes it turns idle; the next one wakes it. */
  watchers(count: number): void;
  /** Resolves when none is under way and none will be, until `start`; then it's 'off'. */
  halt(): Promise<void>;
  state(): TrafficState;
}

/** The bundled origin and its traffic, in one worker thread of their own. */
export interface Sample {
  /** e.g. http://127.0.0.1:41234 */
  readonly originUrl: string;
  readonly traffic: SampleTraffic;
  /** Every answer of the origin is a 503 for so many seconds, or until `heal`. */
  fail(seconds: number): void;
  heal(): void;
  /** Sends identical requests for a key that nobody asked for before, all at once. Rejects with `internal` if the thread ends. */
  burst(gatewayUrl: string, requests: number): Promise<BurstResult>;
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
  let questions = 0;
  /** Questions that the thread hasn't answered yet. */
  const asked = new Map<number, { resolve(burst: BurstResult | undefined): void; reject(error: Error): void }>();

  const listening = new Promise<string>((resolve, reject) => {
    worker.on('message', (report: SampleReport) => {
      if (report.type === 'listening') resolve(report.originUrl);
      else if (report.type === 'failed') reject(new PitwallError('internal', report.message));
      else if (report.type === 'state') state = report.state;
      else {
        asked.get(report.id)?.resolve(report.burst);
        asked.delete(report.id);
      }
    });
    worker.on('error', (error) => {
      death = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => {
      state = 'off';
      const reason = death ?? `it ended with code ${code}`;
      reject(new PitwallError('internal', `The sample origin didn't start: ${reason}`));
      for (const question of asked.values()) {
        question.reject(new PitwallError('internal', `The sample origin ended: ${reason}`));
      }
      asked.clear();
      if (!closing) onExit?.(reason);
    });
  });
  const originUrl = await listening;

  const tell = (command: SampleCommand): void => worker.postMessage(command);
  let ended: Promise<void> | undefined;

  function ask(command: (id: number) => SampleCommand): Promise<BurstResult | undefined> {
    if (worker.threadId === -1) throw new PitwallError('internal', 'The sample origin has ended.');
    const id = questions++;
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject });
      tell(command(id));
    });
  }

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
      async halt() {
        await ask((id) => ({ type: 'halt', id }));
        state = 'off';
      },
      state: () => state,
    },
    fail: (seconds) => tell({ type: 'fail', seconds }),
    heal: () => tell({ type: 'heal' }),
    burst: async (gatewayUrl, requests) =>
      (await ask((id) => ({ type: 'burst', id, gatewayUrl, requests }))) as BurstResult,
    close: () => (ended ??= end()),
  };
}
