import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as keysRoute from '../../../../app/api/cache/keys/route.ts';
import { createKeyLists } from '../../../../lib/container/key-lists.ts';
import type { GatewaySnapshot, KeyCounters, SnapshotWants } from '../../../../lib/contracts/control.ts';
import { keysSchema, type Keys } from '../../../../lib/contracts/keys.ts';
import { manualClock } from '../../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../../lib/kernel/logger.ts';
import { createKeyCounters, type KeyMeter } from '../../../../lib/metrics/key-counters.ts';
import { publishContainer, type Container } from '../../../../lib/runtime.ts';

const START = Date.UTC(2026, 0, 1);
const keyOf = (path: string, rest = ''): string => `GET http://shop.test${path} realm=shop/abcdefghijk${rest}`;

const reading = (keys: KeyCounters | undefined) =>
  ({ services: [{ service: 'shop' }], keys }) as unknown as GatewaySnapshot;

describe('/api/cache/keys', () => {
  let workers: (KeyMeter | undefined)[];
  let wanted: SnapshotWants[];
  let unpublish = (): void => {};

  beforeEach(() => {
    const clock = manualClock(START);
    workers = [createKeyCounters({ clock }), createKeyCounters({ clock })];
    wanted = [];
    const lists = createKeyLists((wants) => {
      wanted.push(wants);
      const snapshots = workers.map((keys) => reading(wants.keys && keys?.read(wants.keys)));
      return Promise.resolve(snapshots);
    });
    unpublish = publishContainer({ ...lists, logger: silentLogger } as Container);
  });
  afterEach(() => unpublish());

  async function ask<T = Keys>(query = '', method: 'GET' | 'POST' = 'GET') {
    const request = new Request(`http://console.test/api/cache/keys${query}`, { method });
    const response = await keysRoute[method](request, { params: Promise.resolve({}) });
    return { status: response.status, body: (await response.json()) as T };
  }

  it('adds the workers’ counts up, without realms', async () => {
    for (const keys of workers) {
      keys?.asked(keyOf('/a'), 'shop', '*', 3);
      keys?.missed(keyOf('/b', ' headers=2,6:accept,3:*/*'), 'shop', 'b', 'cold');
    }
    workers[0]?.asked(keyOf('/c'), 'shop', '*', 5);
    const { status, body } = await ask('?top=1&hours=2');
    expect(status).toBe(200);
    expect(keysSchema.parse(body)).toEqual({
      from: START,
      rows: [
        {
          key: 'GET http://shop.test/a',
          url: 'http://shop.test/a',
          service: 'shop',
          route: '*',
          count: 6,
          error: 0,
          reasons: {},
        },
      ],
    });
    expect((await ask('?by=missed')).body.rows).toEqual([
      {
        key: 'GET http://shop.test/b headers=2,6:accept,3:*/*',
        url: 'http://shop.test/b',
        service: 'shop',
        route: 'b',
        count: 2,
        error: 0,
        reasons: { cold: 2 },
      },
    ]);
    expect(wanted).toEqual([{ keys: { top: 10, hours: 2 } }, { keys: { top: 200, hours: 6 } }]);
  });

  it('leaves out keys of what is served no more, however often they were asked for', async () => {
    workers[0]?.asked(keyOf('/sample'), 'sample', '*', 100);
    workers[0]?.asked(keyOf('/a'), 'shop', '*', 1);
    expect((await ask('?top=1')).body.rows).toMatchObject([{ service: 'shop', count: 1 }]);
  });

  it('gives no URL that it has only the start of', async () => {
    workers[0]?.asked(keyOf(`/${'a'.repeat(300)}`), 'shop', '*', 1);
    const [row] = (await ask()).body.rows;
    expect(row?.url).toBeNull();
    expect(row?.key).toMatch(/^GET http:\/\/shop\.test\/a+ cut=[\w-]{22}$/);
  });

  it('leaves out a worker that counts no keys, and says so where none does', async () => {
    workers[0]?.asked(keyOf('/a'), 'shop', '*', 1);
    workers[1] = undefined;
    expect((await ask()).body.rows).toHaveLength(1);
    workers[0] = undefined;
    expect(await ask('')).toMatchObject({ status: 503, body: { code: 'gateway_unavailable' } });
  });

  it('answers in problem details', async () => {
    for (const query of ['?top=0', '?top=101', '?hours=0', '?hours=7', '?hours=1.5', '?by=all', '?top=1&top=2']) {
      expect(await ask(query), query).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    }
    expect((await ask('?top=100&hours=6')).status).toBe(200);
    expect(await ask('', 'POST')).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });
});
