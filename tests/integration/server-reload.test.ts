import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overviewSchema } from '../../lib/contracts/overview.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

const root = mkdtempSync(join(tmpdir(), 'pitwall-reload-'));
const file = join(root, 'pitwall.yaml');
const log = join(root, 'access.log');
let origin: Origin;
let server: ReadyServer;

const yaml = (service: string, mode: string) => `
gateway:
  accessLog: { file: ${log} }
services:
  - name: ${service}
    mode: ${mode}
    targets: [{ url: "${origin.url}" }]
`;
const overview = async () =>
  overviewSchema.parse(await (await fetch(`${server.consoleUrl}/api/performance/overview`)).json());
const services = async () => {
  const answer = (await (await fetch(`${server.consoleUrl}/api/services`)).json()) as {
    services: { service: string; mode: string }[];
  };
  return answer.services.map(({ service, mode }) => `${service} ${mode}`);
};

beforeAll(async () => {
  origin = await startOrigin();
  writeFileSync(file, yaml('first', 'cache'));
  server = await startServer({ PITWALL_CONFIG: file, PITWALL_WORKERS: '2' });
});
afterAll(async () => {
  await server.stop();
  await origin.close();
  rmSync(root, { recursive: true });
});

describe('a configuration file', () => {
  it('is what the ready block names, and has no sample traffic', async () => {
    expect(server.output()).toContain(`-> ${file}\n`);
    expect(await services()).toEqual(['first cache']);
    expect((await overview()).sampleTraffic).toBe('off');
    const refused = await fetch(`${server.consoleUrl}/api/sample/traffic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"run":true}',
    });
    expect(refused.status).toBe(404);
  });

  it('takes effect when it’s replaced, on every worker and without a restart', async () => {
    writeFileSync(`${file}.new`, yaml('second', 'observe'));
    renameSync(`${file}.new`, file);
    await eventually(async () => expect(await services()).toEqual(['second observe']), 10_000);
    expect((await fetch(`${server.gatewayUrl}/a`)).status).toBe(200);
  });

  it('keeps the old one when the new one is wrong, says so loudly, and recovers', async () => {
    writeFileSync(file, yaml('third', 'turbo'));
    await eventually(
      async () => expect((await overview()).configError).toMatch(/pitwall\.yaml:6:\d+ services\[0\]\.mode/),
      10_000,
    );
    expect(await services()).toEqual(['second observe']);
    expect(server.output()).toContain('The new configuration is refused, the old one runs on.');
    expect((await fetch(`${server.gatewayUrl}/b`)).status).toBe(200);
    expect((await fetch(`${server.consoleUrl}/readyz`)).status).toBe(200);
    writeFileSync(file, yaml('third', 'cache'));
    await eventually(async () => expect((await overview()).configError).toBeNull(), 10_000);
    expect(await services()).toEqual(['third cache']);
  });
});

describe('SIGHUP', () => {
  it('opens the access log anew', async () => {
    await eventually(() => expect(readFileSync(log, 'utf8')).toContain('"/b"'));
    renameSync(log, `${log}.1`);
    server.signal('SIGHUP');
    await eventually(async () => {
      await fetch(`${server.gatewayUrl}/after`);
      expect(readFileSync(log, 'utf8')).toContain('"/after"');
    });
  });
});
