import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type GatewayThread, type GatewayThreadOptions } from '../../lib/gateway/thread.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { eventually } from '../support/eventually.ts';
import { gatewayConfig } from '../support/gateway.ts';
import { ask, rawClient } from '../support/raw-client.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';

let origin: ScriptedOrigin;
const threads: GatewayThread[] = [];

beforeEach(async () => {
  origin = await scriptedOrigin();
});

afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close(0)));
  await origin.close();
});

async function start(more: Partial<GatewayThreadOptions> = {}): Promise<GatewayThread> {
  const config = gatewayConfig(origin.url);
  const options = { config, instance: 'test', worker: 0, host: '127.0.0.1', port: 0, reusePort: false };
  const thread = await startGateway({ ...options, ...more });
  threads.push(thread);
  return thread;
}

describe('a gateway in its thread', () => {
  it('serves from its port, and ends with 0 problems when closed', async () => {
    const thread = await start();
    expect(thread.url).toBe(`http://127.0.0.1:${thread.port}`);
    expect((await ask(thread.port, '/')).text).toBe('answer 1');
    await thread.close(0);
    expect(typeof (await thread.exited)).toBe('number');
    await expect(ask(thread.port, '/')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('says that its port is in use, with the code that people can act on', async () => {
    const thread = await start();
    await expect(start({ port: thread.port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Port ${thread.port} is in use; set GATEWAY_PORT to another one.`,
    });
    expect((await ask(thread.port, '/')).status).toBe(200);
  });

  it('says why a log cannot be opened', async () => {
    const config = gatewayConfig(origin.url, { gateway: { accessLog: { file: '/nowhere/at/all/access.log' } } });
    await expect(start({ config })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('shares one port among several where the system can, and says so where it cannot', async () => {
    if (process.platform !== 'linux') {
      await expect(start({ reusePort: true })).rejects.toMatchObject({ code: 'port_in_use' });
      return;
    }
    const first = await start({ reusePort: true });
    const second = await start({ reusePort: true, port: first.port, worker: 1 });
    expect(second.port).toBe(first.port);
    for (let i = 0; i < 20; i++) expect((await ask(first.port, '/')).status).toBe(200);
    const served = await Promise.all(
      [first, second].map(async ({ control }) => {
        const results = (await control.snapshot()).services[0]?.routes[0]?.results;
        return Object.values(results ?? {}).reduce((sum, count) => sum + count, 0);
      }),
    );
    expect((served[0] ?? 0) + (served[1] ?? 0)).toBe(20);
  });

  it('hands its log lines to the logger of the main thread', async () => {
    const warnings: string[] = [];
    const thread = await start({ logger: { ...silentLogger, warn: (message) => warnings.push(message) } });
    await thread.control.command({
      type: 'configure',
      config: gatewayConfig(origin.url, { gateway: { maxUrlLength: 100 } }),
    });
    // Lines and replies come over ports of their own, in no common order.
    await eventually(() => expect(warnings).toEqual([expect.stringContaining('"gateway:"')]));
  });

  it('drains: a slow answer finishes, then the thread ends', async () => {
    const thread = await start();
    const hold = gate();
    origin.script((_, response) => {
      response.write('slow ');
      void hold.opened.then(() => response.end('end'));
    });
    const client = await rawClient(thread.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/slow/);
    const closing = thread.close(10_000);
    hold.open();
    expect(await client.closed()).toMatch(/slow [^]*end/);
    await closing;
  });
});
