import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change, ChangeList } from '../../lib/contracts/changes.ts';
import { CONFIG_BODY, type VersionList } from '../../lib/contracts/config-versions.ts';
import type { Job } from '../../lib/contracts/job.ts';
import type { ApiDocument, ApiVerb } from '../../lib/contracts/openapi.ts';
import { describedApi, type DescribedApi } from '../support/api-document.ts';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/* The real server's answers, held to the OpenAPI document that it serves. */
let server: ReadyServer;
let api: DescribedApi;
/** An ended job that cleared, softly. */
let job: Job;
/** One whose configuration is a version; the sample is none. */
let own: ReadyServer;
let version: string;

beforeAll(async () => {
  [server, own] = await Promise.all([startServer(), startServer({ PITWALL_UPSTREAM: 'http://127.0.0.1:9' })]);
  version = await eventually(async () => {
    const list = (await (await fetch(`${own.consoleUrl}/api/config/versions`)).json()) as VersionList;
    expect(list.versions).not.toEqual([]);
    return list.versions[0]!.id;
  });
  api = describedApi((await (await fetch(`${server.consoleUrl}/api/openapi.json`)).json()) as ApiDocument);
  await fetch(`${server.gatewayUrl}/api/chats/42/history`);
  const scripts = consoleApi(server.consoleUrl);
  job = await scripts.ended((await scripts.clear({ scope: { tag: 'chat:42' } })).id);
  await eventually(async () => expect((await scripts.overview()).sample.known).toBe(true));
  // What the job did is told with the next look.
  await eventually(async () =>
    expect((await fetch(`${server.consoleUrl}/api/changes/job-${job.id}`)).status).toBe(200),
  );
});
afterAll(() => Promise.all([server.stop(), own.stop()]));

/** Where a path is answered. */
const at = (path: string): string => (path.startsWith('/api/config/versions') ? own : server).consoleUrl;

/** What stands for a path's parameters. */
const fill = (path: string): string =>
  path
    .replace('/changes/{id}', `/changes/job-${job.id}`)
    .replace('/versions/{id}', `/versions/${version}`)
    .replace('{id}', job.id)
    .replace('{service}', 'sample')
    .replace('{name}', 'requests');

/** The parameters that a read can't be without, as its description's examples have them. */
function required(path: string): string {
  const query = new URLSearchParams();
  for (const parameter of api.document.paths[path]?.get?.parameters ?? []) {
    if (!('name' in parameter) || parameter.in !== 'query' || !parameter.required) continue;
    query.set(parameter.name, String(parameter.example));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly code?: string } & Record<string, unknown>;
}

