import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InstanceState, ModeAnswer, Overview } from '../../lib/contracts/overview.ts';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { ask as send } from '../support/raw-client.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/** Prints every module that a process loads. */
const TELL_MODULES = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write('loads ' + url + '\\n'); return next(url, context); } });`;

/** Within this an instance that stops is shown as missing, ms. */
const MISSING_MS = 3_000;
/** The same, and the 5 s that health waits before it turns; twice, for a busy machine. */
const DEGRADED_MS = 16_000;
/** Within this one that ended in peace is off a console's list: it looks twice a second and samples once. */
const LEFT_MS = 2_000;

let redis: RedisServer;
let origin: Origin;
const servers: ReadyServer[] = [];

beforeEach(async () => {
  redis = await startRedis();
  origin = await startOrigin();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await origin.close();
  await redis.stop();
});

async function start(
  name: string,
  env: Record<string, string> = {},
  nodeArguments: readonly string[] = [],
): Promise<ReadyServer> {
  const all = { PITWALL_UPSTREAM: origin.url, REDIS_URL: redis.url, PITWALL_INSTANCE: name, LOG_LEVEL: 'warn', ...env };
  const server = await startServer(all, nodeArguments);
  servers.push(server);
  return server;
}

const get = async (server: ReadyServer, path: string): Promise<string> =>
  (await fetch(server.gatewayUrl + path)).text();

async function setMode(server: ReadyServer, mode: string): Promise<ModeAnswer> {
  const response = await fetch(`${server.consoleUrl}/api/services/default/mode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode, reason: 'a test' }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as ModeAnswer;
}

async function instancesOf(server: ReadyServer): Promise<InstanceState[]> {
  return (await consoleApi(server.consoleUrl).overview()).instances;
}

async function healthOf(server: ReadyServer): Promise<Overview['health']> {
  return (await consoleApi(server.consoleUrl).overview()).health;
}

const briefly = (instances: readonly InstanceState[]): string[] =>
  instances.map(({ instance, worker, state, local }) => `${instance}/${worker} ${state}${local ? ' local' : ''}`);

/** Asks until both bodies come from the origin: a gateway that caches answers the second from its store. */
async function bypasses(server: ReadyServer): Promise<boolean> {
  const path = `/probe-${Math.random()}`;
  return (await get(server, path)) !== (await get(server, path));
}

