// Over 300 lines: one server, asked by everybody there is.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { explain } from '../../cli/explain.ts';
import { tail } from '../../cli/tail.ts';
import { needOf, PAGES, RESOURCES } from '../../lib/auth/access.ts';
import { ROLE_PERMISSIONS, type Role } from '../../lib/contracts/access.ts';
import { journalExportSchema, journalPageSchema } from '../../lib/contracts/journal.ts';
import { LIVE_NAMESPACE } from '../../lib/contracts/overview.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/* The real server, to strangers, to people of each role, and to tokens. Who comes "by a proxy" isn't at the machine. */

const BY_PROXY = { 'x-forwarded-for': '192.0.2.1' };
const PASSWORD = 'correct horse battery';
let server: ReadyServer;
beforeAll(async () => {
  server = await startServer({ PITWALL_API_LIMIT: '100000' });
});
afterAll(() => server.stop());

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
function ask(path: string, { method = 'GET', body, headers = {} }: Asked = {}): Promise<Response> {
  return fetch(`${server.consoleUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
/** A request whose path is sent as it is, which fetch wouldn't. */
async function asWritten(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const { port } = new URL(server.consoleUrl);
  const sent = get({ host: '127.0.0.1', port, path, headers: { host: `localhost:${port}`, ...headers } });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, body };
}
const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** Somebody who has joined: the headers that such a person sends. */
async function join(role: Role, email: string): Promise<Record<string, string>> {
  const added = await ask('/api/people', { method: 'POST', body: { name: email, email, role } });
  const { link } = (await added.json()) as { link: string };
  const secret = new URL(link).hash.slice(1);
  const joined = await ask('/api/invitations/accept', {
    method: 'POST',
    body: { secret, password: PASSWORD },
    headers: BY_PROXY,
  });
  expect(joined.status).toBe(200);
  return { ...BY_PROXY, cookie: cookieOf(joined) };
}

const pages = Object.keys(PAGES).map((path) => ({ method: 'GET', path }));
const requests = Object.entries(RESOURCES).flatMap(([path, verbs]) =>
  Object.keys(verbs).map((method) => ({ method, path: path.replaceAll(/\{\w+\}/g, 'x') })),
);
/** Asks for everything in the table; what each answered, but those that `passes`. */
async function sweep(headers: Record<string, string>, passes: (need: string) => boolean): Promise<string[]> {
  const answers: string[] = [];
  for (const { method, path } of [...requests, ...pages, { method: 'GET', path: '/metrics' }]) {
    if (passes(needOf(method, path))) continue;
    const { status } = await ask(path, { method, headers, ...(method === 'GET' ? {} : { body: {} }) });
    answers.push(`${method} ${path} ${status}`);
  }
  return answers;
}

describe('a stranger', () => {
  it('gets nothing of the API, of pages, of metrics, and not even whether something is there', async () => {
    const answers = await sweep(BY_PROXY, (need) => need === 'anyone');
    expect(answers.length).toBeGreaterThan(40);
    expect(answers.filter((answer) => !answer.endsWith(' 401'))).toEqual([]);
    for (const path of ['/nothing', '/api/nothing', '/_next/nothing', '/%2e%2e/metrics'])
      expect((await ask(path, { headers: BY_PROXY })).status).toBe(401);
    const refused = await ask('/api/jobs', { headers: BY_PROXY });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="pitwall"');
    expect(await refused.json()).toMatchObject({ code: 'login_required' });
    for (const path of ['/healthz', '/readyz']) expect((await ask(path, { headers: BY_PROXY })).status).toBe(200);
  });

  it('and a viewer get no further by a path that could be taken for another', async () => {
    const viewer = await join('viewer', 'paths@example.com');
    const paths = [
      '/_next/static/../../api/people',
      '/_next/static/%2e%2e/%2e%2e/api/people',
      '/icon.svg/../api/people',
      '/api/./people',
      '/api/x/../people',
      '/%2e%2e/api/people',
      '//api/people',
      '/api//people',
      '/api\\people',
      '/%61pi/people',
      '/api/p%65ople',
      '/api/people/',
      '/_next/image?url=%2Fapi%2Fpeople&w=64&q=75',
      `${server.consoleUrl}/api/people`,
    ];
    for (const headers of [BY_PROXY, viewer]) {
      for (const path of paths) {
        const answer = await asWritten(path, headers);
        expect([path, answer.status === 200, answer.body.includes('"people"')]).toEqual([path, false, false]);
      }
    }
    expect((await asWritten('/api/people', {})).status).toBe(200);
  });

  it('can’t say who it is in a header', async () => {
    const caller = encodeURIComponent(
      JSON.stringify({ identity: { actor: { kind: 'local' }, permissions: ['look'] } }),
    );
    expect((await ask('/api/jobs', { headers: { ...BY_PROXY, 'x-pitwall-caller': caller } })).status).toBe(401);
    // Where anyone gets to, what it says of itself is dropped.
    const looked = await ask('/api/invitations/look', {
      method: 'POST',
      body: { secret: 'x' },
      headers: { ...BY_PROXY, 'x-pitwall-caller': '%' },
    });
    expect(looked.status).toBe(404);
  });

  it('who opens a page is sent to the log-in, and back from it', async () => {
    const sent = await ask('/?range=1h', { headers: { ...BY_PROXY, accept: 'text/html' } });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/login?next=%2F%3Frange%3D1h']);
    expect((await ask('/login', { headers: { ...BY_PROXY, accept: 'text/html' } })).status).toBe(200);
  });

  it('opens no socket', async () => {
    const socket = open({});
    await eventually(() => expect(socket.refused.toSorted()).toEqual(['websocket error', 'xhr poll error']));
    socket.close();
  });
});

interface Live {
  readonly socket: Socket;
  readonly refused: string[];
  readonly left: string[];
  close(): void;
}
/** A live socket by either transport; who it is is told by headers. */
function open(headers: Record<string, string>): Live {
  const refused: string[] = [];
  const left: string[] = [];
  const sockets = (['polling', 'websocket'] as const).map((transport) => {
    const socket = io(`${server.consoleUrl}${LIVE_NAMESPACE}`, {
      transports: [transport],
      reconnection: false,
      forceNew: true,
      extraHeaders: { ...BY_PROXY, ...headers },
    });
    socket.on('connect_error', ({ message }) => void refused.push(message));
    socket.on('disconnect', (reason) => void left.push(reason));
    return socket;
  });
  const close = (): void => sockets.forEach((socket) => socket.close());
  return { socket: sockets[1]!, refused, left, close };
}

describe('somebody at the machine', () => {
  it('is admin', async () => {
    const session = await ask('/api/session');
    expect(await session.json()).toMatchObject({ actor: { kind: 'local' } });
    expect((await ask('/api/people')).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(200);
  });
});

describe('people', () => {
  it('may what their role says, and no more', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const headers = await join(role, `${role}@example.com`);
      const session = await ask('/api/session', { headers });
      expect(await session.json()).toMatchObject({
        actor: { kind: 'person', email: `${role}@example.com`, role },
        permissions: ROLE_PERMISSIONS[role],
      });
      const allowed = new Set<string>(['anyone', 'known', ...ROLE_PERMISSIONS[role]]);
      const answers = await sweep(headers, (need) => allowed.has(need));
      expect(answers.length).toBeGreaterThan(8);
      expect(answers.filter((answer) => !answer.endsWith(' 403'))).toEqual([]);
      expect((await ask('/api/jobs', { headers })).status).toBe(200);
    }
  });

  it('log in and out; a wrong password and an unknown address are answered alike', async () => {
    const admin = await join('admin', 'ada@example.com');
    expect((await ask('/api/people', { headers: admin })).status).toBe(200);
    const signIn = (email: string, password: string): Promise<Response> =>
      ask('/api/session', { method: 'POST', body: { email, password }, headers: BY_PROXY });
    const wrong = await signIn('ada@example.com', 'wrong horse battery');
    const unknown = await signIn('nobody@example.com', 'wrong horse battery');
    const [one, other] = (await Promise.all([wrong.json(), unknown.json()])) as { instance: string }[];
    expect({ ...one, instance: '' }).toEqual({ ...other, instance: '' });
    expect(one).toMatchObject({ code: 'login_refused', status: 401 });
    const right = await signIn('Ada@example.com', PASSWORD);
    const headers = { ...BY_PROXY, cookie: cookieOf(right) };
    expect((await ask('/api/session', { headers })).status).toBe(200);
    const out = await ask('/api/session', { method: 'DELETE', headers });
    expect(out.headers.getSetCookie()[0]).toMatch(/^pitwall\.session_token=; .*Max-Age=0/);
    expect((await ask('/api/session', { headers })).status).toBe(401);
    expect((await ask('/api/people', { headers: admin })).status).toBe(200);
  });

  it('aren’t forged by another site', async () => {
    const headers = await join('admin', 'cy@example.com');
    const refused = await ask('/api/tokens', {
      method: 'POST',
      body: { name: 'x', scopes: ['look'] },
      headers: { ...headers, origin: 'http://evil.example' },
    });
    expect(refused.status).toBe(403);
  });

  it('whose rights change lose their sockets at once', async () => {
    const headers = await join('viewer', 'dee@example.com');
    const live = open(headers);
    await live.socket.emitWithAck('watch', { service: 'all', range: '5m' });
    const { people } = (await (await ask('/api/people')).json()) as { people: { id: string; email: string }[] };
    const { id } = people.find(({ email }) => email === 'dee@example.com')!;
    await ask(`/api/people/${id}`, { method: 'PATCH', body: { disabled: true } });
    await eventually(() => expect(live.left).toHaveLength(2));
    expect((await ask('/api/session', { headers })).status).toBe(401);
    live.close();
  });
});

describe('tokens', () => {
  const make = async (
    scopes: readonly string[],
    more: object = {},
  ): Promise<{ id: string; headers: Record<string, string> }> => {
    const made = await ask('/api/tokens', { method: 'POST', body: { name: 'test', scopes, ...more } });
    const { token, secret } = (await made.json()) as { token: { id: string }; secret: string };
    return { id: token.id, headers: { ...BY_PROXY, authorization: `Bearer ${secret}` } };
  };

  it('may what their scopes say, until they are revoked', async () => {
    const { id, headers } = await make(['clear']);
    const clear = (): Promise<Response> =>
      ask('/api/cache/clear', { method: 'POST', body: { scope: { tag: 'a' } }, headers });
    expect((await clear()).status).toBe(200);
    expect((await ask('/api/jobs', { headers })).status).toBe(403);
    expect((await ask('/metrics', { headers })).status).toBe(403);
    // At the machine too: a script has what was given to it.
    const { authorization } = headers;
    expect((await ask('/api/jobs', { headers: { authorization: authorization! } })).status).toBe(403);
    expect((await ask(`/api/tokens/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await clear()).status).toBe(401);
  });

  it('read metrics, and open sockets that end with them', async () => {
    const { id, headers } = await make(['look', 'metrics']);
    expect(await (await ask('/metrics', { headers })).text()).toContain('pitwall_');
    const live = open({ authorization: headers.authorization! });
    await live.socket.emitWithAck('watch', { service: 'all', range: '5m' });
    await ask(`/api/tokens/${id}`, { method: 'DELETE' });
    await eventually(() => expect(live.left).toHaveLength(2));
    live.close();
  });

  it('have at most what their maker has, and make none', async () => {
    const operator = await join('operator', 'op@example.com');
    expect((await ask('/api/tokens', { headers: operator })).status).toBe(403);
    const { headers } = await make(['tokens', 'look']);
    const tried = await ask('/api/tokens', { method: 'POST', body: { name: 'x', scopes: ['look'] }, headers });
    expect(await tried.json()).toMatchObject({ code: 'permission_denied' });
    const more = await ask('/api/tokens', { method: 'POST', body: { name: 'x', scopes: ['people'] }, headers });
    expect(await more.json()).toMatchObject({ code: 'permission_denied', status: 403 });
  });
});

