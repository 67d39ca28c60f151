import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onboardingSchema, probeSchema, type Trial } from '../../lib/contracts/onboarding.ts';
import { problemSchema } from '../../lib/contracts/problem.ts';
import { runningConfigSchema } from '../../lib/contracts/running.ts';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { scriptedOrigin } from '../support/scripted-origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

let server: ReadyServer;
let origin: Origin;
const folder = mkdtempSync(join(tmpdir(), 'pitwall-onboarding-'));

beforeAll(async () => {
  server = await startServer();
  origin = await startOrigin();
  // Somebody's service: one thing with freshness, one without, one for one user, one that changes.
  origin.answer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/items/')) response.setHeader('Cache-Control', 'max-age=60');
    if (path === '/me') response.setHeader('Cache-Control', 'private');
    response.end(path === '/clock' ? 'x'.repeat(1 + (origin.calls.length % 7)) : `this is ${path}`);
  });
});
afterAll(async () => {
  await server.stop();
  await origin.close();
  rmSync(folder, { recursive: true });
});

const post = (path: string, body: object, on = server) =>
  fetch(on.consoleUrl + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const state = async (on = server) =>
  onboardingSchema.parse(await (await fetch(`${on.consoleUrl}/api/onboarding`)).json());
const problemOf = async (response: Response) => problemSchema.parse(await response.json());
const running = async () => runningConfigSchema.parse(await (await fetch(`${server.consoleUrl}/api/config`)).json());
const ask = async (path: string) => {
  const response = await fetch(server.gatewayUrl + path);
  await response.arrayBuffer();
  return response.headers.get('cache-status') ?? '';
};

describe('probing a service', () => {
  it('finds it, or says why not', async () => {
    const found = probeSchema.parse(await (await post('/api/onboarding/probe', { url: origin.url })).json());
    expect(found).toMatchObject({ reached: true, status: 200, cacheControl: null, httpVersion: '1.1' });
    const none = probeSchema.parse(await (await post('/api/onboarding/probe', { url: 'http://127.0.0.1:1' })).json());
    expect(none).toMatchObject({ reached: false, step: 'tcp', why: 'Nothing listens on port 1 of 127.0.0.1.' });
  });

  it('over TLS with a certificate that nobody vouches for says so', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=a.test', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const secure = await scriptedOrigin(undefined, { key: readFileSync(key), cert: readFileSync(cert) });
    try {
      const answer = probeSchema.parse(await (await post('/api/onboarding/probe', { url: secure.url })).json());
      expect(answer).toMatchObject({
        reached: false,
        step: 'tls',
        why: expect.stringMatching(/isn’t trusted/) as string,
      });
      expect(secure.seen).toEqual([]);
    } finally {
      await secure.close();
    }
  });

  it('takes base URLs only, and not its own', async () => {
    const refused = [
      'ftp://127.0.0.1/',
      'http://user:secret@127.0.0.1/',
      'http://127.0.0.1/?q=1',
      'http://127.0.0.1/#a',
      'nonsense',
      'file:///etc/passwd',
      server.gatewayUrl,
      `http://localhost:${new URL(server.gatewayUrl).port}`,
    ];
    const calls = origin.calls.length;
    for (const verb of ['probe', 'start']) {
      for (const url of refused) {
        const problem = await problemOf(await post(`/api/onboarding/${verb}`, { url }));
        expect([url, problem.code]).toEqual([url, 'validation_failed']);
        expect(problem.detail).not.toContain('secret');
      }
    }
    expect(origin.calls.length).toBe(calls);
    expect((await state()).trial).toBeNull();
  });
});