describe('a gateway alone and a console alone', () => {
  it('are one product over Redis: workers one by one, modes, configuration, health', async () => {
    const gateway = await start('gate', { PITWALL_ROLES: 'gateway', PITWALL_WORKERS: '2' });
    const board = await start('board', { PITWALL_ROLES: 'console' });
    expect(gateway.output()).toContain('Health   ');
    expect(board.output()).toContain('board, a console alone');
    expect(board.gatewayUrl).toBe('');

    await eventually(async () => expect(briefly(await instancesOf(board))).toEqual(['gate/0 ok', 'gate/1 ok']));
    for (let i = 0; i < 20; i++) await get(gateway, `/counted?${i % 2}`);
    await eventually(async () => {
      const overview = await consoleApi(board.consoleUrl).overview();
      const rates = overview.instances.map(({ requestsPerSecond }) => requestsPerSecond ?? 0);
      expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeGreaterThan(0);
      expect(overview.gateway).toMatchObject({ url: gateway.gatewayUrl, workers: 2 });
      expect(overview.levels.find(({ level }) => level === 'l3')).toMatchObject({ kind: 'redis', state: 'ok' });
    });

    expect(await setMode(board, 'bypass')).toMatchObject({ mode: 'bypass', unreached: [] });
    for (let i = 0; i < 8; i++) expect(await bypasses(gateway)).toBe(true);

    const config = await fetch(`${board.consoleUrl}/api/config`);
    expect(await config.json()).toMatchObject({ source: { kind: 'upstream', url: origin.url } });
    for (const server of [gateway, board]) {
      expect((await fetch(`${server.consoleUrl}/readyz`)).status).toBe(200);
      expect((await fetch(`${server.consoleUrl}/healthz`)).status).toBe(200);
      expect(await (await fetch(`${server.consoleUrl}/metrics`)).text()).toContain('pitwall_build_info');
    }
    expect((await fetch(`${gateway.consoleUrl}/`)).status).toBe(404);
    expect((await fetch(`${gateway.consoleUrl}/api/config`)).status).toBe(404);
    expect((await fetch(`${board.consoleUrl}/`)).status).toBe(200);
  });

  it('load only what they need: no pages, no sockets, no live data and no database in a gateway', async () => {
    const tell = ['--import', `data:text/javascript,${encodeURIComponent(TELL_MODULES)}`];
    const gateway = await start('gate', { PITWALL_ROLES: 'gateway' }, tell);
    const loaded = [...gateway.output().matchAll(/^loads (\S+)$/gm)].map(([, url = '']) => url);
    expect(loaded.some((url) => url.endsWith('/lib/gateway/worker.ts'))).toBe(true);
    const unwanted =
      /\/node_modules\/(next|react|socket\.io|@prisma|better-sqlite3|pg)\/|\/lib\/(live|queue|storage\/database)\//;
    expect(loaded.filter((url) => unwanted.test(url))).toEqual([]);
  });

  it('drain, each by itself, and a gateway that ends in peace is off the list', async () => {
    const gateway = await start('gate', { PITWALL_ROLES: 'gateway', PITWALL_DRAIN_GRACE: '500' });
    const board = await start('board', { PITWALL_ROLES: 'console' });
    await eventually(async () => expect(briefly(await instancesOf(board))).toEqual(['gate/0 ok']));
    gateway.signal('SIGTERM');
    expect(await gateway.exited).toBe(0);
    await eventually(async () => expect(await redis.command('hexists', 'pitwall:control:fleet', 'i:gate')).toBe(0));
    await eventually(async () => {
      const response = await fetch(`${board.consoleUrl}/api/services`);
      expect(response.status).toBe(503);
    });
    expect((await fetch(`${board.consoleUrl}/readyz`)).status).toBe(200);
    board.signal('SIGTERM');
    expect(await board.exited).toBe(0);
  });

  it('go on when Redis goes away, and find each other again when it is back', async () => {
    const gateway = await start('gate', { PITWALL_ROLES: 'gateway' });
    const board = await start('board', { PITWALL_ROLES: 'console' });
    await eventually(async () => expect(briefly(await instancesOf(board))).toEqual(['gate/0 ok']));
    await redis.kill();
    await eventually(async () => expect((await fetch(`${board.consoleUrl}/readyz`)).status).toBe(503));
    expect((await fetch(`${gateway.consoleUrl}/readyz`)).status).toBe(200);
    expect(await get(gateway, '/without-redis')).toMatch(/^call /);
    await eventually(async () => expect(briefly(await instancesOf(board))).toEqual(['gate/0 missing']));
    await redis.restart();
    await eventually(async () => expect(briefly(await instancesOf(board))).toEqual(['gate/0 ok']), 10_000);
    expect((await setMode(board, 'bypass')).unreached).toEqual([]);
  });
});

