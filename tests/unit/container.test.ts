import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../lib/config/environment.ts';
import { createContainer, type Container } from '../../lib/container.ts';
import { overviewSchema, overviewTickSchema } from '../../lib/contracts/overview.ts';
import { runningConfigSchema } from '../../lib/contracts/running.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';

const data = mkdtempSync(join(tmpdir(), 'pitwall-container-'));
const environmentOf = (env: Record<string, string>) =>
  readEnvironment({
    PORT: '0',
    GATEWAY_PORT: '0',
    PITWALL_DATA_DIR: data,
    LOG_LEVEL: 'silent',
    ...env,
  } as unknown as NodeJS.ProcessEnv);
const options = { version: '0.0.0', instance: 'test', consoleUrl: 'http://localhost:3000', logger: silentLogger };

let origin: Origin;
let container: Container;
beforeAll(async () => {
  origin = await startOrigin();
  const environment = environmentOf({ PITWALL_UPSTREAM: origin.url, PITWALL_WORKERS: '2' });
  container = (await createContainer(environment, options)).console as Container;
});
afterAll(async () => {
  await container.close();
  await origin.close();
  rmSync(data, { recursive: true, force: true });
});

describe('the container', () => {
  it('runs the gateways that the environment asks for, and is ready', async () => {
    expect(await container.missing()).toEqual([]);
    expect(await (await fetch(`${container.gatewayUrl}/a`)).text()).toBe('call 1');
    expect(runningConfigSchema.parse(await container.runningConfig())).toMatchObject({
      source: { kind: 'upstream', url: origin.url },
      error: null,
      services: [{ name: 'default' }],
    });
  });

  it('keeps the contracts of overview, tick, health and metrics', async () => {
    const overview = overviewSchema.parse(await container.overview({ service: 'all', range: '1m' }));
    expect(overview.sampleTraffic).toBe('off');
    expect(overview.environment).toBe('local');
    expect(overview.gateway.url).toBe(container.gatewayUrl);
    expect(overviewTickSchema.parse(container.tick({ service: 'default', range: '5m' })).configError).toBeNull();
    expect(overviewTickSchema.shape.health.parse(container.health()).why).not.toBe('');
    expect(await container.metrics.text()).toContain('pitwall_requests_total{');
  });

  it('lists the keys that its workers were asked for', async () => {
    const url = `${container.gatewayUrl}/listed`;
    for (let n = 0; n < 2; n++) await (await fetch(url)).text();
    const { rows } = await container.listKeys({ by: 'asked', top: 20, hours: 6 });
    expect(rows.find((row) => row.url === url)).toMatchObject({ key: `GET ${url}`, service: 'default', count: 2 });
  });

  it('refuses a service that isn’t configured, by name', async () => {
    await expect(container.overview({ service: 'ghost', range: '1m' })).rejects.toThrow(/"ghost"/);
    expect(() => container.tick({ service: 'ghost', range: '1m' })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
    await expect(container.setMode('ghost', { mode: 'cache', reason: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('switches the mode of a service on every worker', async () => {
    expect(await container.setMode('default', { mode: 'bypass', reason: 'why not', forMs: 60_000 })).toMatchObject({
      service: 'default',
      mode: 'bypass',
      modeReason: 'why not',
      modeUntil: expect.any(Number) as number,
    });
    expect((await container.services()).map(({ mode }) => mode)).toEqual(['bypass']);
  });

  it('has no sample traffic in front of a real service', () => {
    expect(() => container.runSampleTraffic(true)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('isn’t ready once it drains, and answers nobody after', async () => {
    await container.reopenLogs();
    container.announceDrain();
    expect(await container.missing()).toEqual(['The server is shutting down.']);
    await container.drain(100);
    await expect(fetch(`${container.gatewayUrl}/a`)).rejects.toThrow();
    await expect(container.services()).rejects.toMatchObject({ code: 'gateway_unavailable' });
  });
});

it('a hard clear clears what is stored, however its URL is spelled', async () => {
  const environment = environmentOf({ PITWALL_UPSTREAM: origin.url, PITWALL_DATA_DIR: join(data, 'spelled') });
  const single = (await createContainer(environment, options)).console as Container;
  try {
    const gateway = String(single.gatewayUrl);
    const fetched = async () => (await fetch(`${gateway}/n/a-b`)).text();
    const upper = gateway.replace('http', 'HTTP');
    for (const key of [`${upper}/n/a%2Db`, `${gateway}/n/x/../a-b`, `${gateway}/n/a-b#f`]) {
      const stored = await fetched();
      expect(await fetched()).toBe(stored);
      await single.clears.clear({ key }, 'hard');
      await eventually(async () => expect(await fetched()).not.toBe(stored));
    }
  } finally {
    await single.close();
  }
});

describe('the container in front of the sample origin', () => {
  it('stops and resumes its traffic, and tells which configuration runs', async () => {
    const environment = environmentOf({ PITWALL_DATA_DIR: join(data, 'sample') });
    const { core, console: own } = await createContainer(environment, options);
    const sampled = own as Container;
    try {
      expect(core.roles).toEqual(['gateway', 'console']);
      expect(sampled.source).toEqual({ kind: 'sample' });
      const traffic = () => sampled.tick({ service: 'all', range: '1m' }).sampleTraffic;
      expect(traffic()).toBe('off');
      sampled.goLive(new SocketServer());
      await eventually(() => expect(traffic()).toBe('running'));
      sampled.runSampleTraffic(false);
      await eventually(() => expect(traffic()).toBe('stopped'));
      sampled.runSampleTraffic(true);
      await eventually(() => expect(traffic()).toBe('running'));
      const job = await sampled.clears.clear({ all: true }, 'soft');
      await eventually(async () => {
        const { state, outcomes } = await sampled.jobs.find(job.id);
        expect([state, outcomes]).toEqual([
          'done',
          [{ instance: 'test', worker: 0, state: 'confirmed', detail: null }],
        ]);
      });
      const [service] = await sampled.services();
      expect(await sampled.setMode(service?.service ?? '', { mode: 'observe', reason: 'look' })).toMatchObject({
        mode: 'observe',
        unreached: [],
      });
    } finally {
      await sampled.close();
    }
    await expect(sampled.services()).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await expect(
      sampled.setMode((await sampled.runningConfig()).services[0]?.name ?? '', { mode: 'cache', reason: 'late' }),
    ).rejects.toMatchObject({ code: 'gateway_unavailable' });
  });
});

describe('a container that can’t be', () => {
  let taken: Server;
  let port: number;
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    ({ port } = taken.address() as AddressInfo);
  });
  afterAll(() => void taken.close());

  it.each(['1', '3'])('says that the gateway’s port is in use, with %s workers', async (workers) => {
    const environment = environmentOf({
      GATEWAY_PORT: String(port),
      PITWALL_UPSTREAM: origin.url,
      PITWALL_WORKERS: workers,
      PITWALL_DATA_DIR: join(data, 'another'),
    });
    await expect(createContainer(environment, options)).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('GATEWAY_PORT') as string,
    });
  });

  it('says that a configuration file isn’t there', async () => {
    const environment = environmentOf({ PITWALL_CONFIG: join(data, 'none.yaml') });
    await expect(createContainer(environment, options)).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