describe('a start that others can reach', () => {
  it('prints a link for the first account, which nobody at the machine needs', async () => {
    const other = await startServer({ PITWALL_LOCAL_ADMIN: 'off', PITWALL_URL: 'https://pitwall.example.com' });
    try {
      const [link = ''] = await other.prints(/https:\/\/pitwall\.example\.com\/join#[\w-]{43}/);
      const secret = link.split('#')[1]!;
      const first = { secret, name: 'Ada', email: 'ada@example.com', password: PASSWORD };
      const send = (body: unknown, path = '/api/invitations/accept', headers: Record<string, string> = {}) =>
        fetch(`${other.consoleUrl}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
      expect((await fetch(`${other.consoleUrl}/api/session`)).status).toBe(401);
      expect((await send({ ...first, password: 'short' })).status).toBe(400);
      const { name: _name, ...nameless } = first;
      expect((await send(nameless)).status).toBe(400);
      const joined = await send(first);
      expect(joined.headers.getSetCookie()[0]).toMatch(/^__Secure-pitwall\.session_token=.*Secure/);
      expect((await send(first)).status).toBe(404);
      const session = await fetch(`${other.consoleUrl}/api/session`, { headers: { cookie: cookieOf(joined) } });
      expect(await session.json()).toMatchObject({ actor: { name: 'Ada', role: 'admin' } });
    } finally {
      await other.stop();
    }
  });

  it('makes the first account from the environment, and limits log-ins', async () => {
    const other = await startServer({
      PITWALL_LOCAL_ADMIN: 'off',
      PITWALL_ADMIN_EMAIL: 'ada@example.com',
      PITWALL_ADMIN_PASSWORD: PASSWORD,
      PITWALL_METRICS_TOKEN: 'scrape-me-please-1',
    });
    try {
      const signIn = (password: string): Promise<Response> =>
        fetch(`${other.consoleUrl}/api/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'ada@example.com', password }),
        });
      await other.prints(/The first account was made/);
      expect((await signIn(PASSWORD)).status).toBe(200);
      expect(other.output()).not.toContain(PASSWORD);
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) statuses.push((await signIn('wrong horse battery')).status);
      expect(statuses.at(-1)).toBe(429);
      const limited = await signIn(PASSWORD);
      expect([limited.status, Number(limited.headers.get('retry-after')) > 0]).toEqual([429, true]);
      const metrics = { headers: { authorization: 'Bearer scrape-me-please-1' } };
      expect((await fetch(`${other.consoleUrl}/metrics`, metrics)).status).toBe(200);
      expect((await fetch(`${other.consoleUrl}/api/jobs`, metrics)).status).toBe(403);
    } finally {
      await other.stop();
    }
  });
});

