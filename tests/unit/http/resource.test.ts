import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../../lib/contracts/problem.ts';
import { createMemo } from '../../../lib/dedup/memo.ts';
import { BODY_LIMIT } from '../../../lib/http/json-body.ts';
import { resource } from '../../../lib/http/resource.ts';
import { CACHE_MS, route } from '../../../lib/http/route.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { getContainer, publishContainer, type Container } from '../../../lib/runtime.ts';
import { fromMachine, unjournaled } from '../../support/caller.ts';

const clock = manualClock(1_000_000);
const logged: string[] = [];
let unpublish = (): void => undefined;
beforeEach(() => {
  logged.length = 0;
  unpublish = publishContainer({
    version: '9.9.9',
    journal: unjournaled,
    answers: createMemo<string>({ ttlMs: 1, maxEntries: 10, clock }),
    logger: { debug() {}, info() {}, warn() {}, error: (message: string) => void logged.push(message) },
  } as unknown as Container);
});
afterEach(() => unpublish());

const context = (params: unknown = {}) => ({ params: Promise.resolve(params) });
const ask = (path: string, init: RequestInit = {}) =>
  new Request(`http://localhost${path}`, {
    ...init,
    headers: { 'x-request-id': 'id-1', ...fromMachine, ...init.headers },
  });
const posting = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  ask('/api/x', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
};

describe('a resource', () => {
  const things = resource({
    GET: route({
      query: z.object({ n: z.coerce.number().max(9).default(1) }),
      params: z.object({ id: z.string() }),
      response: z.object({ id: z.string(), n: z.number(), version: z.string() }),
      handler: ({ container, query, params }) => ({ ...params, ...query, version: container.version, secret: 1 }),
    }),
  });

  it('parses the question and lets only the contract’s fields out', async () => {
    const response = await things.GET(ask('/api/x?n=3'), context({ id: 'a' }));
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.json()).toEqual({ id: 'a', n: 3, version: '9.9.9' });
  });

  it('names every fault of a question', async () => {
    const problem = await problemOf(await things.GET(ask('/api/x?n=10&n=11'), context({})));
    expect(problem).toMatchObject({ code: 'validation_failed', instance: 'id-1' });
    expect((await problemOf(await things.GET(ask('/api/x?n=10'), context({ id: 'a' })))).detail).toMatch(/^query\.n: /);
    expect((await problemOf(await things.GET(ask('/api/x'), context({})))).detail).toMatch(/^params\.id: /);
  });

  it('answers 304 to who has it, and HEAD with the same head', async () => {
    const first = await things.GET(ask('/api/x'), context({ id: 'a' }));
    const etag = first.headers.get('etag') ?? '';
    const again = await things.GET(ask('/api/x', { headers: { 'if-none-match': etag } }), context({ id: 'a' }));
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    const other = await things.GET(ask('/api/x?n=2', { headers: { 'if-none-match': etag } }), context({ id: 'a' }));
    expect(other.status).toBe(200);
    const head = await things.HEAD(ask('/api/x', { method: 'HEAD' }), context({ id: 'a' }));
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
  });

  it('is written down where it says so: what was asked for, before it is answered', async () => {
    const written: unknown[] = [];
    const file = resource({
      GET: route({
        about: { id: 'exportThings', tag: 'Journal', summary: '', errors: [] },
        query: z.object({ n: z.string(), name: z.string() }),
        response: z.object({ n: z.string() }),
        journal: { asked: (_body, { n }) => ({ n }) },
        handler({ query: { n } }) {
          written.push('answered');
          return { n };
        },
      }),
    });
    unpublish();
    unpublish = publishContainer({
      journal: {
        command(about: { action: string; after: unknown }, run: () => unknown) {
          written.push([about.action, about.after]);
          return Promise.resolve(run());
        },
      },
    } as unknown as Container);
    expect(await (await file.GET(ask('/api/x?n=1&name=ada'), context())).json()).toEqual({ n: '1' });
    expect(written).toEqual([['exportThings', { n: '1' }], 'answered']);
    const silent = resource({ GET: route({ response: z.number(), handler: () => 1 }) });
    expect((await silent.GET(ask('/api/x'), context())).status).toBe(200);
    expect(written).toHaveLength(2);
  });

  it('says which methods it has', async () => {
    for (const verb of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const response = await things[verb](ask('/api/x', { method: verb }), context());
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      expect((await problemOf(response)).code).toBe('method_not_allowed');
    }
    const options = await things.OPTIONS(ask('/api/x', { method: 'OPTIONS' }), context());
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    const writeOnly = resource({ POST: route({ response: z.unknown(), handler: () => null }) });
    expect((await writeOnly.HEAD(ask('/api/x', { method: 'HEAD' }), context())).status).toBe(405);
  });
});

