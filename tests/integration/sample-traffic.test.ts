import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/kernel/clock.ts';
import { startSample, type Sample } from '../../sample/thread.ts';
import { createTraffic, type Traffic } from '../../sample/traffic.ts';
import { eventually } from '../support/eventually.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server, port = 0): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function traffic(gatewayUrl: string, rate = 400, idleAfterMs = 60_000): Traffic {
  const run = createTraffic({ gatewayUrl, rate, clock: systemClock, random: Math.random, idleAfterMs });
  closers.push(() => run.close());
  return run;
}

describe('sample traffic', () => {
  it('keeps going when the gateway answers with errors, and within its sockets', async () => {
    let served = 0;
    let most = 0;
    const gateway = createServer((_, response) => {
      served += 1;
      response.writeHead(500).end('no');
    });
    let open = 0;
    gateway.on('connection', (socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.on('close', () => (open -= 1));
    });
    const run = traffic(await listen(gateway), 1_000);
    run.start();
    await expect.poll(() => served, { timeout: 10_000 }).toBeGreaterThan(200);
    expect(run.counts().failed).toBe(0);
    expect(most).toBeLessThanOrEqual(64);
  });

  it('leaves requests out while the gateway answers none', async () => {
    let waiting = 0;
    const run = traffic(await listen(createServer(() => void (waiting += 1))), 1_000);
    run.start();
    await expect.poll(() => run.counts().skipped, { timeout: 10_000 }).toBeGreaterThan(20);
    expect(waiting).toBeLessThanOrEqual(64);
    expect(run.counts().sent).toBe(64);
  });

  it('backs off while the gateway is away, and finds it again', async () => {
    const probe = createServer();
    const url = await listen(probe);
    probe.close();
    const run = traffic(url);
    run.start();
    await expect.poll(() => run.counts().failed).toBeGreaterThan(0);
    // At 400 a second without backing off it would be far more.
    await expect.poll(() => run.counts().failed, { timeout: 3_000 }).toBeLessThan(100);
    let served = 0;
    const gateway = createServer((_, response) => {
      served += 1;
      response.end('{}');
    });
    await listen(gateway, Number(new URL(url).port));
    await expect.poll(() => served, { timeout: 15_000 }).toBeGreaterThan(20);
    expect(run.state()).toBe('running');
  });

  it('sends nothing while it rests: stopped by a person, or idle with nobody watching', async () => {
    let served = 0;
    const gateway = createServer((_, response) => {
      served += 1;
      response.end('{}');
    });
    const run = traffic(await listen(gateway), 400, 200);
    expect(run.state()).toBe('off');
    run.start();
    await expect.poll(() => run.state()).toBe('idle');
    await expect.poll(() => served === run.counts().answered && served > 0).toBe(true);
    const before = served;
    run.watchers(1);
    await expect.poll(() => served).toBeGreaterThan(before);
    run.stop();
    await expect.poll(() => run.counts().sent === run.counts().answered).toBe(true);
    const { sent } = run.counts();
    run.watchers(2);
    run.start();
    expect(run.state()).toBe('stopped');
    expect(run.counts().sent).toBe(sent);
    run.resume();
    await expect.poll(() => run.counts().sent).toBeGreaterThan(sent);
  });
});

describe('sample thread', () => {
  async function sample(options: Parameters<typeof startSample>[0] = {}): Promise<Sample> {
    const started = await startSample({ rate: 200, latencyScale: 0, ...options });
    closers.push(() => started.close());
    return started;
  }

  it('runs origin and traffic beside us', async () => {
    const { originUrl, traffic: hand } = await sample();
    expect((await fetch(`${originUrl}/api/chats/42/history`)).status).toBe(200);
    let served = 0;
    const gateway = await listen(
      createServer((_, response) => {
        served += 1;
        response.end('{}');
      }),
    );
    expect(hand.state()).toBe('off');
    hand.watchers(1);
    hand.start(gateway);
    expect(hand.state()).toBe('running');
    await expect.poll(() => served, { timeout: 5_000 }).toBeGreaterThan(10);
    hand.stop();
    expect(hand.state()).toBe('stopped');
    hand.start(gateway);
    expect(hand.state()).toBe('stopped');
    hand.resume();
    const before = served;
    await expect.poll(() => served, { timeout: 5_000 }).toBeGreaterThan(before);
    expect(hand.state()).toBe('running');
  });

  it('follows the gateway to another port, and says when it turns idle', async () => {
    const { traffic: hand } = await sample({ idleAfterMs: 300 });
    const seen = { first: 0, second: 0 };
    const first = await listen(createServer((_, response) => void ((seen.first += 1), response.end('{}'))));
    const second = await listen(createServer((_, response) => void ((seen.second += 1), response.end('{}'))));
    hand.start(first);
    await expect.poll(() => seen.first).toBeGreaterThan(3);
    hand.start(second);
    await expect.poll(() => seen.second).toBeGreaterThan(3);
    await expect.poll(() => hand.state()).toBe('idle');
    hand.watchers(1);
    await expect.poll(() => hand.state()).toBe('running');
  });

  it('halts: nothing comes after, a burst that is under way included, until it starts again', async () => {
    let served = 0;
    let hold = false;
    const gateway = await listen(
      createServer(({ url }, response) => {
        if (url === '/probe') return void response.end();
        served += 1;
        if (!hold) response.end('ok');
      }),
    );
    const started = await sample();
    started.traffic.start(gateway);
    await eventually(() => expect(served).toBeGreaterThan(20));
    hold = true;
    const burst = started.burst(gateway, 2_000);
    const before = served;
    await eventually(() => expect(served).toBeGreaterThan(before + 100));
    await started.traffic.halt();
    expect(started.traffic.state()).toBe('off');
    expect(await burst).toMatchObject({ requests: 2_000, answered: 0, failed: 2_000, originCalls: 0 });
    // What had been sent before waits in the kernel: it's taken in before requests of one's own that come later.
    for (let i = 0; i < 3; i++) await (await fetch(new URL('/probe', gateway))).arrayBuffer();
    const after = served;
    expect(await started.burst(gateway.replace(/\d+$/, '1'), 1)).toMatchObject({ answered: 0, failed: 1 });
    expect(served).toBe(after);
    hold = false;
    started.traffic.start(gateway);
    expect(started.traffic.state()).toBe('running');
    await eventually(() => expect(served).toBeGreaterThan(after + 20));
  });

  it('answers nobody any more once it has ended', async () => {
    const started = await startSample({ latencyScale: 0 });
    await started.close();
    await expect(started.burst('http://127.0.0.1:1', 1)).rejects.toMatchObject({ code: 'internal' });
    await expect(started.traffic.halt()).rejects.toMatchObject({ code: 'internal' });
  });

  it('closes for good, once', async () => {
    const started = await startSample({ latencyScale: 0 });
    started.traffic.start(started.originUrl);
    await Promise.all([started.close(), started.close()]);
    expect(started.traffic.state()).toBe('off');
    await expect(fetch(started.originUrl)).rejects.toThrow();
  });
});
