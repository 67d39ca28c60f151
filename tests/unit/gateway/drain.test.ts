import { describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { createGateway } from '../../../lib/gateway/gateway.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gatewayConfig, openGateway } from '../../support/gateway.ts';
import { rawClient } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get } = gatewayScene();

describe('drain', () => {
  const drain = (graceMs: number): Promise<void> => gateway.gateway.command({ type: 'drain', graceMs });

  it('lets a slow answer finish, announces the close, takes nothing new', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => void hold.opened.then(() => response.end('done')));
    const slow = get('/slow');
    await origin.arrived(1);
    const idle = await rawClient(gateway.port);
    const draining = drain(10_000);
    expect(await idle.closed()).toBe('');
    await expect(get('/new')).rejects.toThrow(/ECONNREFUSED/);
    hold.open();
    expect(await slow).toMatchObject({ text: 'done', headers: { connection: 'close' } });
    await draining;
  });

  it('answers what comes on a connection that is still busy, and closes it', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hit me');
    for (let i = 0; i < 3; i++) await get('/hit', { headers: { Host: 'x' } });
    const hold = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'no-store' });
      response.write('first');
      void hold.opened.then(() => response.end('last'));
    });
    const client = await rawClient(gateway.port);
    client.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/first/);
    const draining = drain(10_000);
    client.send('GET /hit HTTP/1.1\r\nHost: x\r\n\r\n');
    hold.open();
    const text = await client.closed();
    expect(text).toMatch(/last[^]*connection: close[^]*hit me/i);
    await draining;
  });

  it('closes behind an answer that had begun before, and waits no longer', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => {
      response.write('first');
      void hold.opened.then(() => response.end('last'));
    });
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/first/);
    const draining = drain(60_000);
    await expect(get('/new')).rejects.toThrow(/ECONNREFUSED/);
    hold.open();
    expect(await client.closed()).toMatch(/first[^]*last/);
    await draining;
  });

  it('ends streams at the grace limit', async () => {
    await open();
    origin.script((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const client = await rawClient(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/data: 1/);
    const started = performance.now();
    await drain(200);
    expect(performance.now() - started).toBeGreaterThan(150);
    await client.closed();
    await eventually(() => expect(origin.seen[0]?.abandoned).toBe(true));
  });
});

describe('starting', () => {
  it('says that the port is in use', async () => {
    await open();
    await expect(
      createGateway(
        {
          config: gatewayConfig(origin.url),
          instance: 'second',
          worker: 0,
          host: '127.0.0.1',
          port: gateway.port,
          reusePort: false,
        },
        { clock: systemClock, random: Math.random, logger: silentLogger, clears: createMemoryClears() },
      ),
    ).rejects.toMatchObject({ code: 'port_in_use', message: expect.stringContaining(String(gateway.port)) as string });
  });

  it('says that it cannot listen there', async () => {
    await open();
    await expect(openGateway(origin.url, { host: '203.0.113.7' })).rejects.toMatchObject({ code: 'port_in_use' });
  });

  it('takes no more connections than it may', async () => {
    await open({ gateway: { maxConnections: 2 } });
    const clients = [await rawClient(gateway.port), await rawClient(gateway.port)];
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(2));
    const third = await rawClient(gateway.port);
    await third.closed();
    for (const client of clients) client.end();
    await eventually(async () => expect((await get()).status).toBe(200));
  });
});