describe('a body', () => {
  const echo = resource({
    POST: route({
      body: z.object({ a: z.string() }),
      response: z.object({ a: z.string() }),
      handler: ({ body }) => body,
    }),
  });
  const post = (request: Request) => echo.POST(request, context());
  const streamed = (chunks: number): ReadableStream<Uint8Array> => {
    let left = chunks;
    return new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(16_384).fill(97));
        else controller.close();
      },
    });
  };

  it('is parsed, and its answer never stored', async () => {
    const response = await post(posting('{"a":"b"}'));
    expect(await response.json()).toEqual({ a: 'b' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('etag')).toBeNull();
  });

  it('is refused by its type, its size, its syntax, its encoding and its fields', async () => {
    expect((await problemOf(await post(posting('a=b', { 'content-type': 'text/plain' })))).code).toBe(
      'unsupported_media_type',
    );
    expect((await problemOf(await post(posting('{}', { 'content-type': 'application/jsonp' })))).code).toBe(
      'unsupported_media_type',
    );
    expect((await problemOf(await post(posting('{')))).code).toBe('malformed_request');
    expect(
      (await problemOf(await post(ask('/api/x', { method: 'POST', headers: { 'content-type': 'application/json' } }))))
        .code,
    ).toBe('malformed_request');
    expect((await problemOf(await post(posting(new Uint8Array([0x22, 0xff, 0x22]))))).detail).toContain('UTF-8');
    expect((await problemOf(await post(posting('{"a":1}')))).detail).toMatch(/^body\.a: /);
    const declared = await post(
      posting('{}', { 'content-type': 'application/json', 'content-length': String(BODY_LIMIT + 1) }),
    );
    expect((await problemOf(declared)).code).toBe('body_too_large');
  });

  it('is cut at the limit, whatever it claimed', async () => {
    expect((await problemOf(await post(posting(streamed(4))))).code).toBe('malformed_request');
    const over = await post(posting(streamed(1_000_000)));
    expect(over.headers.get('connection')).toBe('close');
    expect((await problemOf(over)).code).toBe('body_too_large');
  });
});

describe('identical questions', () => {
  it('share one answer while it runs and for as long as its kind says', async () => {
    let runs = 0;
    const counted = resource({
      GET: route({
        query: z.object({ n: z.string().optional() }),
        response: z.number(),
        cache: 'live',
        handler: async () => {
          await Promise.resolve();
          return ++runs;
        },
      }),
    });
    const get = async (path = '/api/x') => (await counted.GET(ask(path), context())).json();
    expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
    expect(await get('/api/x?n=2')).toBe(2);
    expect(await get('/api/x?unknown=1')).toBe(1);
    clock.advance(CACHE_MS.live + 1);
    expect(await get()).toBe(3);
  });
});

describe('a failure', () => {
  const failing = (error: unknown) =>
    resource({ GET: route({ response: z.number(), handler: () => Promise.reject(error) }) }).GET(
      ask('/api/x'),
      context(),
    );

  it('of a known kind keeps its code, its words and when to come back', async () => {
    const response = await failing(new PitwallError('gateway_unavailable', 'No worker.', { retryAfter: 1.2 }));
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problemOf(response)).toMatchObject({ code: 'gateway_unavailable', detail: 'No worker.' });
    expect(logged).toEqual([]);
  });

  it('of an unknown kind is logged under the request’s id and tells the client nothing else', async () => {
    expect(await problemOf(await failing(new Error('password in /etc')))).toMatchObject({
      code: 'internal',
      detail: 'Look for this id in the log.',
      instance: 'id-1',
    });
    expect(logged).toEqual(['The request id-1 failed: password in /etc']);
    await failing('not even an error');
    const breach = resource({ GET: route({ response: z.number(), handler: () => 'text' as unknown as number }) });
    expect((await problemOf(await breach.GET(ask('/api/x'), context()))).code).toBe('internal');
    expect(logged).toHaveLength(3);
  });

  it('gets an id of its own where none was given', async () => {
    const gone = resource({ GET: route({ response: z.number(), handler: () => 1 }) });
    const response = await gone.DELETE(new Request('http://localhost/api/x'), context());
    expect((await problemOf(response)).instance).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the container of this thread', () => {
  it('is the one that was published, until it’s taken back', () => {
    const other = { version: '2' } as Container;
    const first = getContainer();
    const takeBack = publishContainer(other);
    unpublish();
    expect(getContainer()).toBe(other);
    takeBack();
    expect(() => getContainer()).toThrow(/npm start/);
    unpublish = publishContainer(first);
  });
});
