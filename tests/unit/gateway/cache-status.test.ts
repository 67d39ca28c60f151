import { describe, expect, it } from 'vitest';
import { MISS_REASONS } from '../../../lib/contracts/traffic.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { failedStatus, forwardedStatus, keyParameter } from '../../../lib/gateway/cache-status.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import type { Answer } from '../../support/raw-client.ts';
import { rawExchange } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

/* Cache-Status as RFC 9211 has it, on each way in which an answer comes about. */
/** Whatever the origin's Date, it's in the future: no answer is older on arrival than its Age says. */
const { origin, gateway, open, get } = gatewayScene({ wall: Date.UTC(2000, 0, 1) });
const status = async (answer: Promise<Answer>): Promise<string> => String((await answer).headers['cache-status']);
const FRESH = { 'Cache-Control': 'max-age=60', ETag: '"a"' };

describe('the texts', () => {
  const NONE = { status: undefined, storedTtl: undefined, collapsed: false };

  it('have a forward reason of section 2.2 for each of ours', () => {
    const tokens = ['bypass', 'method', 'uri-miss', 'vary-miss', 'miss', 'request', 'stale', 'partial'];
    for (const reason of MISS_REASONS) {
      const text = forwardedStatus('p', { ...NONE, forward: reason, reason });
      expect(tokens).toContain(/^p; fwd=([a-z-]+); detail=/.exec(text)?.[1]);
      expect(text.endsWith(`; detail=${reason}`)).toBe(true);
    }
  });

  it('have every parameter that holds, and no other', () => {
    const all = { forward: 'cold', reason: 'no-store', status: 200, storedTtl: -3, collapsed: true } as const;
    expect(forwardedStatus('p', all)).toBe(
      'p; fwd=uri-miss; fwd-status=200; stored; ttl=-3; collapsed; detail=no-store',
    );
    expect(failedStatus('p', 'expired', 'origin_timeout')).toBe('p; fwd=stale; detail=origin_timeout');
    expect(failedStatus('p', 'cold', 'breaker_open')).toBe('p; detail=breaker_open');
    expect(failedStatus('p', undefined, 'client_gone')).toBe('p; detail=client_gone');
  });

  it('have the key as a string of structured fields, without its realm, and bounded', () => {
    const key = 'GET http://a.test/ realm=s/abc headers=2,1:a,4:"\\é';
    expect(keyParameter(key)).toBe('; key="GET http://a.test/ headers=2,1:a,4:\\"\\\\%C3%A9"');
    expect(keyParameter(undefined)).toBe('');
    expect(keyParameter(`GET http://a.test/${'x'.repeat(9_000)}`).length).toBeLessThan(1_100);
  });
});

describe('an answer of the origin', () => {
  it('tells how long what is stored of it stays fresh, also to who shares it later, and after a 304', async () => {
    await open();
    const held = gate();
    origin.script((_, response) => {
      response.writeHead(200, { ...FRESH, Age: '20' });
      response.write('first');
      void held.opened.then(() => response.end());
    });
    const told = gate();
    const first = get('/', { onHead: () => told.open() });
    await told.opened;
    gateway.advance(10_000);
    const later = gate();
    const second = get('/', { onHead: () => later.open() });
    await later.opened;
    held.open();
    expect(await status(first)).toBe('pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=40; detail=cold');
    expect(await status(second)).toBe('pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=30; collapsed; detail=cold');
    origin.reply(FRESH, '', 304);
    gateway.advance(31_000);
    expect(await status(get())).toBe('pitwall; fwd=stale; fwd-status=304; stored; ttl=60; detail=expired');
  });

  it('is stored stale where it must be confirmed each time', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'no-cache', ETag: '"a"' }, 'x');
    expect(await status(get())).toBe('pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=0; detail=cold');
    expect(await status(get('/h', { method: 'HEAD' }))).toBe('pitwall; fwd=uri-miss; fwd-status=200; detail=method');
  });

  it('tells why it was asked for beside why it is not stored', async () => {
    await open();
    origin.reply(FRESH, 'x');
    await get();
    gateway.advance(61_000);
    origin.reply({ 'Cache-Control': 'no-store' }, 'x');
    expect(await status(get())).toBe('pitwall; fwd=stale; fwd-status=200; detail=no-store');
    expect(await status(get('/new'))).toBe('pitwall; fwd=uri-miss; fwd-status=200; detail=no-store');
    expect(await status(get('/', { method: 'POST' }))).toBe('pitwall; fwd=method; fwd-status=200; detail=method');
  });
});

