import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { consoleApi } from '../support/console-api.ts';
import { ask } from '../support/raw-client.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';
import { versionedOrigin, versionedTraffic, type VersionedOrigin } from '../support/versioned-traffic.ts';

const HOST = 'shop.test';
const KILLS = 20;
/** What the product promises: an entry answered this long ago survives, ms. */
const SURVIVES_MS = 100;

let data: string;
let origin: VersionedOrigin;
let server: ReadyServer | undefined;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'pitwall-faults-'));
  origin = await versionedOrigin();
});

afterEach(async () => {
  await server?.stop();
  await origin.close();
  rmSync(data, { recursive: true, force: true });
});

async function start(): Promise<ReadyServer> {
  server = await startServer({ PITWALL_UPSTREAM: origin.url, PITWALL_DATA_DIR: data, LOG_LEVEL: 'error' });
  return server;
}

async function kill(running: ReadyServer): Promise<void> {
  running.signal('SIGKILL');
  await running.exited;
}

const port = (running: ReadyServer): number => Number(new URL(running.gatewayUrl).port);

it('what was answered 100 ms before a kill -9 is answered from L3 after it', async () => {
  const first = await start();
  const paths = Array.from({ length: 200 }, (_, i) => `/kept/${i}`);
  for (const path of paths) await ask(port(first), path, { headers: { Host: HOST } });
  await pause(SURVIVES_MS);
  await kill(first);
  const calls = origin.calls();
  const second = await start();
  const found = [];
  for (const path of paths) found.push(await ask(port(second), path, { headers: { Host: HOST } }));
  expect(found.filter(({ headers }) => !String(headers['cache-status']).endsWith('detail=l3'))).toEqual([]);
  expect(origin.calls()).toBe(calls);
});

it(
  `no cleared entry comes back, and no request fails that could be served, over ${KILLS} times kill -9`,
  { timeout: 240_000 },
  async () => {
    const paths = Array.from({ length: 40 }, (_, i) => `/page/${i}`);
    const traffic = versionedTraffic({ host: HOST, paths });
    for (let kills = 0; kills < KILLS; kills += 1) {
      const running = await start();
      const api = consoleApi(running.consoleUrl);
      traffic.at([running.gatewayUrl]);
      await traffic.goesOn(100);
      for (let turn = 0; turn < 5; turn += 1) {
        const path = paths[(kills * 5 + turn * 3) % paths.length] as string;
        const version = origin.change(path);
        const url = `http://${HOST}${path}`;
        const scope = turn % 2 === 0 ? { key: url } : turn === 1 ? { glob: `*${HOST}${path}` } : { tag: `tag${path}` };
        await api.clear({ scope, mode: 'hard' });
        traffic.cleared(path, version);
        await traffic.goesOn(10);
      }
      traffic.at([]);
      await kill(running);
    }
    const { requests, failed, cleared } = await traffic.stop();
    expect({ failed, cleared }).toEqual({ failed: [], cleared: [] });
    expect(requests).toBeGreaterThan(KILLS * 150);
  },
);
