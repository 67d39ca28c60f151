import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../lib/kernel/clock.ts';
import { sendBurst } from './burst.ts';
import { createFailureSwitch } from './failure.ts';
import type { SampleCommand, SampleReport, SampleSettings } from './message.ts';
import { createSampleOrigin } from './origin.ts';
import { createTraffic, type Traffic } from './traffic.ts';

const tell = (report: SampleReport): void => parentPort?.postMessage(report);

async function run(settings: SampleSettings): Promise<void> {
  const { rate, latencyScale, idleAfterMs } = settings;
  const failures = createFailureSwitch({ clock: systemClock });
  /** Calls of the paths that somebody counts now. */
  const counted = new Map<string, number>();
  const origin = createSampleOrigin({
    clock: systemClock,
    random: Math.random,
    latencyScale,
    failures,
    onCall(path) {
      const calls = counted.get(path);
      if (calls !== undefined) counted.set(path, calls + 1);
    },
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');

  let traffic: { readonly gatewayUrl: string; readonly run: Traffic } | undefined;
  // Told before there was any traffic, and kept for when there is.
  let watching = 0;
  let stopped = false;
  /** Ends those under way. */
  let bursts = new AbortController();

  async function start(gatewayUrl: string): Promise<void> {
    if (traffic?.gatewayUrl === gatewayUrl) return traffic.run.start();
    const before = traffic?.run;
    const next = createTraffic({
      gatewayUrl,
      rate,
      clock: systemClock,
      random: Math.random,
      idleAfterMs,
      onState: (state) => tell({ type: 'state', state }),
    });
    traffic = { gatewayUrl, run: next };
    next.watchers(watching);
    if (stopped) next.stop();
    else next.start();
    await before?.close();
  }

  async function obey(command: SampleCommand): Promise<void> {
    switch (command.type) {
      case 'start':
        return start(command.gatewayUrl);
      case 'stop':
        stopped = true;
        return traffic?.run.stop();
      case 'resume':
        stopped = false;
        return traffic?.run.resume();
      case 'fail':
        return failures.fail({ seconds: command.seconds, mode: 'error', path: '/' });
      case 'heal':
        return failures.heal();
      case 'burst': {
        const path = `/api/chats/burst-${crypto.randomUUID().slice(0, 8)}/history`;
        counted.set(path, 0);
        const { gatewayUrl, requests } = command;
        const { signal } = bursts;
        const sent = await sendBurst({ gatewayUrl, path, requests, clock: systemClock, signal });
        const originCalls = counted.get(path) ?? 0;
        counted.delete(path);
        return tell({ type: 'done', id: command.id, burst: { ...sent, originCalls } });
      }
      case 'halt': {
        const before = traffic?.run;
        traffic = undefined;
        bursts.abort();
        bursts = new AbortController();
        await before?.close();
        return tell({ type: 'done', id: command.id });
      }
      case 'watchers':
        watching = command.count;
        return traffic?.run.watchers(watching);
      case 'close':
        await traffic?.run.close();
        origin.closeAllConnections();
        origin.close();
        parentPort?.close();
    }
  }

  parentPort?.on('message', (command: SampleCommand) => void obey(command));
  tell({ type: 'listening', originUrl: `http://127.0.0.1:${(origin.address() as AddressInfo).port}` });
  flushCompileCache();
}

run(workerData as SampleSettings).catch((error: unknown) => {
  tell({ type: 'failed', message: `The sample origin can't start: ${error instanceof Error ? error.message : error}` });
});
