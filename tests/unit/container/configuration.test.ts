import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../lib/config/environment.ts';
import {
  keepConfiguration,
  openConfiguration,
  type RunningConfiguration,
} from '../../../lib/container/configuration.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import type { Logger } from '../../../lib/kernel/logger.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { eventually } from '../../support/eventually.ts';

const environmentOf = (env: Record<string, string>) => readEnvironment(env as unknown as NodeJS.ProcessEnv);
const root = mkdtempSync(join(tmpdir(), 'pitwall-configuration-'));
const open: RunningConfiguration[] = [];
afterEach(() => {
  for (const running of open.splice(0)) running.close();
});
afterAll(() => rmSync(root, { recursive: true }));

const yaml = (name: string) => `services:\n  - name: ${name}\n    targets: [{ url: "http://127.0.0.1:9" }]\n`;

async function keep(file: string, configure: (config: Config) => Promise<void>) {
  const said: string[] = [];
  const logger: Logger = { debug() {}, info: (m) => void said.push(m), warn() {}, error: (m) => void said.push(m) };
  writeFileSync(file, yaml('first'));
  const configuration = await openConfiguration(environmentOf({ PITWALL_CONFIG: file }), silentLogger);
  const running = keepConfiguration(configuration, { cacheTtl: 0, configure, logger });
  open.push(running);
  return { running, said, name: () => running.config().services[0]?.name };
}

describe('where the configuration comes from', () => {
  it('is one upstream', async () => {
    const { source, config, sample } = await openConfiguration(
      environmentOf({ PITWALL_UPSTREAM: 'http://127.0.0.1:9', CACHE_TTL: '5000' }),
      silentLogger,
    );
    expect(source).toEqual({ kind: 'upstream', url: 'http://127.0.0.1:9' });
    expect(config.services[0]?.routes[0]?.policy.ttl).toBe(5_000);
    expect(sample).toBeUndefined();
  });

  it('is what the console kept, where nothing is given; broken, it is neither lost nor passed over', async () => {
    const folder = mkdtempSync(join(root, 'kept-'));
    const file = join(folder, 'pitwall.yaml');
    writeFileSync(file, yaml('kept'));
    const open = (): ReturnType<typeof openConfiguration> =>
      openConfiguration(environmentOf({ PITWALL_DATA_DIR: folder }), silentLogger);
    expect(await open()).toMatchObject({
      source: { kind: 'console' },
      text: yaml('kept'),
      config: { services: [{ name: 'kept' }] },
      sample: undefined,
    });
    writeFileSync(file, 'services: []\n');
    await expect(open()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(
        /pitwall\.yaml:1:\d+ services.*\nThe console kept it there\. Mend it, or move it/s,
      ),
    });
    expect(readFileSync(file, 'utf8')).toBe('services: []\n');
  });

  it('is the bundled origin, labelled as sample, when nothing is given', async () => {
    const { source, config, sample } = await openConfiguration(environmentOf({ PITWALL_DATA_DIR: root }), silentLogger);
    try {
      expect(source).toEqual({ kind: 'sample' });
      expect(config.services[0]).toMatchObject({ sample: true, targets: [{ url: sample?.originUrl }] });
      expect((await fetch(`${sample?.originUrl}/api/status`)).status).toBe(200);
    } finally {
      await sample?.close();
    }
  });
});

describe('a file that changes', () => {
  it('is run; an invalid one, or one that the gateway refuses, leaves the old one running', async () => {
    const file = join(root, 'a.yaml');
    const configured: string[] = [];
    const { running, said, name } = await keep(file, async ({ services }) => {
      if (services[0]?.name === 'refused') throw new PitwallError('internal', 'the gateway says no');
      configured.push(services[0]?.name ?? '');
    });
    expect([name(), running.error()]).toEqual(['first', null]);
    writeFileSync(file, yaml('second'));
    await eventually(() => expect(name()).toBe('second'));
    writeFileSync(file, 'services: 1\n');
    await eventually(() => expect(running.error()).toMatch(/a\.yaml:1:\d+/));
    expect(name()).toBe('second');
    writeFileSync(file, yaml('refused'));
    await eventually(() => expect(running.error()).toBe('the gateway says no'));
    expect(name()).toBe('second');
    writeFileSync(file, yaml('third'));
    await eventually(() => expect([name(), running.error()]).toEqual(['third', null]));
    expect(configured).toEqual(['second', 'third']);
    expect(said.filter((sentence) => sentence.startsWith('The new configuration is refused'))).toHaveLength(2);
  });
});

describe('another configuration', () => {
  it('is adopted with where it came from; one that is refused leaves the old one running', async () => {
    let refusal: Error | undefined;
    const { running, name } = await keep(join(root, 'adopt.yaml'), async () => {
      if (refusal !== undefined) throw refusal;
    });
    const taken: string[] = [];
    running.events.on((event) => taken.push(event.type));
    expect(running.source().kind).toBe('file');
    const { config } = await openConfiguration(environmentOf({ PITWALL_UPSTREAM: 'http://127.0.0.1:9' }), silentLogger);
    const source = { kind: 'upstream', url: 'http://127.0.0.1:9' } as const;
    refusal = new PitwallError('gateway_unavailable', 'No worker runs.');
    await expect(running.adopt(config, source, 'text')).rejects.toMatchObject({ code: 'gateway_unavailable' });
    expect([running.source().kind, name(), running.error()]).toEqual(['file', 'first', null]);
    refusal = undefined;
    await running.adopt(config, source, 'text');
    expect([running.source(), running.text(), name(), taken]).toEqual([source, 'text', 'default', ['taken']]);
  });
});
