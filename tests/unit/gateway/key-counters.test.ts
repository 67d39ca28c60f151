import { describe, expect, it } from 'vitest';
import type { KeyCounters } from '../../../lib/contracts/control.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gatewayConfig } from '../../support/gateway.ts';
import { ask } from '../../support/raw-client.ts';

const { origin, gateway, open } = gatewayScene({}, (request, response) => {
  const path = request.url as string;
  response.writeHead(path.startsWith('/gone') ? 503 : 200, {
    'Cache-Control': path.startsWith('/private') ? 'no-store' : 'max-age=60, stale-while-revalidate=60',
  });
  response.end(path);
});

async function read(): Promise<KeyCounters> {
  const { keys } = await gateway.gateway.snapshot({ keys: { top: 200, hours: 1 } });
  if (keys === undefined) throw new Error('the snapshot has no keys');
  return keys;
}

const pathOf = (key: string): string => new URL(key.split(' ')[1] as string).pathname;

/** Counts by path, once they are as expected: hits of L1 come with the next harvest. */
async function expectCounts(asked: Record<string, number>, missed: Record<string, object>): Promise<void> {
  await eventually(async () => {
    const keys = await read();
    expect(Object.fromEntries(keys.asked.map(({ key, count }) => [pathOf(key), count]))).toEqual(asked);
    expect(Object.fromEntries(keys.missed.map(({ key, reasons }) => [pathOf(key), reasons]))).toEqual(missed);
  });
}

/** A miss, an answer from L2 that is rendered, then `hits` from L1. */
async function visit(path: string, hits = 0): Promise<void> {
  for (let n = 0; n < 2 + hits; n++) await ask(gateway.port, path);
}

describe('the counters of keys', () => {
  it('count every level’s answers as asked, and what went past them as missed', async () => {
    await open();
    await visit('/a', 3);
    await ask(gateway.port, '/a', { method: 'HEAD' });
    for (let n = 0; n < 2; n++) await ask(gateway.port, '/private');
    await ask(gateway.port, '/gone');
    await expectCounts(
      { '/a': 6, '/private': 2, '/gone': 1 },
      { '/a': { cold: 1 }, '/private': { 'no-store': 2 }, '/gone': { cold: 1 } },
    );
    const [first] = (await read()).asked;
    expect(first).toMatchObject({ service: 's', route: '*', error: 0 });
    expect(first?.key).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/a realm=s\/\S+$/);
    expect((await gateway.route()).results.l1).toBe(3);
  });

  it('count a stale answer as asked, not as missed', async () => {
    await open();
    await ask(gateway.port, '/a');
    gateway.advance(61_000);
    await ask(gateway.port, '/a');
    expect((await gateway.route()).results.stale).toBe(1);
    await expectCounts({ '/a': 2 }, { '/a': { cold: 1 } });
  });

  it('count nothing that has no key', async () => {
    await open();
    await ask(gateway.port, '/a', { method: 'DELETE' });
    await gateway.setMode('bypass');
    await ask(gateway.port, '/a');
    await expectCounts({}, {});
  });

  it('count the hits of slots that are dropped before they are harvested', async () => {
    await open();
    await visit('/a', 2);
    await ask(gateway.port, '/a', { method: 'DELETE' });
    expect((await gateway.snapshot()).levels[0]?.entries).toBe(0);
    expect((await read()).asked.map(({ count }) => count)).toEqual([4]);
  });

  it('count the hits of before a reload, of two as well once they are harvested, and those after it', async () => {
    await open();
    await visit('/a', 2);
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(origin.url) });
    await visit('/a', 1);
    await expectCounts({ '/a': 7 }, { '/a': { cold: 1 } });
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(origin.url) });
    await expectCounts({ '/a': 7 }, { '/a': { cold: 1 } });
  });

  it('are in a snapshot only where it asks for them, with as many rows as it wants', async () => {
    await open();
    for (const path of ['/a', '/b', '/c']) await ask(gateway.port, path);
    expect(await gateway.snapshot()).not.toHaveProperty('keys');
    expect(await gateway.gateway.snapshot({})).not.toHaveProperty('keys');
    const { keys } = await gateway.gateway.snapshot({ keys: { top: 2, hours: 6 } });
    expect(keys?.asked).toHaveLength(2);
    expect(keys?.unlisted).toEqual({ asked: 1, missed: 1 });
    expect(keys?.from).toBeLessThanOrEqual(Date.now());
  });
});
