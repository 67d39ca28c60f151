import { request } from 'node:http';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysSchema } from '../../lib/contracts/keys.ts';
import { overviewSchema, overviewTickSchema, type OverviewTick } from '../../lib/contracts/overview.ts';
import { problemSchema } from '../../lib/contracts/problem.ts';
import { runningConfigSchema, servicesSchema } from '../../lib/contracts/running.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

let server: ReadyServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const api = (path: string, init?: RequestInit) => fetch(`${server.consoleUrl}${path}`, init);
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  api(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.instance).toBe(response.headers.get('x-request-id'));
  return problem;
};

describe('npm start with nothing configured', () => {
  it('prints where everything is, framed by blank lines', () => {
    expect(server.output()).toMatch(
      new RegExp(
        [
          '\\n',
          'Pitwall \\d+\\.\\d+\\.\\d+ is ready in \\d+ ms\\n',
          'Console {2}http://127\\.0\\.0\\.1:\\d+\\n',
          'Gateway {2}http://127\\.0\\.0\\.1:\\d+ -> SAMPLE origin\\n',
          'Try it twice: {2}curl -i http://127\\.0\\.0\\.1:\\d+/api/chats/42/history\\n',
          'Yours: {2}PITWALL_UPSTREAM=http://127\\.0\\.0\\.1:9000 npm start\\n',
          '\\n',
        ].join(''),
      ),
    );
  });

  it('answers the second of two identical requests from memory', async () => {
    const url = `${server.gatewayUrl}/api/chats/4242/history`;
    const first = await fetch(url);
    const second = await fetch(url);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await second.text()).toBe(await first.text());
    expect(second.headers.get('cache-status')).toMatch(/hit/);
    expect(second.headers.get('age')).toMatch(/^\d+$/);
  });

  it('is alive, ready and measured', async () => {
    expect(await (await api('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await api('/readyz')).json()).toEqual({ status: 'ready' });
    const metrics = await api('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toContain('pitwall_requests_total{');
    const open = await api('/metrics', { headers: { accept: 'application/openmetrics-text; version=1.0.0' } });
    expect(open.headers.get('content-type')).toContain('application/openmetrics-text');
    expect(await open.text()).toMatch(/# EOF\n$/);
  });
});

describe('the API', () => {
  it('shows the overview, with the sample traffic in it', async () => {
    const overview = await eventually(async () => {
      const seen = overviewSchema.parse(await (await api('/api/performance/overview?service=all&range=1m')).json());
      expect(seen.summary.requestsPerSecond).toBeGreaterThan(0);
      return seen;
    }, 15_000);
    expect(overview.sampleTraffic).toBe('running');
    expect(overview.configError).toBeNull();
    expect(overview.gateway.url).toBe(server.gatewayUrl);
  });

  it('shows one route of it, and a window of the past', async () => {
    const all = overviewSchema.parse(await (await api('/api/performance/overview?range=1m')).json());
    const row = all.routes.find(({ requestsPerSecond }) => requestsPerSecond > 0)!;
    const place = new URLSearchParams({ service: row.service, route: row.route });
    const read = async (query: string) =>
      overviewSchema.parse(await (await api(`/api/performance/overview?${place}&${query}`)).json());
    const live = await read('range=5m');
    expect(live).toMatchObject({ route: row.route, range: '5m', step: 2 });
    expect(live.routes.map(({ route }) => route)).toEqual([row.route]);
    expect(live.summary.requestsPerSecond).toBeGreaterThan(0);
    // What is before the start is unknown, not an error.
    const window = await read(`from=${all.to - 600_000}&to=${all.to}`);
    expect(window).toMatchObject({ route: row.route, range: null, step: 5 });
    expect(window.samples.length).toBeLessThanOrEqual(180);
    expect(window.samples[0]?.known).toBe(false);
    expect(window.samples.some(({ known, originCalls }) => known && originCalls >= 0)).toBe(true);
    expect(window.summary.requestsPerSecond).toBeGreaterThan(0);
    const keys = keysSchema.parse(await (await api(`/api/cache/keys?${place}&top=5`)).json());
    expect(keys.rows.length).toBeGreaterThan(0);
    expect(keys.rows.every(({ service, route }) => service === row.service && route === row.route)).toBe(true);
  });

  it.each([
    ['from=5&to=5', /query\.from: must be before to/],
    ['from=5', /query\.to: a window needs both from and to/],
    ['to=5', /query\.from: a window needs both from and to/],
    ['from=1&to=3600002', /query\.from: a window is at most an hour/],
    ['from=yesterday&to=5', /query\.from: /],
    ['route=%2Fx', /A route is looked at within its service/],
  ])('refuses the time or place %s, with the reason', async (query, reason) => {
    const problem = await problemOf(await api(`/api/performance/overview?${query}`));
    expect(problem).toMatchObject({ code: 'validation_failed', detail: expect.stringMatching(reason) as string });
  });

  it('says which route nobody serves', async () => {
    const problem = await problemOf(await api('/api/performance/overview?service=sample&route=%2Fghost'));
    expect(problem).toMatchObject({ code: 'not_found', detail: 'The service sample has no route "/ghost".' });
  });

  it('answers 304 to who knows the answer, and HEAD without a body', async () => {
    const first = await api('/api/config');
    const config = runningConfigSchema.parse(await first.json());
    expect(config.source).toEqual({ kind: 'sample' });
    const again = await api('/api/config', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const head = await api('/api/config', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('says health with its reason', async () => {
    const health = (await (await api('/api/performance/health')).json()) as { state: string; why: string };
    expect(['healthy', 'degraded', 'failing', 'unknown']).toContain(health.state);
    expect(health.why).not.toBe('');
  });

  it('switches a mode within a second, and back when its time is over', async () => {
    const started = performance.now();
    const answer = await post('/api/services/sample/mode', '{"mode":"bypass","reason":"a test","forMs":1000}');
    expect(answer.status).toBe(200);
    const url = `${server.gatewayUrl}/static/app.js`;
    const bypassed = await fetch(url);
    await bypassed.arrayBuffer();
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(bypassed.headers.get('cache-status') ?? '').not.toMatch(/;\s*hit/);
    const { services } = servicesSchema.parse(await (await api('/api/services')).json());
    expect(services[0]).toMatchObject({ service: 'sample', sample: true, mode: 'bypass', modeReason: 'a test' });
    await eventually(async () => {
      const now = servicesSchema.parse(await (await api('/api/services')).json());
      expect(now.services[0]?.mode).toBe('cache');
    });
  });

  it('stops and starts the sample traffic', async () => {
    expect(await (await post('/api/sample/traffic', '{"run":false}')).json()).toEqual({ sampleTraffic: 'stopped' });
    expect(await (await post('/api/sample/traffic', '{"run":true}')).json()).toEqual({ sampleTraffic: 'running' });
  });

  it('explains what it refuses', async () => {
    const mode = '/api/services/sample/mode';
    expect((await problemOf(await post('/api/services/ghost/mode', '{"mode":"cache","reason":"x"}'))).code).toBe(
      'not_found',
    );
    expect(await problemOf(await post(mode, '{"mode":"turbo","reason":""}'))).toMatchObject({
      code: 'validation_failed',
      detail: expect.stringMatching(/body\.mode: .*body\.reason: /) as string,
    });
    expect((await problemOf(await post(mode, '{"mode":'))).code).toBe('malformed_request');
    expect((await problemOf(await post(mode, 'x'.repeat(70_000)))).code).toBe('body_too_large');
    expect((await problemOf(await post(mode, 'mode=cache', { 'content-type': 'text/plain' }))).code).toBe(
      'unsupported_media_type',
    );
    expect((await problemOf(await api('/api/performance/overview?range=1y'))).code).toBe('validation_failed');
    expect((await problemOf(await api('/api/performance/overview?service=ghost'))).code).toBe('not_found');
    const verb = await api(mode, { method: 'DELETE' });
    expect(verb.headers.get('allow')).toBe('POST, OPTIONS');
    expect((await problemOf(verb)).code).toBe('method_not_allowed');
    const options = await api(mode, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  });

  it('keeps other sites and rebound names out', async () => {
    const crossSite = await post('/api/sample/traffic', '{"run":false}', { origin: 'http://evil.example' });
    expect((await problemOf(crossSite)).code).toBe('cross_site_request');
    const status = await new Promise((resolve, reject) => {
      request(`${server.consoleUrl}/api/config`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});

describe('the page', () => {
  it('comes with its security headers', async () => {
    const page = await api('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-powered-by')).toBeNull();
  });

  it('gets the overview at once and a tick a second over its socket; other sites get none', async () => {
    const socket = io(`${server.consoleUrl}/live`, { transports: ['websocket'], reconnection: false });
    const ticks: OverviewTick[] = [];
    const overview = new Promise((resolve) => socket.once('overview', resolve));
    socket.on('tick', (tick) => ticks.push(overviewTickSchema.parse(tick)));
    socket.emit('watch', { service: 'all', range: '1m' });
    expect(overviewSchema.safeParse(await overview).success).toBe(true);
    await eventually(() => expect(ticks.length).toBeGreaterThanOrEqual(2));
    socket.close();
    const stranger = io(`${server.consoleUrl}/live`, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'http://evil.example' },
    });
    await expect(
      new Promise((resolve, reject) => {
        stranger.once('connect', () => resolve('connected'));
        stranger.once('connect_error', reject);
      }),
    ).rejects.toThrow();
    stranger.close();
  });
});
