import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gatewayConfig, type GatewaySetup } from '../../support/gateway.ts';
import { gate, scriptedOrigin } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get } = gatewayScene();

const configure = (setup: GatewaySetup, url = origin.url): Promise<void> =>
  gateway.gateway.command({ type: 'configure', config: gatewayConfig(url, setup) });
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe('modes', () => {
  it('take effect with the next request, and back', async () => {
    await open();
    await get();
    await get();
    await get();
    await gateway.setMode('bypass');
    const bypassed = await get();
    expect([bypassed.text, bypassed.headers['cache-status']]).toEqual([
      'answer 2',
      'pitwall; fwd=bypass; fwd-status=200; detail=bypass',
    ]);
    await gateway.setMode('observe');
    const observed = await get();
    expect(observed.text).toBe('answer 3');
    expect(observed.headers['cache-status']).toContain('detail=observe');
    await gateway.setMode('cache');
    expect((await get()).headers['cache-status']).toContain('hit');
    expect(gateway.events.map((event) => (event.type === 'mode' ? `${event.from}>${event.to}` : ''))).toEqual([
      'cache>bypass',
      'bypass>observe',
      'observe>cache',
    ]);
    expect((await gateway.route()).reasons).toMatchObject({ bypass: 1, observe: 1, cold: 1 });
  });

  it('bypass forwards conditionals and ranges as they came', async () => {
    await open({ service: { mode: 'bypass' } });
    await get('/', { headers: { 'If-None-Match': '"x"', Range: 'bytes=0-1' } });
    expect(origin.seen[0]?.headers).toMatchObject({ 'if-none-match': '"x"', range: 'bytes=0-1' });
  });

  it('observe forwards everything and counts what would have been saved', async () => {
    await open({ service: { mode: 'observe' } });
    for (let i = 0; i < 5; i++) await get('/a');
    await get('/b');
    expect(origin.seen).toHaveLength(6);
    expect(await gateway.route()).toMatchObject({ wouldHave: 4, results: { origin: 6 } });
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60' });
        response.end();
      });
    });
    const asked = [1, 2, 3].map(() => get('/c'));
    await origin.arrived(9);
    hold.open();
    await Promise.all(asked);
    expect((await gateway.route()).wouldHave).toBe(6);
  });

  it('observe promises nothing for what is never shared', async () => {
    await open({ service: { mode: 'observe' } });
    origin.reply({ 'Cache-Control': 'no-store' });
    await get();
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'no-store' });
        response.end();
      });
    });
    const asked = [1, 2, 3].map(() => get());
    await origin.arrived(4);
    hold.open();
    await Promise.all(asked);
    expect((await gateway.route()).wouldHave).toBe(0);
  });

  it('return to the configured one when their time is over', async () => {
    await open();
    await gateway.setMode('bypass', Date.now() + 150);
    expect((await gateway.snapshot()).services[0]).toMatchObject({ mode: 'bypass', modeReason: 'a test' });
    await eventually(async () => expect((await gateway.snapshot()).services[0]?.mode).toBe('cache'));
    expect((await gateway.snapshot()).services[0]).toMatchObject({ modeReason: undefined, modeUntil: undefined });
  });

  it('of unknown services are refused', async () => {
    await open();
    await expect(
      gateway.gateway.command({ type: 'set-mode', service: 'x', mode: 'cache', reason: '', until: undefined }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('configure', () => {
  it('keeps counters, cache, mode and breaker, and takes the new policies', async () => {
    await open();
    await get();
    await get();
    await get();
    await gateway.setMode('observe');
    await configure({ policy: { ttl: '1m' } });
    expect((await gateway.snapshot()).services[0]).toMatchObject({ mode: 'observe' });
    await gateway.setMode('cache');
    expect((await get()).headers['cache-status']).toContain('hit');
    expect(sum((await gateway.route()).results)).toBe(4);
    origin.reply({}, 'by policy');
    await get('/p');
    expect((await get('/p')).headers['cache-status']).toContain('hit');
  });

  it('matches stored URLs anew: a route that appears counts for itself, L1 too', async () => {
    await open();
    await get('/a');
    await get('/a');
    await get('/a');
    await configure({ routes: [{ name: 'a', path: '/a' }] });
    await get('/a');
    await get('/a');
    expect((await gateway.route('a')).results).toMatchObject({ l2: 1, l1: 1 });
  });

  it('moves to another target, while what is under way ends at the old one', async () => {
    await open();
    const other = await scriptedOrigin((_, response) => void response.end('other'));
    const hold = gate();
    origin.script((_, response) => {
      response.write('slow ');
      void hold.opened.then(() => response.end('end'));
    });
    const slow = get('/slow');
    await origin.arrived(1);
    await configure({}, other.url);
    expect((await get('/new')).text).toBe('other');
    hold.open();
    expect((await slow).text).toBe('slow end');
    await eventually(() => expect(origin.seen[0]?.socket.destroyed).toBe(true));
    await other.close();
  });

  it('serves followers that have to go alone after their target was retired', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => {
      void hold.opened.then(() => {
        response.writeHead(200, { 'Cache-Control': 'private' });
        response.end('mine');
      });
    });
    const asked = [1, 2, 3].map(() => get());
    await eventually(async () => expect((await gateway.snapshot()).connections).toBe(3));
    await origin.arrived(1);
    await configure({ service: { breaker: { failures: 77 } } });
    hold.open();
    expect((await Promise.all(asked)).map(({ status, text }) => `${status} ${text}`)).toEqual(
      Array(3).fill('200 mine'),
    );
  });

  it('says that settings of the gateway itself wait for the next start', async () => {
    const warnings: string[] = [];
    await open({ logger: { ...silentLogger, warn: (message) => warnings.push(message) } });
    await configure({});
    expect(warnings).toEqual([]);
    await configure({ gateway: { maxUrlLength: 100 } });
    expect(warnings).toEqual([expect.stringContaining('next start')]);
    expect((await get(`/${'x'.repeat(200)}`)).status).toBe(200);
  });

  it('takes up the names of secrets at once', async () => {
    const warnings: string[] = [];
    await open({ logger: { ...silentLogger, warn: (message) => warnings.push(message) } });
    const keyOf = async (): Promise<string> => {
      const { explained } = await gateway.gateway.snapshot({
        explain: { method: 'GET', url: 'http://a.test/?customer=7&token=x', headers: [] },
      });
      if (explained === undefined || 'code' in explained) throw new Error(JSON.stringify(explained));
      return explained.explanation.key ?? '';
    };
    expect(await keyOf()).toBe('GET http://a.test/?customer=7&token=[redacted]');
    await configure({ gateway: { redact: ['Customer'] } });
    expect(await keyOf()).toBe('GET http://a.test/?customer=[redacted]&token=[redacted]');
    expect(warnings).toEqual([]);
  });

  it('forgets a service that is gone, and what it had stored', async () => {
    await open();
    await get();
    await configure({ service: { name: 'other' } });
    expect((await gateway.snapshot()).services.map(({ service }) => service)).toEqual(['other']);
    expect((await get()).headers['cache-status']).toContain('detail=cold');
  });
});
