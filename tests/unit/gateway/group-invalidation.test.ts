import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import { openGateway, type TestGateway } from '../../support/gateway.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { ask, type Answer } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';
import { sharedLevel } from '../../support/shared-level.ts';

/* Groups that an unsafe request has changed (RFC 9875 section 3): gone for who asks once it is answered, of their origin alone. */
const { origin, gateway, open, get } = gatewayScene();
const others: TestGateway[] = [];
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
});

/** Answers "answer n"; GET fresh and in `groups`, all else naming `invalidated`. */
function answering(groups: string, invalidated: string, status = 200): void {
  origin.script((request, response) => {
    const headers = { 'Cache-Control': 'max-age=60', 'Cache-Groups': groups };
    if (request.method === 'GET') response.writeHead(200, headers);
    else response.writeHead(status, { 'Cache-Group-Invalidation': invalidated });
    response.end(`answer ${origin.seen.length}`);
  });
}

const of = (host: string, method = 'GET') => ({ method, headers: { Host: host } });
/** Whether what was stored answers, twice: from L2 or L1, then from L1. */
async function isHit(path: string, host = 'a.test'): Promise<boolean> {
  const answers = [await get(path, of(host)), await get(path, of(host))];
  return String(answers[0]?.headers['cache-status']).includes('; hit');
}
async function store(paths: readonly string[], host = 'a.test'): Promise<void> {
  for (const path of paths) for (let n = 0; n < 3; n++) await get(path, of(host));
}

describe('Cache-Group-Invalidation', () => {
  it('clears the members of the groups that it names before it is answered, from L1 too, and no others', async () => {
    await open();
    answering('"list", "all"', '');
    await store(['/list']);
    answering('"item";x=1', '');
    await store(['/item']);
    answering('"List", "lis", "list "', '"list";a, "none"');
    await store(['/else']);
    const changed = await get('/items', of('a.test', 'POST'));
    // Caches in front of this one want it too.
    expect([changed.status, changed.headers['cache-group-invalidation']]).toEqual([200, '"list";a, "none"']);
    expect([await isHit('/list'), await isHit('/item'), await isHit('/else')]).toEqual([false, true, true]);
    answering('"list"', '"item", "all"');
    await get('/list', of('a.test', 'DELETE'));
    expect(await isHit('/item')).toBe(false);
  });

  it.each([
    ['a safe method', 'OPTIONS', '"g"', 200],
    ['a failure', 'POST', '"g"', 400],
    ['a failure of the origin', 'PUT', '"g"', 500],
    ['no list of strings', 'POST', '"g", h', 200],
    ['a token', 'POST', 'g', 200],
    ['nothing', 'POST', '', 200],
  ])('is ignored with %s', async (_, method, invalidated, status) => {
    await open();
    answering('"g", "h"', invalidated, status);
    await store(['/a']);
    await get('/b', of('a.test', method));
    expect(await isHit('/a')).toBe(true);
  });

  it('leaves a trace: an event and a count of its service', async () => {
    await open();
    answering('"g"', '"g", "h"');
    await get('/b', of('a.test', 'POST'));
    const at = expect.any(Number) as number;
    expect(gateway.events).toContainEqual({
      type: 'groups-cleared',
      service: 's',
      origin: 'http://a.test',
      groups: ['g', 'h'],
      clears: 2,
      at,
    });
    expect((await gateway.snapshot()).groupClears).toEqual({ s: 2 });
  });

  it('is ignored on an answer to GET', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'max-age=60', 'Cache-Groups': '"g"', 'Cache-Group-Invalidation': '"g"' }, 'x');
    await store(['/a', '/b']);
    expect([await isHit('/a'), await isHit('/b')]).toEqual([true, true]);
  });

  it('holds the answer until the log has it, with all that follows the head', async () => {
    const clears = createMemoryClears();
    const [asked, written] = [gate(), gate()];
    await open({
      clears: {
        ...clears,
        async append(draft) {
          asked.open();
          await written.opened;
          return clears.append(draft);
        },
      },
    });
    answering('"g"', '"g"');
    await store(['/a']);
    let answered = false;
    const changing = get('/b', of('a.test', 'POST')).finally(() => (answered = true));
    await asked.opened;
    await isHit('/a');
    expect(answered).toBe(false);
    written.open();
    const changed = await changing;
    expect(changed.text).toBe('answer 2');
    expect(await isHit('/a')).toBe(false);
  });

  it('holds for redirects too', async () => {
    await open();
    answering('"g"', '"g"', 303);
    await store(['/a']);
    await get('/b', of('a.test', 'POST'));
    expect(await isHit('/a')).toBe(false);
  });

  it('clears nothing of another host, port or service', async () => {
    const config = resolveConfig(
      {
        services: [
          { name: 's', hosts: ['a.test', 'b.test'], targets: [{ url: origin.url }] },
          { name: 'o', hosts: ['c.test'], targets: [{ url: origin.url }] },
        ],
      },
      { cacheTtl: 0, readFile: () => '' },
    );
    const two = await openGateway(origin.url, {}, config);
    others.push(two);
    answering('"g"', '"g"');
    const from = (host: string, method = 'GET'): Promise<Answer> => ask(two.port, '/', of(host, method));
    const hosts = ['a.test', 'b.test', 'a.test:81', 'c.test'];
    for (const host of hosts) await from(host);
    await ask(two.port, '/else', of('a.test', 'POST'));
    const hits = await Promise.all(hosts.map(async (host) => String((await from(host)).headers['cache-status'])));
    expect(hits.map((status) => status.includes('; hit'))).toEqual([false, true, true, true]);
  });

  it('clears with every instance, in L3 too, and for good', async () => {
    const [clears, persistent] = [createMemoryClears(), sharedLevel({ shared: true })];
    await open({ clears, persistent });
    const other = await openGateway(origin.url, { clears, persistent, instance: 'other' });
    others.push(other);
    answering('"g"', '"g"');
    await store(['/a']);
    const there = (path: string, method = 'GET'): Promise<Answer> => ask(other.port, path, of('a.test', method));
    expect(String((await there('/a')).headers['cache-status'])).toContain('detail=l3');
    await there('/b', 'POST');
    await gateway.gateway.command({ type: 'follow-clears', number: (await clears.head()).number });
    expect(await isHit('/a')).toBe(false);
    await get('/b', of('a.test', 'POST'));
    const restarted = await openGateway(origin.url, { clears, persistent, instance: 'restarted' });
    others.push(restarted);
    expect(String((await ask(restarted.port, '/a', of('a.test'))).headers['cache-status'])).toContain('fwd=');
  });

  it('keeps what was asked before it and comes after from being shared or stored', async () => {
    await open();
    const gate = Promise.withResolvers<void>();
    origin.script((request, response) => {
      if (request.method === 'POST') response.writeHead(200, { 'Cache-Group-Invalidation': '"g"' }).end();
      else
        void gate.promise.then(() =>
          response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Cache-Groups': '"g"' }).end(),
        );
    });
    const before = get('/a', of('a.test'));
    await origin.arrived(1);
    await get('/b', of('a.test', 'POST'));
    gate.resolve();
    await before;
    expect(await isHit('/a')).toBe(false);
  });

  it('of more groups than are cleared one by one clears all of the origin', async () => {
    await open();
    answering('"g"', Array.from({ length: 33 }, (_, i) => `"x${i}"`).join(', '));
    await store(['/a']);
    await store(['/a'], 'b.test');
    await get('/b', of('a.test', 'POST'));
    expect([await isHit('/a'), await isHit('/a', 'b.test')]).toEqual([false, true]);
  });
});
