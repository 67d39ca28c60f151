import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { attachInspector, type Inspector } from '../support/inspector.ts';
import { ask } from '../support/raw-client.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';
import { versionedOrigin, versionedTraffic, type VersionedOrigin } from '../support/versioned-traffic.ts';

const HOST = 'shop.test';
const PATHS = Array.from({ length: 20 }, (_, i) => `/page/${i}`);
let origin: VersionedOrigin;
let server: ReadyServer;
let inspector: Inspector;

beforeAll(async () => {
  origin = await versionedOrigin();
  server = await startServer({ PITWALL_UPSTREAM: origin.url, PITWALL_WORKERS: '2' }, ['--inspect=127.0.0.1:0']);
  const [, url = ''] = await server.prints(/Debugger listening on (ws:\S+)/);
  inspector = await attachInspector(url);
});

afterAll(async () => {
  inspector.close();
  await server.stop();
  await origin.close();
});

it('a storage thread that dies costs no request and no clear, and both workers find the next one', async () => {
  const api = consoleApi(server.consoleUrl);
  const traffic = versionedTraffic({ host: HOST, paths: PATHS });
  const clear = async (path: string): Promise<void> => {
    const version = origin.change(path);
    await api.clear({ scope: { key: `http://${HOST}${path}` }, mode: 'hard' });
    traffic.cleared(path, version);
  };
  traffic.at([server.gatewayUrl]);
  await traffic.goesOn(200);
  await clear('/page/1');
  const storage = await eventually(() => {
    const found = inspector.workers.find(({ title }) => title.includes('disk-worker'));
    if (found === undefined) throw new Error(inspector.workers.map(({ title }) => title).join(', '));
    return found;
  });
  storage.run('process.exit(9)');
  await server.prints(/The storage thread died with exit code 9; starting it again in 1 s\./);
  await traffic.goesOn(200);
  await server.prints(/The storage thread runs again\./);
  await clear('/page/2');
  await traffic.goesOn(200);
  await eventually(async () => {
    const { instances } = await api.overview();
    expect(
      instances.map(({ clears, levels }) => [clears.state, levels.find(({ level }) => level === 'l3')?.state]),
    ).toEqual([
      ['confirmed', 'ok'],
      ['confirmed', 'ok'],
    ]);
  });
  const { failed, cleared } = await traffic.stop();
  expect({ failed, cleared }).toEqual({ failed: [], cleared: [] });
  await ask(Number(new URL(server.gatewayUrl).port), '/after', { headers: { Host: HOST } });
  await eventually(async () => {
    const { levels } = await api.overview();
    expect(levels.find(({ level }) => level === 'l3')?.entries).toBeGreaterThanOrEqual(PATHS.length);
  });
});
