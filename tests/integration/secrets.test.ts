// Over 300 lines: one run sends secrets through every path, and each place that might keep them is searched after it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../cli/check.ts';
import { explain } from '../../cli/explain.ts';
import { tail } from '../../cli/tail.ts';
import { LIVE_NAMESPACE } from '../../lib/contracts/overview.ts';
import { eventually } from '../support/eventually.ts';
import { filesUnder, plantedSecrets } from '../support/planted-secrets.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';
import { ask, rawExchange } from '../support/raw-client.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';
import { spawnServer, startServer, type ReadyServer } from '../support/server-process.ts';

/*
 * Secrets in a path (/reset/SECRET) are beyond what can be known without a name; gateway.redact doesn't reach them
 * either. What an origin answers is stored by L3, and URLs are part of its keys and of clears: those files are searched
 * for what only requests carry.
 */

const BY_PROXY = { 'x-forwarded-for': '192.0.2.1' };
const EMAIL = 'root@example.com';

describe.each(['SQLite and the disk', 'PostgreSQL and Redis'] as const)('on %s, a secret', (where) => {
  const secrets = plantedSecrets();
  const { plant } = secrets;
  const root = mkdtempSync(join(tmpdir(), 'pitwall-secrets-'));
  const data = join(root, 'data');
  const accessLog = join(root, 'access.log');
  const config = join(root, 'pitwall.yaml');
  /** What was answered to somebody who may look, by what. */
  const shown = new Map<string, string>();
  let origin: ScriptedOrigin;
  let server: ReadyServer;
  let postgres: PostgresServer | undefined;
  let redis: RedisServer | undefined;
  let databaseUrl = '';
  let viewer: Socket;
  let journal = '';
  /** Of the request that set a mode. */
  let modeId = '';

  const explainToken = plant('explain token');
  const setCookie = `session=${plant('origin’s Set-Cookie')}`;
  const yaml = (extra = ''): string => `
gateway:
  redact: [X-Tenant-Ref, tenantRef]
  explainToken: ${explainToken}
  accessLog: { file: ${accessLog} }
services:
  - name: shop
    targets: [{ url: "${origin.url}" }]
    policy: { cacheStatusKey: true }
    routes:
      - { path: /keyed, policy: { ttl: 60s, keyHeaders: [x-api-key] } }
      - { path: /varied, policy: { ttl: 60s } }
      - { path: /body, methods: [POST], policy: { ttl: 60s, keyBody: true } }
  - name: down
    hosts: [down.test]
    targets: [{ url: "http://127.0.0.1:1" }]
${extra}`;

  const api = async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.consoleUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
  const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const port = (url: string): number => Number(new URL(url).port);

  beforeAll(async () => {
    mkdirSync(data);
    origin = await scriptedOrigin((request, response) => {
      if (request.url?.startsWith('/reset') === true) return void request.socket.destroy();
      response.writeHead(200, {
        'cache-control': 'public, max-age=60',
        ...(request.url?.startsWith('/varied') === true && { vary: 'x-tenant-ref, authorization' }),
        ...(request.url?.startsWith('/login') === true && { 'set-cookie': setCookie }),
      });
      response.end('fine');
    });
    writeFileSync(config, yaml());
    if (where === 'PostgreSQL and Redis') {
      [postgres, redis] = await Promise.all([
        startPostgres(),
        startRedis({ password: plant('password of Redis'), config: { rdbcompression: 'no' } }),
      ]);
      databaseUrl = (await postgres.newDatabase()).replace('pitwall@', `pitwall:${plant('password of PostgreSQL')}@`);
    }
    server = await startServer({
      LOG_LEVEL: 'debug',
      PITWALL_CONFIG: config,
      PITWALL_DATA_DIR: data,
      PITWALL_SECRET: plant('PITWALL_SECRET').repeat(2),
      PITWALL_METRICS_TOKEN: plant('PITWALL_METRICS_TOKEN'),
      PITWALL_ADMIN_EMAIL: EMAIL,
      PITWALL_ADMIN_PASSWORD: plant('PITWALL_ADMIN_PASSWORD'),
      ...(redis && { REDIS_URL: redis.url }),
      ...(databaseUrl !== '' && { DATABASE_URL: databaseUrl }),
    });
    await useConsole();
    await useGateway();
    await look();
  }, 240_000);

  afterAll(async () => {
    viewer?.close();
    await server?.stop();
    await Promise.all([origin?.close(), postgres?.stop(), redis?.stop()]);
    rmSync(root, { recursive: true, force: true });
  });

  /** Accounts, tokens, links and commands. */
  async function useConsole(): Promise<void> {
    const wrong = { email: EMAIL, password: plant('wrong password') };
    expect((await api('/api/session', wrong, BY_PROXY)).status).toBe(401);
    await api('/api/session', { email: plant('password typed as e-mail'), password: 'x'.repeat(12) }, BY_PROXY);

    const added = await json<{ link: string }>(
      await api('/api/people', { name: 'Vi', email: 'vi@example.com', role: 'viewer' }),
    );
    const secret = secrets.add('one-time link', new URL(added.link).hash.slice(1));
    expect((await api('/api/invitations/look', { secret: plant('wrong link') }, BY_PROXY)).status).toBe(404);
    const password = plant('password of a person');
    const joined = await api('/api/invitations/accept', { secret, password }, BY_PROXY);
    expect(joined.status).toBe(200);
    const cookie = cookieOf(joined);
    secrets.add('session cookie', cookie.slice(cookie.indexOf('=') + 1));
    const again = await api('/api/session', { email: 'vi@example.com', password }, BY_PROXY);
    expect(again.status).toBe(200);
    secrets.add('second session cookie', cookieOf(again).slice(cookieOf(again).indexOf('=') + 1));
    const forged = { ...BY_PROXY, cookie: `pitwall.session_token=${plant('forged session')}.x` };
    expect((await api('/api/jobs', undefined, forged)).status).toBe(401);

    const made = await json<{ secret: string }>(
      await api('/api/tokens', { name: 'ci', scopes: ['look'] }, await admin()),
    );
    secrets.add('API token', made.secret);
    const bearer = (token: string) => ({ ...BY_PROXY, authorization: `Bearer ${token}` });
    expect((await api('/api/jobs', undefined, bearer(made.secret))).status).toBe(200);
    await api('/api/jobs', undefined, bearer(`pw_${plant('wrong API token')}`));
    await api(`/api/jobs?access_token=${plant('token in a query')}`, undefined, BY_PROXY);
    await api(`/api/jobs?token=${made.secret}`);
    await api(`/metrics?token=${plant('token in a query of /metrics')}`, undefined, BY_PROXY);

    await api('/api/onboarding/probe', { url: `http://me:${plant('password in a probe')}@127.0.0.1:1/` });
    await api('/api/onboarding/probe', { url: `http://127.0.0.1:1/?token=${plant('parameter in a probe')}` });
    const mode = await api('/api/services/shop/mode', { mode: 'cache', reason: `token=${plant('token in a reason')}` });
    modeId = mode.headers.get('x-request-id') ?? 'none';
    const key = `http://shop.test/a?page=2&token=${plant('token in a cleared URL')}`;
    expect((await api('/api/cache/clear', { scope: { key } })).status).toBe(200);
    await api('/api/cache/clear', { scope: { prefix: `http://shop.test/a?token=${plant('token in a prefix')}` } });
    await api('/api/cache/clear', { scope: { glob: `*api_key=${plant('token in a glob')}` }, mode: 'hard' });
    await api('/api/cache/clear', `{"password": "${plant('body that is no JSON')}`);
    await api('/api/people', { password: plant('field that isn’t known') });
    for (const at of [server.consoleUrl, server.gatewayUrl]) {
      await rawExchange(port(at), `GET /?token=${plant(`bad request line, ${at}`)} HTTP/9.9\r\n\r\n`);
      await rawExchange(port(at), `GET / HTTP/1.1\r\nHost: a\r\nCookie ${plant(`bad header, ${at}`)}\r\n\r\n`);
    }
    await ask(port(server.consoleUrl), '/api/jobs', {
      headers: { host: `me:${plant('password in Host')}@localhost`, referer: `http://a/?token=${plant('Referer')}` },
    });
  }

  async function admin(): Promise<Record<string, string>> {
    const body = { email: EMAIL, password: secretOf('PITWALL_ADMIN_PASSWORD') };
    const answer = await api('/api/session', body, BY_PROXY);
    const cookie = cookieOf(answer);
    secrets.add('admin’s session cookie', cookie.slice(cookie.indexOf('=') + 1));
    return { ...BY_PROXY, cookie };
  }
  const secretOf = (name: string): string => secrets.get(name);

  async function useGateway(): Promise<void> {
    viewer = io(`${server.consoleUrl}${LIVE_NAMESPACE}`, {
      transports: ['websocket'],
      extraHeaders: { ...BY_PROXY, authorization: `Bearer ${secretOf('API token')}` },
    });
    const frames: string[] = [];
    viewer.onAny((...frame: unknown[]) => void frames.push(JSON.stringify(frame)));
    await new Promise<void>((resolve) => viewer.once('connect', resolve));
    viewer.emit('watch', { service: 'all', range: '1m' });
    viewer.emit('tail', {});
    const printed: string[] = [];
    const terminal = {
      out: { write: (text: string) => printed.push(text) },
      err: { write: (text: string) => printed.push(text) },
    };
    void tail(['--console', server.consoleUrl, '--json'], terminal);
    await eventually(async () => {
      await ask(port(server.gatewayUrl), '/seen?ready=1', { headers: { host: 'shop.test' } });
      expect(frames.join('')).toContain('/seen');
      expect(printed.join('')).toContain('/seen');
    }, 10_000);

    const send = (path: string, headers: Record<string, string> = {}, body?: string) =>
      ask(port(server.gatewayUrl), path, {
        headers: { host: 'shop.test', ...headers },
        ...(body !== undefined && { method: 'POST', body }),
      });
    const credentials = {
      authorization: `Bearer ${plant('Authorization')}`,
      'proxy-authorization': `Basic ${secrets.add('Basic', Buffer.from(`me:${plant('password of Basic')}`).toString('base64'))}`,
      cookie: `session=${plant('Cookie')}; other=${plant('second cookie')}`,
      'x-api-key': plant('X-Api-Key'),
      'x-tenant-ref': plant('configured header'),
      'x-csrf-token': plant('X-Csrf-Token'),
    };
    for (const path of ['/a', '/keyed', '/varied', '/login']) {
      await send(path);
      await send(path, credentials);
      await send(path, credentials);
    }
    const query = `token=${plant('token')}&api_key=${plant('api_key')}&tenant_ref=${plant('configured parameter')}&sig=${plant('sig')}`;
    for (let n = 0; n < 3; n++) await send(`/a?page=1&${query}`);
    await send(`/a;jsessionid=${plant('jsessionid')}?x=1`);
    await send(`/a?next=${encodeURIComponent(`https://me:${plant('password in a nested URL')}@shop.test/`)}`);
    await send(`http://me:${plant('password in an absolute form')}@shop.test/a`);
    await send(
      '/body',
      { 'content-type': 'application/json' },
      JSON.stringify({ password: plant('body of a keyed POST') }),
    );
    await send('/other', { 'content-type': 'application/json' }, JSON.stringify({ password: plant('body of a POST') }));
    await send(`/a?token=${plant('token to a service that is down')}`, { ...credentials, host: 'down.test' });
    await send(`/reset?token=${plant('token to an origin that resets')}`, credentials);
    await send(`/a?token=${plant('token in an explained request')}`, { 'pitwall-explain': secretOf('explain token') });
    await send('/a', { 'pitwall-explain': plant('wrong explain token') });
    await send(`/${'x'.repeat(9_000)}?token=${plant('token in a URL that is too long')}`);

    const about = `url=${encodeURIComponent(`http://shop.test/a?${query}`)}`;
    shown.set('explanation', await (await api(`/api/cache/explain?${about}`)).text());
    shown.set(
      'explanation of a variant',
      await (await api('/api/cache/explain?url=http%3A%2F%2Fshop.test%2Fvaried')).text(),
    );
    await explain([`http://shop.test/a?${query}`, '--console', server.consoleUrl], terminal);
    await send('/last');
    await eventually(() => {
      expect(frames.join('')).toContain('/last');
      expect(printed.join('')).toContain('/last');
      expect(readFileSync(accessLog, 'utf8')).toContain('/last');
    }, 10_000);

    const bad = `\n  - name: bad\n    hosts: [bad.test]\n    targets: [{ url: "http://me:${plant('password in a bad target')}@bad.test" }]\n`;
    writeFileSync(config, yaml(bad));
    await server.prints(/The new configuration is refused/);
    await check([config], terminal);
    shown.set('running configuration', await (await api('/api/config')).text());
    writeFileSync(config, yaml());
    shown.set('frames of the live socket', frames.join('\n'));
    shown.set('what the commands print', printed.join('\n'));
  }

  /** What the console answers to people. */
  async function look(): Promise<void> {
    const paths = ['cache/keys?by=asked', 'cache/keys?by=missed', 'jobs', 'changes', 'config', 'services', 'people'];
    const more = [
      'tokens',
      'sessions',
      'performance/overview',
      'performance/metrics',
      'performance/cache',
      'onboarding',
    ];
    for (const path of [...paths, ...more]) {
      const answer = await api(`/api/${path}`);
      if (answer.status !== 404) expect([path, answer.status]).toEqual([path, 200]);
      shown.set(path, await answer.text());
    }
    const bearer = { ...BY_PROXY, authorization: `Bearer ${secretOf('PITWALL_METRICS_TOKEN')}` };
    shown.set('/metrics', await (await api('/metrics', undefined, bearer)).text());
    journal = await (await api('/api/journal/export?format=json')).text();
  }

  it('is not in the log, which has an id on every line', () => {
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('correlationId', expect.stringMatching(/./));
    // What is logged on the way of a request has the id that the client was told.
    const mode = lines.find((line) => line.includes('Mode of shop is now cache')) ?? '{}';
    expect(JSON.parse(mode)).toMatchObject({ correlationId: modeId });
    expect(secrets.foundIn(server.output())).toEqual([]);
  });

  it('is not in the access log, which has the lines', () => {
    const log = readFileSync(accessLog, 'utf8');
    expect(log).toContain('token=[redacted]');
    expect(secrets.foundIn(log)).toEqual([]);
  });

  it('is not in what the console, the live socket, /metrics and the commands show', () => {
    expect(shown.get('frames of the live socket')).toContain('[redacted]');
    expect(shown.get('cache/keys?by=asked')).toContain('[redacted]');
    const found = [...shown].map(([name, text]) => [name, ...secrets.foundIn(text)]).filter(({ length }) => length > 1);
    expect(found).toEqual([]);
  });

  it('is not in the journal, which has the commands', () => {
    expect(journal).toContain('clearCache');
    expect(journal).toContain('[redacted]');
    expect(secrets.foundIn(journal)).toEqual([]);
  });

  it('is not in the database', async () => {
    if (postgres === undefined) {
      const files = [...filesUnder(data)].filter(([path]) => /^[^/]*\.db(-wal)?$/.test(path));
      expect(files.length).toBeGreaterThan(0);
      expect(files.map(([, bytes]) => bytes).join('')).toContain(EMAIL);
      expect(files.flatMap(([, bytes]) => secrets.foundIn(bytes))).toEqual([]);
      return;
    }
    const url = databaseUrl;
    const tables = await postgres.sql(
      url,
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    let rows = '';
    for (const table of tables.split('\n')) rows += await postgres.sql(url, `SELECT t::text FROM "${table}" t`);
    expect(rows).toContain(EMAIL);
    expect(secrets.foundIn(rows)).toEqual([]);
  });

  it('is not in the data directory, but for URLs in the cache’s own files', async () => {
    const found: string[] = [];
    for (const [path, bytes] of filesUnder(data)) {
      if (!path.startsWith('cache')) found.push(...secrets.foundIn(bytes).map((name) => `${path}: ${name}`));
    }
    expect(found).toEqual([]);
    const kept =
      redis === undefined ? [...filesUnder(join(data, 'cache'))].map(([, bytes]) => bytes).join('') : await dump();
    expect(kept).toContain('/keyed');
    // In the cache: keys (URLs, and headers that the policy puts there) and what Vary selects.
    const allowed = ['token', 'api_key', 'sig', 'X-Api-Key', 'jsessionid', 'configured parameter'];
    const inUrls = secrets.foundIn(kept).filter((name) => !allowed.includes(name) && !/URL|token (in|to)/.test(name));
    expect(inUrls).toEqual([]);
    // The search can find: what may be there is.
    expect(secrets.foundIn(kept)).toContain('token');
  });

  async function dump(): Promise<string> {
    const server = redis as RedisServer;
    const keys = (await server.command('keys', '*')) as string[];
    const values = await Promise.all(keys.map(async (key) => String(await server.command('dump', key))));
    return [...keys, ...values].join('\n');
  }
});

describe('a secret of the environment', () => {
  it('is not in what a start says that can’t reach, or can’t read, what it names', async () => {
    const secrets = plantedSecrets();
    const starts: Record<string, string>[] = [
      {
        DATABASE_URL: `postgresql://me:${secrets.plant('DATABASE_URL')}@127.0.0.1:1/x`,
        REDIS_URL: `redis://me:${secrets.plant('REDIS_URL')}@127.0.0.1:1`,
        PITWALL_INSTANCE: 'a',
      },
      {
        DATABASE_URL: `mysql://me:${secrets.plant('DATABASE_URL of another kind')}@h/x`,
        REDIS_URL: `redis://me:${secrets.plant('REDIS_URL that is none')}@h:port`,
        PITWALL_UPSTREAM: `http://me:${secrets.plant('PITWALL_UPSTREAM')}@h`,
      },
    ];
    const servers = starts.map((env) => spawnServer({ LOG_LEVEL: 'debug', ...env }));
    try {
      await servers[0]?.prints(/The database [^]*can't be used/, 40_000);
      await servers[0]?.prints(/Redis [^]*can't be reached/, 40_000);
      expect(await servers[1]?.exited).toBe(1);
      const said = servers.map((server) => server.output()).join('\n');
      expect(said).toContain('PITWALL_UPSTREAM');
      expect(secrets.foundIn(said)).toEqual([]);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
});

it('would be found, in each form', () => {
  const secrets = plantedSecrets();
  const secret = secrets.plant('planted');
  for (const text of [
    secret,
    `a${secret}b`,
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ])
    expect(secrets.foundIn(text)).toEqual(['planted']);
  expect(secrets.foundIn('nothing')).toEqual([]);
});