describe('two instances on one Redis', () => {
  it('take a mode from either console; one that is killed is missing, and has the mode when it is back', async () => {
    const one = await start('one');
    const two = await start('two');
    for (const [server, seen] of [
      [one, ['one/0 ok local', 'two/0 ok']],
      [two, ['one/0 ok', 'two/0 ok local']],
    ] as const) {
      await eventually(async () => expect(briefly(await instancesOf(server))).toEqual(seen));
    }
    expect(await setMode(one, 'bypass')).toMatchObject({ mode: 'bypass', unreached: [] });
    expect(await Promise.all([bypasses(one), bypasses(two)])).toEqual([true, true]);
    await setMode(two, 'cache');
    expect(await Promise.all([bypasses(one), bypasses(two)])).toEqual([false, false]);

    two.signal('SIGKILL');
    await two.exited;
    const killedAt = performance.now();
    await eventually(async () => expect(briefly(await instancesOf(one))).toEqual(['one/0 ok local', 'two/0 missing']));
    // The console looks once a second.
    expect(performance.now() - killedAt).toBeLessThan(MISSING_MS + 1_000);
    expect(await setMode(one, 'bypass')).toMatchObject({ mode: 'bypass', unreached: ['two'] });
    const missing = "1 of 2 instances doesn't answer: two";
    const degraded = { state: 'degraded', why: missing };
    await eventually(async () => expect(await healthOf(one)).toMatchObject(degraded), DEGRADED_MS);

    const again = await start('two');
    await eventually(async () => expect(briefly(await instancesOf(one))).toEqual(['one/0 ok local', 'two/0 ok']));
    await eventually(async () => expect(await bypasses(again)).toBe(true));
    await eventually(async () => expect((await healthOf(one)).why).toContain(`; was: ${missing}`));
  });

  it('don’t miss one that ends in peace: while it drains each worker goes as it ends, then the rest', async () => {
    const one = await start('one');
    const two = await start('two', { PITWALL_WORKERS: '2', PITWALL_DRAIN_GRACE: String(MISSING_MS + 2_000) });
    await eventually(async () =>
      expect(briefly(await instancesOf(one))).toEqual(['one/0 ok local', 'two/0 ok', 'two/1 ok']),
    );
    // Keeps one of the two workers until the end of its grace.
    origin.answer(() => undefined);
    const held = fetch(`${two.gatewayUrl}/never-answered`).catch(() => undefined);
    await origin.called(1);
    const seen = new Set<string>();
    const look = async (): Promise<string[]> => {
      const { instances, health } = await consoleApi(one.consoleUrl).overview();
      for (const state of [...briefly(instances), health.state]) seen.add(state);
      return briefly(instances);
    };
    let endedAt = Infinity;
    void two.exited.then(() => (endedAt = performance.now()));
    two.signal('SIGTERM');
    await eventually(async () => expect(await look()).toHaveLength(2));
    expect(endedAt).toBe(Infinity);
    await eventually(async () => expect(await look()).toEqual(['one/0 ok local']), 10_000);
    expect(performance.now() - endedAt).toBeLessThan(LEFT_MS);
    expect(await two.exited).toBe(0);
    await held;
    expect([...seen].sort()).toEqual(['healthy', 'one/0 ok local', 'two/0 ok', 'two/1 ok']);
  });

  it('follow a clear, undo it, and say who couldn’t follow', async () => {
    const one = await start('one');
    const two = await start('two');
    const api = consoleApi(one.consoleUrl);
    await eventually(async () => expect(await instancesOf(one)).toHaveLength(2));
    const host = { headers: { host: 'shop.test' } };
    let page = '';
    const ask = async (server: ReadyServer): Promise<string> => {
      return (await send(Number(new URL(server.gatewayUrl).port), page, host)).text;
    };
    let pages = 0;
    // A busy machine may miss a deadline of Redis; then each has an answer of its own, and another page is tried.
    const first = await eventually(async () => {
      page = `/page/${++pages}`;
      const text = await ask(one);
      expect(await ask(two)).toBe(text);
      return text;
    });

    const hard = await api.ended((await api.clear({ scope: { key: `http://shop.test${page}` }, mode: 'hard' })).id);
    expect(hard).toMatchObject({ kind: 'clear', state: 'done', title: `Clear http://shop.test${page}, hard` });
    expect(hard.outcomes).toEqual([
      { instance: 'one', worker: 0, state: 'confirmed', detail: null },
      { instance: 'two', worker: 0, state: 'confirmed', detail: null },
    ]);
    const second = await ask(two);
    expect(second).not.toBe(first);
    await expect(api.undo(hard.id)).rejects.toMatchObject({ code: 'conflict' });

    const soft = await api.ended((await api.clear({ scope: { prefix: 'http://shop.test/' } })).id);
    const undone = await api.ended((await api.undo(soft.id)).id);
    expect(undone).toMatchObject({ kind: 'undo', state: 'done' });
    expect(await ask(two)).toBe(second);
    await expect(api.undo('nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(api.undo(undone.id)).rejects.toMatchObject({ code: 'conflict' });

    two.signal('SIGKILL');
    await two.exited;
    const late = await eventually(async () => {
      const cleared = await api.ended((await api.clear({ scope: { all: true }, mode: 'hard' })).id, 10_000);
      expect(cleared.outcomes.map(({ instance, state }) => `${instance} ${state}`)).toEqual([
        'one confirmed',
        'two unconfirmed',
      ]);
      return cleared;
    }, 10_000);
    await start('two');
    await eventually(async () => {
      expect(await api.job(late.id)).toMatchObject({
        state: 'done',
        progress: { done: 2, total: 2 },
        outcomes: [
          { instance: 'one', state: 'confirmed', detail: null },
          { instance: 'two', state: 'confirmed', detail: expect.stringMatching(/^\d+ s later$/) as string },
        ],
        result: { confirmed: 2, unconfirmed: 0 },
      });
    }, 10_000);
    await redis.kill();
    await expect(api.clear({ scope: { all: true }, mode: 'hard' })).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });

  it('forget what an unsafe request through the other has changed', async () => {
    const one = await start('one');
    const two = await start('two', { PITWALL_WORKERS: '2' });
    const through = async (server: ReadyServer, method: string): Promise<string> =>
      (await send(Number(new URL(server.gatewayUrl).port), '/thing', { method, headers: { host: 'shop.test' } })).text;
    const before = new Set([await through(one, 'GET')]);
    for (let i = 0; i < 6; i++) before.add(await through(two, 'GET'));
    await through(one, 'POST');
    const renewed = await eventually(async () => {
      const text = await through(two, 'GET');
      expect(before).not.toContain(text);
      return text;
    });
    for (let i = 0; i < 6; i++) expect(await through(two, 'GET')).toBe(renewed);
  });
});