describe('a trial', () => {
  it('goes from the sample to one’s own service and on to a file that keeps it', async () => {
    expect(await state()).toMatchObject({ offered: true, why: null, gatewayUrl: server.gatewayUrl, trial: null });
    const api = consoleApi(server.consoleUrl);
    await eventually(async () => expect((await api.overview()).sampleTraffic).toBe('running'));

    const before = origin.calls.length;
    const started = onboardingSchema.parse(await (await post('/api/onboarding/start', { url: origin.url })).json());
    expect(started.trial).toMatchObject({ url: origin.url, service: 'default', mode: 'observe', requests: 0 });
    expect(await problemOf(await post('/api/onboarding/start', { url: origin.url }))).toMatchObject({
      code: 'conflict',
    });
    expect(await running()).toMatchObject({
      source: { kind: 'upstream', url: origin.url },
      services: [{ name: 'default', sample: false, mode: 'observe' }],
    });
    // The sample is away: no traffic, no stories.
    expect((await api.overview()).sampleTraffic).toBe('off');
    expect((await post('/api/sample/traffic', { run: true })).status).toBe(404);
    expect((await post('/api/sample/burst', { requests: 1 })).status).toBe(404);

    for (let round = 0; round < 6; round++) {
      for (const path of ['/items/1', '/items/2', '/items/3', '/status', '/me', '/clock']) {
        expect(await ask(path)).toContain('fwd=');
      }
    }
    expect(origin.calls.length - before).toBe(36);
    const trial = await eventually(async () => {
      const now = (await state()).trial as Trial;
      expect(now.requests).toBe(36);
      expect(now.shapes.reduce((sum, { requests }) => sum + requests, 0)).toBe(36);
      return now;
    });
    expect(trial).toMatchObject({ observed: 36, wouldHave: 15, originCalls: 36, failed: 0, other: 0, unseen: 0 });
    expect(trial.shapes[0]).toMatchObject({ method: 'GET', shape: '/items/:id', requests: 18, saved: 15 });
    const byShape = (shape: string) => trial.shapes.find((row) => row.shape === shape);
    expect(byShape('/status')).toMatchObject({ requests: 6, reasons: { 'no-freshness': 6 }, repeats: 5, changed: 0 });
    expect(byShape('/me')).toMatchObject({ reasons: { private: 6 }, saved: 0 });
    expect(byShape('/clock')?.changed).toBeGreaterThan(0);

    // Its numbers are its own: nothing of the sample is among them.
    await eventually(async () => {
      const overview = await api.overview();
      expect(overview.services.map(({ service }) => service)).toEqual(['default']);
      expect(overview.routes.map(({ service }) => service)).toEqual(['default']);
      expect(overview.summary.seconds).toBeLessThanOrEqual((overview.to - trial.startedAt) / 1_000 + 1);
      expect(overview.changes.map(({ title }) => title)).not.toContain('Pitwall started');
      expect(overview.changes.map(({ title }) => title)).toContain('Configuration taken');
    });

    const file = join(folder, 'pitwall.yaml');
    writeFileSync(file, trial.policy);
    const root = resolve(import.meta.dirname, '../..');
    const check = (path: string): unknown =>
      JSON.parse(
        execFileSync(
          join(root, 'node_modules/.bin/node'),
          [join(root, 'bin/pitwall.js'), 'check', file, '--url', path, '--json'],
          { cwd: root, encoding: 'utf8' },
        ),
      );
    expect(check('/status')).toMatchObject({ ok: true, request: { policy: { ttl: 10_000, ignore: [] } } });
    expect(check('/items/77')).toMatchObject({ ok: true, request: { policy: { ttl: 0, staleIfError: 300_000 } } });
    for (const path of ['/me', '/clock']) {
      expect(check(path)).toMatchObject({ ok: true, request: { policy: { ttl: 0 } } });
    }

    const mode = { mode: 'cache', reason: 'Seen enough' };
    expect((await post('/api/services/default/mode', mode)).status).toBe(200);
    await ask('/items/1');
    expect(await ask('/items/1')).toMatch(/; hit;/);
    expect((await state()).trial).toMatchObject({ mode: 'cache' });

    const ended = onboardingSchema.parse(await (await post('/api/onboarding/end', {})).json());
    expect(ended).toMatchObject({ offered: true, trial: null });
    expect((await running()).source).toEqual({ kind: 'sample' });
    expect(await ask('/api/status')).toContain('fwd=');
    const calls = origin.calls.length;
    await eventually(async () => {
      const back = await api.overview();
      expect(back.sampleTraffic).toBe('running');
      expect(back.services.map(({ service }) => service)).toEqual(['sample']);
      expect(back.summary.requestsPerSecond).toBeGreaterThan(0);
    }, 10_000);
    expect(origin.calls.length).toBe(calls);
    expect((await post('/api/onboarding/end', {})).status).toBe(409);
  });

  it('takes the outage away with the sample; traffic that a person stopped stays stopped; it observes again', async () => {
    await post('/api/sample/traffic', { run: false });
    await post('/api/sample/outage', { seconds: 60 });
    await post('/api/onboarding/start', { url: origin.url });
    expect((await state()).trial).toMatchObject({ mode: 'observe', requests: 0 });
    await post('/api/onboarding/end', {});
    expect(await (await fetch(`${server.consoleUrl}/api/sample`)).json()).toEqual({ traffic: 'stopped', outage: null });
    expect(await ask('/api/status?healed')).not.toContain('503');
  });

  it('leaves the sample as it was where the service isn’t there: requests fail, and it can be ended', async () => {
    await post('/api/onboarding/start', { url: 'http://127.0.0.1:1' });
    expect((await fetch(`${server.gatewayUrl}/x`)).status).toBe(502);
    await eventually(async () => expect((await state()).trial).toMatchObject({ requests: 1, failed: 1 }));
    expect((await post('/api/onboarding/end', {})).status).toBe(200);
    expect((await fetch(`${server.gatewayUrl}/api/status`)).status).toBe(200);
  });
});

describe('where none can be tried', () => {
  it.each([
    ['the gateway has an upstream', () => ({ PITWALL_UPSTREAM: origin.url }), /configuration of its own/],
    ['the console listens to all the world', () => ({ HOST: '0.0.0.0' }), /only one on loopback/],
  ])('%s: says why', async (_, env, why) => {
    const other = await startServer(env());
    try {
      expect(await state(other)).toMatchObject({
        offered: false,
        why: expect.stringMatching(why) as string,
        trial: null,
      });
      for (const verb of ['probe', 'start']) {
        const refused = await post(`/api/onboarding/${verb}`, { url: origin.url }, other);
        expect(await problemOf(refused)).toMatchObject({
          code: 'conflict',
          detail: expect.stringMatching(why) as string,
        });
      }
    } finally {
      await other.stop();
    }
  });

  it('under another name than this machine’s: refused before anything is asked', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((done, reject) => {
      const headers = { host: 'rebound.example', 'content-type': 'application/json' };
      request(`${server.consoleUrl}/api/onboarding/probe`, { method: 'POST', headers }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('error', reject)
        .end(JSON.stringify({ url: origin.url }));
    });
    expect(status).toBe(421);
  });
});