describe('commands', () => {
  const run = async (command: typeof explain, args: readonly string[]): Promise<[code: number, said: string]> => {
    let said = '';
    const stream = { write: (text: string) => (said += text) };
    return [await command([...args, '--console', closed.consoleUrl], { out: stream, err: stream }), said];
  };
  let closed: ReadyServer;
  beforeAll(async () => {
    closed = await startServer({ PITWALL_LOCAL_ADMIN: 'off', PITWALL_METRICS_TOKEN: 'scrape-me-please-1' });
  });
  afterAll(() => closed.stop());
  afterEach(() => void vi.unstubAllEnvs());

  it('say that a console asks for a log-in, and how to answer', async () => {
    const explained = await run(explain, ['http://localhost/']);
    expect(explained).toEqual([
      1,
      'Log in at /login, or send an API token as Authorization: Bearer (commands: PITWALL_TOKEN).\n',
    ]);
    const tailed = await run(tail, []);
    expect(tailed[0]).toBe(1);
    expect(tailed[1]).toContain('asks for a log-in: set PITWALL_TOKEN to an API token with the scope look.');
    vi.stubEnv('PITWALL_TOKEN', 'pw_nothing');
    expect((await run(tail, []))[1]).toContain('doesn’t take PITWALL_TOKEN');
    vi.stubEnv('PITWALL_TOKEN', 'scrape-me-please-1');
    expect((await run(tail, []))[1]).toContain('may not look');
  });
});

