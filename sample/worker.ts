import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../lib/kernel/clock.ts';
import type { SampleCommand, SampleReport, SampleSettings } from './message.ts';
import { createSampleOrigin } from './origin.ts';
import { createTraffic, type Traffic } from './traffic.ts';

const tell = (report: SampleReport): void => parentPort?.postMessage(report);

async function run(settings: SampleSettings): Promise<void> {
  const { rate, latencyScale, idleAfterMs } = settings;
  const origin = createSampleOrigin({ clock: systemClock, random: Math.random, latencyScale });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');

  let traffic: { readonly gatewayUrl: string; readonly run: Traffic } | undefined;
  // Told before there was any traffic, and kept for when there is.
  let watching = 0;
  let stopped = false;

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
