import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../lib/config/environment.ts';
import { createContainer, type Container, type Running } from '../../lib/container.ts';
import { overviewSchema } from '../../lib/contracts/overview.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

let redis: RedisServer;
let origin: Origin;
let gate: Running;
let board: Container;
const said: string[] = [];
const directories: string[] = [];

async function open(instance: string, env: Record<string, string>): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-fleet-'));
  directories.push(directory);
  const environment = readEnvironment({
    PORT: '0',
    GATEWAY_PORT: '0',
    PITWALL_DATA_DIR: directory,
    REDIS_URL: redis.url,
    PITWALL_UPSTREAM: origin.url,
    ...env,
  });
  const say = (message: string): void => void said.push(message);
  const logger = { debug() {}, info: say, warn: say, error: say };
  return createContainer(environment, { version: '0.0.0', instance, consoleUrl: 'http://localhost:3000', logger });
}

beforeAll(async () => {
  [redis, origin] = await Promise.all([startRedis(), startOrigin()]);
  gate = await open('gate', { PITWALL_ROLES: 'gateway', PITWALL_WORKERS: '2' });
  board = (await open('board', { PITWALL_ROLES: 'console' })).console as Container;
  await eventually(() => expect(board.tick({ service: 'all', range: '1m' }).instances).toHaveLength(2));
});

afterAll(async () => {
  await board.close();
  await gate.core.close();
  await origin.close();
  await redis.stop();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe('a console alone', () => {
  it('shows and commands the gateways of other processes', async () => {
    expect(gate.console).toBeUndefined();
    expect([board.gatewayUrl, board.source, board.roles]).toEqual([undefined, undefined, ['console']]);
    const overview = overviewSchema.parse(await board.overview({ service: 'default', range: '1m' }));
    expect(overview).toMatchObject({ sampleTraffic: 'off', configError: null, gateway: { url: gate.core.gatewayUrl } });
    expect(overview.instances.map(({ instance, worker, local }) => [instance, worker, local])).toEqual([
      ['gate', 0, false],
      ['gate', 1, false],
    ]);
    expect(await board.runningConfig()).toMatchObject({ source: { kind: 'upstream', url: origin.url } });
    expect(await board.setMode('default', { mode: 'observe', reason: 'look', forMs: 60_000 })).toMatchObject({
      mode: 'observe',
      modeReason: 'look',
      unreached: [],
    });
    expect((await board.services()).map(({ service, mode }) => `${service} ${mode}`)).toEqual(['default observe']);
    await expect(board.setMode('ghost', { mode: 'cache', reason: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    expect(() => board.runSampleTraffic(true)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(await board.metrics.text()).not.toContain('pitwall_requests_total{');
    await board.reopenLogs();
    await gate.core.reopenLogs();
  });

  it('clears everywhere, worker by worker', async () => {
    const { id } = await board.clears.clear({ tag: 'x', service: 'default' }, 'soft');
    const job = await eventually(async () => {
      const found = await board.jobs.find(id);
      expect(found.state).toBe('done');
      return found;
    });
    expect(job.title).toBe('Clear tag x of service default');
    expect(job.outcomes.map(({ instance, worker, state }) => `${instance}/${worker} ${state}`)).toEqual([
      'gate/0 confirmed',
      'gate/1 confirmed',
    ]);
    expect((await board.clears.undo(id)).kind).toBe('undo');
  });

  it('isn’t ready without Redis, says so once, and recovers', async () => {
    expect(await board.missing()).toEqual([]);
    await redis.kill();
    await eventually(async () =>
      expect(await board.missing()).toEqual([expect.stringMatching(/^Redis at .* can't be reached/)]),
    );
    expect(await gate.core.missing()).toEqual([]);
    await expect(board.clears.clear({ all: true }, 'hard')).rejects.toMatchObject({ code: 'storage_unavailable' });
    await eventually(async () =>
      expect(await board.services().catch((error: { code: string }) => error.code)).toBe('gateway_unavailable'),
    );
    await expect(board.runningConfig()).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await redis.restart();
    await eventually(async () => expect(await board.services()).toHaveLength(1), 10_000);
    expect(await board.missing()).toEqual([]);
    expect(said.filter((line) => line.includes('Traffic goes on without it'))).not.toEqual([]);
    await eventually(() => expect(said).toContain('Redis can be reached again.'));
    board.announceDrain();
    expect(await board.missing()).toEqual(['The server is shutting down.']);
    await board.drain(0);
  });
});
