import { afterEach, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

const opened: (Origin | ReadyServer)[] = [];
afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await ('stop' in part ? part.stop() : part.close());
});

async function start(env: Record<string, string> = {}) {
  const origin = await startOrigin();
  opened.push(origin);
  const server = await startServer({ PITWALL_UPSTREAM: origin.url, ...env });
  opened.push(server);
  return { origin, server };
}

/** Makes the origin hold its answers; each is given by hand. */
function hold(origin: Origin): ServerResponse[] {
  const held: ServerResponse[] = [];
  origin.answer((_request, response) => {
    held.push(response);
  });
  return held;
}

describe('SIGTERM', () => {
  it('fails readiness first, lets the answer in flight finish, and exits with 0', async () => {
    const { origin, server } = await start({ DRAIN_DELAY: '1500' });
    expect(server.output()).toContain(`-> ${origin.url}\n`);
    const held = hold(origin);
    const answer = fetch(`${server.gatewayUrl}/slow`);
    await origin.called(1);
    server.signal('SIGTERM');
    await eventually(async () => {
      const ready = await fetch(`${server.consoleUrl}/readyz`);
      expect(ready.status).toBe(503);
      expect(((await ready.json()) as { code: string }).code).toBe('draining');
    });
    expect((await fetch(`${server.consoleUrl}/healthz`)).status).toBe(200);
    await eventually(async () => {
      await expect(fetch(`${server.gatewayUrl}/late`, { signal: AbortSignal.timeout(500) })).rejects.toThrow();
    });
    held[0]?.end('worth the wait');
    const response = await answer;
    expect([response.status, await response.text()]).toEqual([200, 'worth the wait']);
    expect(await server.exited).toBe(0);
  });

  it('cuts what outlives the grace, and still exits with 0', async () => {
    const { origin, server } = await start({ PITWALL_DRAIN_GRACE: '300' });
    hold(origin);
    const answer = fetch(`${server.gatewayUrl}/hangs`).then(
      (response) => response.status,
      () => 'cut',
    );
    await origin.called(1);
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(['cut', 503]).toContain(await answer);
  });

  it('ends at once the second time', async () => {
    const { server } = await start({ DRAIN_DELAY: '60000' });
    server.signal('SIGTERM');
    await server.prints(/SIGTERM: draining/);
    server.signal('SIGINT');
    expect(await server.exited).toBe(1);
  });
});
