import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { attachInspector, type Inspector } from '../support/inspector.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

let origin: Origin;
let server: ReadyServer;
let inspector: Inspector;
beforeAll(async () => {
  origin = await startOrigin();
  server = await startServer({ PITWALL_UPSTREAM: origin.url }, ['--inspect=127.0.0.1:0']);
  const [, url = ''] = await server.prints(/Debugger listening on (ws:\S+)/);
  inspector = await attachInspector(url);
});
afterAll(async () => {
  inspector.close();
  await server.stop();
  await origin.close();
});

const gatewayWorkers = () => inspector.workers.filter(({ title }) => title.includes('gateway'));

describe('a gateway worker that dies', () => {
  it('is said loudly, fails readiness, and is healed on the same port with the mode that was set', async () => {
    await fetch(`${server.consoleUrl}/api/services/default/mode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"mode":"observe","reason":"before the crash"}',
    });
    await eventually(() => expect(gatewayWorkers()).toHaveLength(1));
    gatewayWorkers()[0]?.run('process.exit(7)');
    await server.prints(/Gateway worker 0 died with exit code 7; starting it again in 1 s\./);
    const ready = await fetch(`${server.consoleUrl}/readyz`);
    expect(ready.status).toBe(503);
    expect(((await ready.json()) as { detail: string }).detail).toBe("Gateway worker 0 doesn't answer.");
    expect((await fetch(`${server.consoleUrl}/healthz`)).status).toBe(200);
    await server.prints(/Gateway worker 0 runs again\./);
    expect((await fetch(`${server.consoleUrl}/readyz`)).status).toBe(200);
    expect((await fetch(`${server.gatewayUrl}/alive`)).status).toBe(200);
    const { services } = (await (await fetch(`${server.consoleUrl}/api/services`)).json()) as {
      services: { mode: string; modeReason: string }[];
    };
    expect(services[0]).toMatchObject({ mode: 'observe', modeReason: 'before the crash' });
  });

  it('takes two seconds the next time, and says why where it threw', async () => {
    await eventually(() => expect(gatewayWorkers()).toHaveLength(2));
    gatewayWorkers()[1]?.run("setImmediate(() => { throw new Error('a bug in a worker') })");
    await server.prints(/starting it again in 2 s\./);
    await eventually(() => expect(server.output().match(/Gateway worker 0 runs again/g)).toHaveLength(2));
    expect((await fetch(`${server.gatewayUrl}/alive`)).status).toBe(200);
  });
});