describe('the journal', () => {
  it('has every command with who, from where and what came of it; nothing secret', async () => {
    const admin = await join('admin', 'journal@example.com');
    await ask('/api/cache/clear', { method: 'POST', body: { scope: { tag: 'chat:42' } }, headers: admin });
    await ask('/api/services/nothing/mode', { method: 'POST', body: { mode: 'observe', reason: 'x' }, headers: admin });
    const page = await ask('/api/journal?limit=200', { headers: admin });
    const { entries } = journalPageSchema.parse(await page.json());
    const [refused, cleared] = entries;
    expect(refused).toMatchObject({ action: 'setMode', target: 'nothing', outcome: 'refused' });
    expect(cleared).toMatchObject({
      kind: 'command',
      action: 'clearCache',
      target: 'tag chat:42',
      who: 'journal@example.com <journal@example.com>',
      from: expect.stringContaining('127.0.0.1') as unknown,
      outcome: 'done',
      before: null,
      after: { title: 'Clear tag chat:42' },
    });
    const actions = new Set(entries.map(({ action }) => action));
    for (const action of [
      'addPerson',
      'acceptInvitation',
      'signIn',
      'signOut',
      'changePerson',
      'makeToken',
      'revokeToken',
    ])
      expect([...actions]).toContain(action);
    const text = JSON.stringify(entries);
    for (const secret of [PASSWORD, 'join#', 'session_token']) expect(text).not.toContain(secret);
    // What tells of people is in "who", which can be erased, and nowhere else.
    const rest = entries.map(({ who: _who, ...entry }) => entry);
    expect(JSON.stringify(rest)).not.toContain('@example.com');
    expect(text).not.toMatch(/pw_\w{10}/);
    expect(entries.find(({ action }) => action === 'makeToken')?.after).toHaveProperty('name');
  });

  it('comes as a file, filtered, and forgets somebody without a trace in the chain', async () => {
    const csv = await ask('/api/journal/export?format=csv&text=journal@example');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="pitwall-journal.csv"');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await csv.text()).split('\r\n');
    expect(lines[0]).toContain('at,kind,action,actor,who,from,target');
    expect(lines.some((line) => line.includes('clearCache'))).toBe(true);
    const file = async (query: string) =>
      journalExportSchema.parse(await (await ask(`/api/journal/export?${query}`)).json());
    const { entries, more } = await file('text=clearCache');
    expect(more).toBe(false);
    const { entries: theirs } = await file('text=journal@example');
    // What they did, and how they came in: by a link, as a stranger.
    const actor = entries[0]!.actor;
    expect(new Set(theirs.map((entry) => entry.actor))).toEqual(new Set([actor, 'stranger']));
    const erased = await ask('/api/journal/erase', { method: 'POST', body: { actor } });
    expect(((await erased.json()) as { erased: number }).erased).toBeGreaterThanOrEqual(2);
    const { entries: all } = await file('');
    const places = new Set(theirs.map(({ chain, number }) => `${chain} ${number}`));
    const after = all.filter(({ chain, number }) => places.has(`${chain} ${number}`));
    expect(after).toHaveLength(theirs.length);
    for (const entry of after) expect(entry).toMatchObject({ who: null, from: null });
    // Nor do the downloads say for whom somebody looked.
    expect(JSON.stringify(all)).not.toContain('journal@example');
    const downloads = all.filter(({ action }) => action === 'exportJournal');
    expect(downloads.map(({ after: asked }) => asked)).toEqual([
      { format: 'json', searched: false },
      { format: 'json', searched: true },
      { format: 'json', searched: true },
      { format: 'csv', searched: true },
    ]);
  });

  it('refuses a filter that there is none of', async () => {
    for (const path of ['/api/journal?action=signIn', '/api/journal/export?action=signIn']) {
      const answer = await ask(path);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'validation_failed' });
    }
  });
});
