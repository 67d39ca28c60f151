import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { countOf, type GatewayCount } from '../lib/benchmark/answered.ts';
import { createOrdering } from '../lib/benchmark/in-order.ts';
import { openLogFile } from '../lib/benchmark/log-file.ts';
import { createProgress } from '../lib/benchmark/progress.ts';
import { createReplayOrigin } from '../lib/benchmark/replay-origin.ts';
import { describeReplay, replayReport } from '../lib/benchmark/replay-report.ts';
import { createReplay } from '../lib/benchmark/replay.ts';
import { createSender } from '../lib/benchmark/sender.ts';
import { createSkipCounter } from '../lib/benchmark/skipped.ts';
import { spreadWithinSeconds } from '../lib/benchmark/spread.ts';
import { resolveConfig } from '../lib/config/resolve.ts';
import type { ConfigInput } from '../lib/contracts/policy.ts';
import { startGateway } from '../lib/gateway/thread.ts';
import { systemClock } from '../lib/kernel/clock.ts';
import { PitwallError } from '../lib/kernel/errors.ts';
import { createLifecycle, type Lifecycle } from '../lib/kernel/lifecycle.ts';
import type { ReplayOptions } from './replay-options.ts';
import type { Terminal } from './terminal.ts';

const HOST = '127.0.0.1';
const PROGRESS_EVERY_MS = 100;
const CONNECT_TIMEOUT_MS = 3_000;
/** How long the gateway may take to count what it has answered. */
const SETTLE_MS = 2_000;
const SETTLE_EVERY_MS = 20;
/** A log's own failures must not open the breaker: at full speed hours of them come within seconds. */
const NEVER_OPENS = { failures: 1_000_000_000, minimumCalls: 1_000_000_000 };

interface Driven {
  readonly url: string;
  readonly originUrl: string;
  /** Requests that reached the auto origin. */
  readonly originSaw: (() => number) | undefined;
  /** The gateway's own counters; undefined for a running one. */
  readonly count: (() => Promise<GatewayCount>) | undefined;
}

/** `pitwall replay`: through a gateway of its own, or a running one. @param signal ends it with what is known so far */
export async function replayThrough(options: ReplayOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const log = await openLogFile(options.file);
  const lifecycle = createLifecycle();
  try {
    const driven = await prepare(options, lifecycle);
    const { concurrency, speed } = options;
    const sender = createSender({
      url: driven.url,
      connections: concurrency,
      scripted: options.origin === 'auto',
      clock: systemClock,
    });
    lifecycle.own('client', () => sender.close());
    const replay = createReplay({ sender, concurrency, speed, clock: systemClock, signal });
    const { tally } = replay;
    const skips = createSkipCounter();
    const progress = createProgress({ stream: terminal.err, clock: systemClock });
    // What is read is ahead of what is sent: by a batch, or by a minute of the log.
    const done = (): number => (log.bytesRead() / log.size) * (tally.sent / Math.max(1, skips.passed()));
    const shown = setInterval(() => progress.show(done(), tally.sent), PROGRESS_EVERY_MS);
    const startedAt = systemClock.mono();
    try {
      const lines = skips.pass(log.batches());
      await replay.run(speed === 'max' ? lines : spreadWithinSeconds(createOrdering().inOrder(lines)));
    } finally {
      clearInterval(shown);
      progress.end();
    }
    const facts = {
      file: options.file,
      gateway: driven.url,
      origin: driven.originUrl,
      interrupted: signal.aborted,
      seconds: (systemClock.mono() - startedAt) / 1_000,
      speed,
      concurrency,
      ttlSeconds: options.gateway === undefined ? options.ttlMs / 1_000 : null,
      skipped: skips.skipped(),
    };
    const counted = driven.count && (await settled(driven.count, tally.sent, signal));
    const report = replayReport(facts, tally, counted, driven.originSaw?.());
    terminal.out.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describeReplay(report));
    return report.faults.length > 0 || (tally.sent > 0 && tally.failed === tally.sent) ? 1 : 0;
  } finally {
    await lifecycle.close();
  }
}

async function prepare(options: ReplayOptions, lifecycle: Lifecycle): Promise<Driven> {
  const { gateway, origin } = options;
  // A running gateway without --listen has an origin of its own.
  const auto = origin === 'auto' && (gateway === undefined || options.listen !== undefined);
  const own = auto ? await startOrigin(options.listen ?? 0, lifecycle) : undefined;
  if (gateway !== undefined) {
    await reach('gateway', gateway);
    const originUrl = own === undefined ? 'its own upstream' : `its own upstream (the auto origin is ${own.url})`;
    return { url: gateway.origin, originUrl, originSaw: own?.calls, count: undefined };
  }
  if (origin !== 'auto') await reach('origin', origin);
  const target = own?.url ?? (origin as URL).href;
  const thread = await startGateway({
    config: resolveConfig(replayConfig(options, target), { cacheTtl: 0, readFile: noFile }),
    instance: 'replay',
    worker: 0,
    host: HOST,
    port: 0,
    reusePort: false,
  });
  lifecycle.own('gateway', () => thread.close(0));
  const count = async (): Promise<GatewayCount> => countOf(await thread.control.snapshot());
  const originUrl = own === undefined ? target : `${target} (auto)`;
  return { url: thread.url, originUrl, originSaw: own?.calls, count };
}

function replayConfig(options: ReplayOptions, target: string): ConfigInput {
  const { speed, origin, memory, concurrency } = options;
  // The TTL is in the log's time; the gateway's clock runs `speed` times slower than that.
  const ttl = options.ttlMs / (speed === 'max' ? 1 : speed);
  return {
    gateway: { memory: memory[0] as number },
    services: [
      {
        name: 'replay',
        targets: [{ url: target, connections: concurrency }],
        ...(origin === 'auto' && { breaker: NEVER_OPENS }),
        policy: { ttl },
      },
    ],
  };
}

function noFile(path: string): string {
  throw new PitwallError('internal', `A replay reads no file, so not ${path}`);
}

async function startOrigin(port: number, lifecycle: Lifecycle): Promise<{ url: string; calls: () => number }> {
  const { server, calls } = createReplayOrigin();
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new PitwallError(
      'port_in_use',
      `The auto origin can't listen on ${HOST}:${port}; name another --listen PORT.`,
      {
        cause,
      },
    );
  }
  lifecycle.own('origin', () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}`, calls };
}

/** Rejects in one sentence if nothing listens there. */
async function reach(what: string, url: URL): Promise<void> {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
  } catch (cause) {
    throw new PitwallError('origin_unreachable', `No ${what} answers at ${url.origin}.`, { cause });
  } finally {
    socket.destroy();
  }
}

/** The gateway's count, once it holds everything that was sent; as it is, after a while. */
async function settled(count: () => Promise<GatewayCount>, sent: number, signal: AbortSignal): Promise<GatewayCount> {
  const deadline = systemClock.mono() + SETTLE_MS;
  for (;;) {
    const counted = await count();
    if (counted.requests >= sent || signal.aborted || systemClock.mono() > deadline) return counted;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_EVERY_MS));
  }
}
