import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClearLog } from '../../../lib/cache/clear-log.ts';
import type { Entry } from '../../../lib/cache/entry.ts';
import { createMemoryLevel, type MemoryLevel } from '../../../lib/cache/stores/memory-level.ts';
import { HotCache, RESIDENCY_MS } from '../../../lib/gateway/hot-cache.ts';
import type { Origin } from '../../../lib/gateway/origin.ts';
import { runServices, type RouteRuntime } from '../../../lib/gateway/service-runtime.ts';
import { manualClock, type ManualClock } from '../../../lib/kernel/clock.ts';
import { gatewayConfig } from '../../support/gateway.ts';
import { ask } from '../../support/raw-client.ts';
import { sampleEntry } from '../../support/sample-entry.ts';

let l1: HotCache;
let l2: MemoryLevel;
let server: Server;
let port: number;
let route: RouteRuntime;
/** What was handed on: path, hits. */
let told: [string, number][];
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock();
  told = [];
  l2 = createMemoryLevel({ budgetBytes: 1_000_000, clock, onEvict: (entry) => l1.drop(entry) });
  l1 = new HotCache({
    clock,
    l2,
    clearLog: createClearLog({ maxNames: 10, maxPatterns: 10 }),
    budgetBytes: 1_000_000,
    pseudonym: 'pitwall',
    hasTrustedProxies: false,
    sendTimeout: 1_000,
    keepAlive: 1_000,
    nextId: () => 'id',
    redactKey: (key) => key,
    onHits: ({ key }, { service }, hits) =>
      told.push([`${service.config.name} ${new URL(key.slice(4)).pathname}`, hits]),
  });
  const [service] = runServices(gatewayConfig('http://127.0.0.1:1'), [], () => ({}) as Origin);
  route = service?.routes[0] as RouteRuntime;
  server = createServer((req, res) => {
    if (l1.answer(req, res, clock.mono()) === undefined) res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Stores and renders an entry, then hits it so many times. */
async function hit(path: string, hits: number): Promise<Entry> {
  const [known] = l2.read(`GET http://a.test${path}`) ?? [];
  const entry = known ?? sampleEntry({ key: `GET http://a.test${path}` });
  if (known === undefined) {
    l2.write(entry);
    l1.render(path, `127.0.0.1:${port}`, entry, route, 0);
  }
  for (let n = 0; n < hits; n++) expect((await ask(port, path)).status).toBe(200);
  return entry;
}

it('hands each slot’s hits on once, no more slots at a time than it may', async () => {
  for (const [path, hits] of [
    ['/a', 1],
    ['/b', 0],
    ['/c', 2],
    ['/d', 3],
  ] as const)
    await hit(path, hits);
  expect(l1.harvest(2)).toBe(false);
  expect(told).toEqual([['s /a', 1]]);
  await hit('/a', 1);
  expect(l1.harvest(2)).toBe(false);
  expect(told.slice(1)).toEqual([
    ['s /c', 2],
    ['s /d', 3],
  ]);
  expect(l1.harvest(2)).toBe(true);
  expect(told).toHaveLength(3);
  // The next round begins anew: what was hit behind the first one's back.
  expect(l1.harvest(5)).toBe(true);
  expect(told.slice(3)).toEqual([['s /a', 1]]);
});

it('goes on where slots come and go within a round, and hands on what is dropped', async () => {
  const [a, b] = [await hit('/a', 1), await hit('/b', 2)];
  await hit('/c', 3);
  expect(l1.harvest(1)).toBe(false);
  l1.drop(a);
  l1.drop(b);
  expect(told).toEqual([
    ['s /a', 1],
    ['s /b', 2],
  ]);
  await hit('/d', 4);
  expect(l1.harvest(9)).toBe(true);
  expect(told.slice(2)).toEqual([
    ['s /c', 3],
    ['s /d', 4],
  ]);
});

it('begins with what was there before a reload, even in the middle of a round', async () => {
  await hit('/a', 1);
  const b = await hit('/b', 2);
  expect(l1.harvest(1)).toBe(false);
  await hit('/a', 1);
  l1.clear();
  l1.render('/b', `127.0.0.1:${port}`, b, route, 0);
  await hit('/b', 3);
  expect(told).toEqual([['s /a', 1]]);
  expect(l1.harvest(9)).toBe(true);
  expect(told.slice(1)).toEqual([
    ['s /a', 1],
    ['s /b', 2],
    ['s /b', 3],
  ]);
  expect(l1.harvest(1)).toBe(false);
  expect(l1.harvest(1)).toBe(true);
  expect(told).toHaveLength(4);
});

it('counts for L2 what it answers: once in each residency, however many', async () => {
  const { key } = await hit('/a', 5);
  const uses = l2.markOf(key)?.uses ?? 0;
  await hit('/b', 1);
  clock.advance(RESIDENCY_MS);
  for (let n = 0; n < 5; n++) await ask(port, '/a');
  clock.advance(RESIDENCY_MS);
  await ask(port, '/a');
  expect(l2.markOf(key)?.uses).toBe(uses + 2);
});