/** Asks, and fails unless the answer is as it's described. */
async function ask(verb: ApiVerb, path: string, rest = '', body?: unknown): Promise<Answer> {
  const response = await fetch(`${at(path)}${fill(path)}${rest}`, {
    method: verb.toUpperCase(),
    ...(body === undefined
      ? {}
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
  });
  const described = response.headers.get('content-type') ?? '';
  const text = await response.text();
  const type = path === '/metrics' ? described : (described.split(';')[0] ?? '');
  const value: unknown = type.includes('json') ? JSON.parse(text) : text;
  expect([verb, path, rest, api.faultOf(verb, path, response.status, type, value), text.slice(0, 300)]).toEqual([
    verb,
    path,
    rest,
    undefined,
    text.slice(0, 300),
  ]);
  expect(response.headers.get('x-request-id')).not.toBeNull();
  return { status: response.status, headers: response.headers, body: value as Answer['body'] };
}

const reads = () => api.operations.filter(({ verb }) => verb === 'get').map(({ path }) => path);
const ours = (path: string): boolean => path.startsWith('/api/');

describe('every GET', () => {
  it('answers as it’s described, with an ETag that is worth a 304, and to HEAD with the same head', async () => {
    expect(reads().length).toBeGreaterThan(8);
    for (const path of reads()) {
      const { status, headers } = await ask('get', path, required(path));
      expect([path, status]).toEqual([path, 200]);
      if (!ours(path)) continue;
      expect([path, headers.get('etag')]).toEqual([path, expect.stringMatching(/^W\/"[\w-]{27}"$/)]);
      const url = `${at(path)}${fill(path)}${required(path)}`;
      // Any tag: what changes every second has another by now.
      const again = await fetch(url, { headers: { 'if-none-match': '*' } });
      expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
      const head = await fetch(url, { method: 'HEAD' });
      expect([path, head.status, head.headers.get('content-type'), await head.text()]).toEqual([
        path,
        200,
        headers.get('content-type'),
        '',
      ]);
    }
  });

  it('that stays the same gets 304 for its own tag, compressed or not', async () => {
    for (const path of ['/api/config', '/api/openapi.json', `/api/jobs/${job.id}`]) {
      const url = `${server.consoleUrl}${path}`;
      const first = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
      const etag = first.headers.get('etag') ?? '';
      await first.text();
      expect([path, (await fetch(url, { headers: { 'if-none-match': etag } })).status]).toEqual([path, 304]);
      const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
      expect([path, plain.headers.get('etag'), plain.headers.get('content-encoding')]).toEqual([path, etag, null]);
      await plain.text();
    }
  });

  it('is compressed where the client takes it and it is worth it', async () => {
    const answer = await fetch(`${server.consoleUrl}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(((await answer.json()) as ApiDocument).openapi).toBe('3.1.1');
  });
});

describe('every resource', () => {
  it('says with Allow what it has, and refuses the rest', async () => {
    for (const [path, item] of Object.entries(api.document.paths).filter(([path]) => ours(path))) {
      const url = `${server.consoleUrl}${fill(path)}`;
      const verbs = Object.keys(item).map((verb) => verb.toUpperCase());
      const allow = [...verbs.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb])), 'OPTIONS'].join(', ');
      const options = await fetch(url, { method: 'OPTIONS' });
      expect([path, options.status, options.headers.get('allow')]).toEqual([path, 204, allow]);
      const method = ['DELETE', 'PUT'].find((verb) => !verbs.includes(verb));
      const wrong = await fetch(url, { method: method! });
      expect([path, wrong.status, wrong.headers.get('allow')]).toEqual([path, 405, allow]);
      expect(((await wrong.json()) as { code: string }).code).toBe('method_not_allowed');
    }
  });

  it('that takes a body refuses what isn’t one', async () => {
    const taking = api.operations.filter(
      ({ verb, path }) => api.document.paths[path]?.[verb]?.requestBody !== undefined,
    );
    expect(taking.length).toBeGreaterThan(2);
    for (const { verb, path } of taking) {
      expect((await ask(verb, path, '', {})).body.code, path).toBe('validation_failed');
      expect((await ask(verb, path, '', '{')).body.code, path).toBe('malformed_request');
      // A configuration may be larger than everything else.
      const bytes = path.startsWith('/api/config') ? CONFIG_BODY + 1 : 70_000;
      expect((await ask(verb, path, '', 'x'.repeat(bytes))).body.code, path).toBe('body_too_large');
    }
  });

  it('refuses every parameter out of its bounds', async () => {
    let refused = 0;
    for (const path of reads().filter(ours)) {
      for (const parameter of api.document.paths[path]?.get?.parameters ?? []) {
        if (!('name' in parameter) || parameter.in !== 'query') continue;
        const { maximum, minimum, maxLength, enum: words } = parameter.schema;
        const beyond = [
          ...(maximum === undefined ? [] : [maximum + 1]),
          ...(minimum === undefined ? [] : [minimum - 1]),
          ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
          ...(words === undefined ? [] : ['no-such-word']),
        ];
        for (const value of beyond) {
          const answer = await ask('get', path, `?${parameter.name}=${value}`);
          expect([path, parameter.name, answer.body.code]).toEqual([path, parameter.name, 'validation_failed']);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(8);
  });
});

describe('what changes something', () => {
  it('answers as it’s described, and so does what it refuses', async () => {
    const clear = '/api/cache/clear';
    expect(await ask('post', clear, '', { scope: { tag: 'chat:1' } })).toMatchObject({ status: 200 });
    expect((await ask('post', clear, '', { scope: { service: 'ghost' } })).body.code).toBe('not_found');
    expect(await ask('post', `${clear}/{id}/undo`)).toMatchObject({ status: 200, body: { kind: 'undo' } });
    for (const verb of ['cancel', 'pause', 'resume']) {
      expect((await ask('post', `/api/jobs/{id}/${verb}`)).body.code).toBe('conflict');
    }
    const mode = { mode: 'observe', reason: 'Trying', forMs: 1_000 };
    expect(await ask('post', '/api/services/{service}/mode', '', mode)).toMatchObject({ status: 200 });
    expect(await ask('post', '/api/sample/traffic', '', { run: true })).toMatchObject({ status: 200 });
    expect((await ask('get', '/api/performance/overview', '?service=ghost')).body.code).toBe('not_found');
    expect((await ask('get', '/api/jobs', '?after=nonsense')).body.code).toBe('validation_failed');
  });

  it('goes through changes page by page, each once, newest first', async () => {
    const changesOf = async (query: string): Promise<ChangeList> =>
      (await ask('get', '/api/changes', query)).body as unknown as ChangeList;
    // What comes meanwhile is newer.
    const until = `&to=${(await changesOf('?limit=1')).changes[0]?.at}`;
    const { changes: all, next } = await changesOf(`?limit=200${until}`);
    expect(all.length).toBeGreaterThan(3);
    expect(next).toBeNull();
    const seen: Change[] = [];
    let after: string | null = '';
    do {
      const page: ChangeList = await changesOf(`?limit=2${until}${after === '' ? '' : `&after=${after}`}`);
      expect(page.changes.length).toBe(Math.min(2, all.length - seen.length));
      seen.push(...page.changes);
      after = page.next;
    } while (after !== null);
    expect(seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted((a, b) => b - a));
    expect((await ask('get', '/api/changes', '?after=nonsense')).body.code).toBe('validation_failed');
  });

  it('goes through a list page by page, each job once', async () => {
    const seen: string[] = [];
    let after: unknown = '';
    do {
      const { body } = await ask('get', '/api/jobs', `?limit=1${after === '' ? '' : `&after=${String(after)}`}`);
      seen.push(...(body.jobs as Job[]).map(({ id }) => id));
      after = body.next;
    } while (after !== null);
    const { body } = await ask('get', '/api/jobs', '?limit=200');
    expect(seen).toEqual((body.jobs as Job[]).map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(2);
  });
});