describe('a failure', () => {
  it('tells its code, and a forward reason only where the request went forward', async () => {
    await open({ policy: { honourRequestDirectives: true }, service: { breaker: { failures: 1, openFor: '1m' } } });
    expect(await status(get('/', { headers: { 'Cache-Control': 'only-if-cached' } }))).toBe(
      'pitwall; detail=only_if_cached',
    );
    origin.script((request) => request.socket.destroy());
    expect(await status(get('/', { method: 'POST' }))).toBe('pitwall; fwd=method; detail=origin_reset');
    expect(await status(get())).toBe('pitwall; detail=breaker_open');
  });
});

describe('the key', () => {
  it('is told on every way where the policy says so', async () => {
    await open({ policy: { cacheStatusKey: true, query: { drop: ['b'] } }, target: { host: 'preserve' } });
    const key = (path: string): string => `; key="GET ${gateway.url}${path}"`;
    expect(await status(get('/x,y?a=%22&b=1'))).toContain(key('/x,y?a=%22'));
    for (const level of ['l2', 'l1', 'l1'])
      expect(await status(get('/x,y?a=%22'))).toBe(`pitwall; hit; ttl=60; detail=${level}${key('/x,y?a=%22')}`);
    const kept = await rawExchange(
      gateway.port,
      ['keep-alive', 'close']
        .map((how) => `GET /x,y?a=%22 HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nConnection: ${how}\r\n\r\n`)
        .join(''),
    );
    const lines = [...kept.matchAll(/^Cache-Status: (.*)$/gm)].map(([, value]) => value?.trim());
    expect(lines).toEqual(Array(2).fill(`pitwall; hit; ttl=60; detail=l1${key('/x,y?a=%22')}`));
    expect(await status(get('/', { method: 'DELETE' }))).not.toContain('key=');
  });

  it('is told to nobody otherwise', async () => {
    await open();
    for (let n = 0; n < 3; n++) expect(await status(get())).not.toContain('key=');
  });
});

describe('what caches before this one say', () => {
  it('goes before our own on every way: the last member is of who is nearest to the client', async () => {
    await open();
    origin.reply({ ...FRESH, 'Cache-Status': ['far; hit', 'near; fwd=miss'], 'X-A': '1' }, 'x');
    const ways = [];
    for (let n = 0; n < 3; n++) ways.push(await status(get()));
    expect(ways).toEqual([
      'far; hit, near; fwd=miss, pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=60; detail=cold',
      'far; hit, near; fwd=miss, pitwall; hit; ttl=60; detail=l2',
      'far; hit, near; fwd=miss, pitwall; hit; ttl=60; detail=l1',
    ]);
    const wire = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\n`;
    const kept = await rawExchange(gateway.port, `${wire}\r\n${wire}Connection: close\r\n\r\n`);
    const [rendered, written] = kept.split(/(?<=\r\n\r\nx)/).map((text) => text.match(/^Cache-Status: .*$/gm));
    expect(rendered?.map((line) => line.trim())).toEqual([
      'Cache-Status: far; hit',
      'Cache-Status: near; fwd=miss',
      'Cache-Status: pitwall; hit; ttl=60; detail=l1',
    ]);
    expect(written).toEqual(rendered);
  });
});

it('tells of what was cleared as stale', async () => {
  const clears = createMemoryClears();
  await open({ clears });
  origin.reply(FRESH, 'x');
  await get();
  const { number } = await clears.append({ scope: { all: true }, mode: 'soft' });
  await gateway.gateway.command({ type: 'follow-clears', number });
  expect(await status(get())).toBe('pitwall; fwd=stale; fwd-status=200; stored; ttl=60; detail=cleared');
});
