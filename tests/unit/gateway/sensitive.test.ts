import { describe, expect, it } from 'vitest';
import { isSensitive } from '../../../lib/cache/entry-key.ts';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { shownKey, shownTarget } from '../../../lib/gateway/shown.ts';
import type { RouteRuntime } from '../../../lib/gateway/service-runtime.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gatewayConfig } from '../../support/gateway.ts';
import { ask } from '../../support/raw-client.ts';
import { sharedLevel } from '../../support/shared-level.ts';

const route = (path: string, sensitive: boolean): RouteRuntime =>
  ({ route: { path, policy: { sensitive } }, realm: 's/1/sensitive' }) as RouteRuntime;

describe('what is shown of a request on a sensitive route', () => {
  it.each([
    ['/people/:id', '/people/4711', '/people/:id'],
    ['/people/:id', '/people/4711?q=ann&page=2', '/people/:id?q=…&page=…'],
    ['/*', '/a/b/c?secret', '/*?…'],
    ['/*', '/?a==b&&c=?d', '/*?a=…&…&c=…'],
    ['/login', 'http://a.test/login?token=x', '/login?token=…'],
  ])('%s: %s is %s', (path, target, shown) => {
    expect(shownTarget(route(path, true), target)).toBe(shown);
    expect(shownTarget(route(path, false), target)).toBe(target);
  });

  it('is of a key method, host, pattern and realm', () => {
    const key = 'POST http://a.test:80/people/4711?q=ann realm=s/1/sensitive headers=2,6:x-user,3:ann body=abc';
    const shown = 'POST http://a.test:80/people/:id?q=… realm=s/1/sensitive';
    expect(shownKey(route('/people/:id', true), key)).toBe(shown);
    expect(shownKey(route('/people/:id', false), key)).toBe(key);
  });
});

describe('a gateway with a sensitive route', () => {
  const routes = [
    { path: '/people/:id', methods: ['GET', 'HEAD'], policy: { sensitive: true } },
    { path: '/open/:id' },
  ];
  const { origin, gateway, open } = gatewayScene({}, (request, response) => {
    response.writeHead(200, { 'Cache-Control': 'max-age=60' });
    response.end(`${request.method} ${request.url}`);
  });

  it('masks lines of requests and counted keys, from each level', async () => {
    await open({ routes });
    const records: RequestRecord[] = [];
    gateway.gateway.events.on((event) => {
      if (event.type === 'requests') records.push(...event.records);
    });
    gateway.gateway.tail(true);
    for (let n = 0; n < 3; n++) await ask(gateway.port, '/people/ann?token=hush');
    await ask(gateway.port, '/people/bob?token=hush');
    await ask(gateway.port, '/open/ann?page=told');
    await eventually(() => expect(records).toHaveLength(5));
    expect(records.map(({ path, result }) => `${result} ${path}`)).toEqual([
      'origin /people/:id?token=…',
      'l2 /people/:id?token=…',
      'l1 /people/:id?token=…',
      'origin /people/:id?token=…',
      'origin /open/ann?page=told',
    ]);
    await eventually(async () => {
      const { keys } = await gateway.gateway.snapshot({ keys: { top: 10, hours: 1 } });
      const asked = keys?.asked.map(({ key, count }) => [key.replace(/:\d+/, '').split(' realm=')[0], count]);
      expect(asked).toEqual([
        ['GET http://127.0.0.1/people/:id?token=…', 4],
        ['GET http://127.0.0.1/open/ann?page=told', 1],
      ]);
      expect(keys?.asked.map(({ key }) => isSensitive(key))).toEqual([true, false]);
      expect(JSON.stringify(keys)).not.toMatch(/hush|bob/);
    });
  });

  it('keeps its entries under keys of their own, so that marking a route is a miss', async () => {
    const persistent = sharedLevel();
    await open({ routes, persistent });
    await ask(gateway.port, '/people/ann');
    await gateway.gateway.command({
      type: 'configure',
      config: gatewayConfig(origin.url, { routes: [{ path: '/people/:id' }] }),
    });
    await ask(gateway.port, '/people/ann');
    const calls = () => origin.seen.length;
    expect(calls()).toBe(2);
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(origin.url, { routes }) });
    await ask(gateway.port, '/people/ann');
    expect(calls()).toBe(2);
    expect(persistent.reads.map(isSensitive)).toEqual([true, false]);
  });

  it('forgets what an unsafe method of another route has changed', async () => {
    await open({ routes });
    await ask(gateway.port, '/people/ann');
    await ask(gateway.port, '/people/ann', { method: 'DELETE' });
    await ask(gateway.port, '/people/ann');
    expect(origin.seen.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'GET']);
  });
});
