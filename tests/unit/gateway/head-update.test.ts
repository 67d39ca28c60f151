import { describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { GatewaySetup } from '../../support/gateway.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import type { Answer } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get: getPath } = gatewayScene();
type Headers = Record<string, string>;
const MODIFIED = 'Mon, 02 Jan 2023 00:00:00 GMT';
const STORED = { 'Cache-Control': 'max-age=60', ETag: '"v1"', 'Last-Modified': MODIFIED, 'X-A': 'old', 'X-B': 'kept' };

const get = (headers: Headers = {}): Promise<Answer> => getPath('/', { headers });
const head = (headers: Headers = {}): Promise<Answer> => getPath('/', { method: 'HEAD', headers });
const status = (answer: Answer): string => String(answer.headers['cache-status']);

/** A GET answered with `stored`, and from now on what HEAD brings. */
async function stored(heads: Headers, setup: GatewaySetup = {}, fields: Headers = STORED): Promise<void> {
  await open(setup);
  origin.reply(fields, '0123456789');
  await get();
  origin.script((request, response) =>
    response.writeHead(200, request.method === 'HEAD' ? heads : STORED).end(request.method === 'HEAD' ? '' : 'new'),
  );
}

describe('a 200 to HEAD', () => {
  const SAME = { 'Cache-Control': 'max-age=100', ETag: '"v1"', 'Content-Length': '10', 'X-A': 'new' };

  it('updates a stored GET of the same representation, and makes it fresh', async () => {
    await stored(SAME);
    gateway.advance(61_000);
    expect((await head()).headers).toMatchObject({ 'x-a': 'new', etag: '"v1"' });
    gateway.advance(99_000);
    const answer = await get();
    expect([answer.text, status(answer)]).toEqual(['0123456789', expect.stringContaining('hit; ttl=1')]);
    expect(answer.headers).toMatchObject({ 'x-a': 'new', 'x-b': 'kept', age: '99', 'content-length': '10' });
    expect(origin.seen.map(({ method }) => method)).toEqual(['GET', 'HEAD']);
  });

  it.each<[string, Headers]>([
    ['ETag', { ...SAME, ETag: '"v2"' }],
    ['weak ETag', { ...SAME, ETag: 'W/"v2"' }],
    ['Content-Length', { ...SAME, 'Content-Length': '11' }],
    ['Last-Modified', { ...SAME, 'Last-Modified': 'Tue, 03 Jan 2023 00:00:00 GMT' }],
  ])('makes it stale where it has another %s', async (_, heads) => {
    await stored(heads, { policy: { honourRequestDirectives: true } });
    gateway.advance(10_000);
    await head({ 'Cache-Control': 'no-cache' });
    const answer = await get();
    expect([answer.text, status(answer)]).toEqual(['new', expect.stringContaining('fwd=stale')]);
    expect(origin.seen.at(-1)?.headers['if-none-match']).toBe('"v1"');
  });

  it('leaves it the graces that it had, counted from then', async () => {
    await stored({ ...SAME, ETag: '"v2"' }, { policy: { honourRequestDirectives: true, staleIfError: '20s' } });
    gateway.advance(10_000);
    await head({ 'Cache-Control': 'no-cache' });
    origin.script((_, response) => response.writeHead(503).end());
    gateway.advance(19_000);
    expect((await get()).text).toBe('0123456789');
    gateway.advance(1_000);
    expect((await get()).status).toBe(503);
  });

  it('doesn’t lengthen the graces of what is stale', async () => {
    await stored({ ...SAME, ETag: '"v2"' }, { policy: { staleIfError: '20s' } });
    gateway.advance(70_000);
    await head();
    origin.script((_, response) => response.writeHead(503).end());
    gateway.advance(11_000);
    expect((await get()).status).toBe(503);
  });

  it('makes it stale where it has an ETag, and what is stored none', async () => {
    const { ETag: _, ...without } = STORED;
    await stored(SAME, { policy: { honourRequestDirectives: true } }, without);
    await head({ 'Cache-Control': 'no-cache' });
    expect((await get()).text).toBe('new');
  });

  it('says nothing of what another client may not have', async () => {
    await stored({ ...SAME, ETag: '"mine"' });
    await head({ Authorization: 'Basic x' });
    expect(status(await get())).toContain('; hit; ttl=60');
    expect(origin.seen).toHaveLength(2);
  });

  it.each([
    ['Authorization', 'Basic x'],
    ['Cookie', 'a=b'],
  ])('says nothing to all where it was for one alone: %s', async (name, value) => {
    const forOne = { ETag: '"v1"', 'Content-Length': '10', 'X-A': 'of one' };
    await stored(forOne, {}, { ...STORED, 'Cache-Control': 'public, max-age=60' });
    gateway.advance(61_000);
    expect((await head({ [name]: value })).headers['x-a']).toBe('of one');
    const after = await get();
    expect([after.text, after.headers['x-a']]).toEqual(['new', 'old']);
  });

  it('says nothing of another status that is stored', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    origin.reply(STORED, 'none', 404);
    await get();
    origin.reply({ ...SAME, 'Content-Length': '0' }, '');
    await head({ 'Cache-Control': 'no-cache' });
    expect((await get()).status).toBe(404);
  });

  it('doesn’t bring back what was cleared hard', async () => {
    const clears = createMemoryClears();
    await stored(SAME, { clears, policy: { honourRequestDirectives: true } });
    // A second response for the same request, which the lookup finds before the other.
    origin.reply({ ...STORED, Vary: 'X-Lang' }, '0123456789');
    await get({ 'Cache-Control': 'no-cache' });
    const { number } = await clears.append({ mode: 'hard', scope: { all: true } });
    await gateway.gateway.command({ type: 'follow-clears', number });
    origin.script((request, response) =>
      response.writeHead(200, SAME).end(request.method === 'GET' ? 'new+345678' : ''),
    );
    await head();
    expect((await get()).text).toBe('new+345678');
  });

  it('says nothing of it without a validator', async () => {
    await stored(
      { 'Cache-Control': 'max-age=100', 'Content-Length': '10' },
      { policy: { honourRequestDirectives: true } },
    );
    await head({ 'Cache-Control': 'no-cache' });
    expect(status(await get())).toContain('; hit; ttl=60');
    gateway.advance(61_000);
    await head();
    expect((await get()).text).toBe('new');
  });

  it('ends its storing where it may be stored no longer', async () => {
    await stored({ ...SAME, 'Cache-Control': 'no-store' });
    gateway.advance(61_000);
    await head();
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
  });

  it('says nothing of what was stored after it was sent', async () => {
    await stored({});
    gateway.advance(61_000);
    const sent = gate();
    origin.script((request, response) => {
      if (request.method === 'GET') response.writeHead(200, { ...STORED, ETag: '"v2"' }).end('newer');
      else void sent.opened.then(() => response.writeHead(200, { ...SAME, 'X-A': 'late' }).end());
    });
    const late = head();
    await origin.arrived(2);
    gateway.advance(1);
    await get();
    sent.open();
    await late;
    const answer = await get();
    expect([answer.text, status(answer)]).toEqual(['newer', expect.stringContaining('; hit')]);
  });

  it('says nothing of another variant', async () => {
    await stored({ ...SAME, ETag: '"v2"', Vary: 'X-Lang' }, {}, { ...STORED, Vary: 'X-Lang' });
    await head({ 'X-Lang': 'de' });
    expect(status(await get())).toContain('; hit');
    expect(origin.seen).toHaveLength(2);
  });

  it('of parts knows the length of the whole', async () => {
    await open();
    origin.script((request, response) => {
      if (request.method === 'HEAD') response.writeHead(200, SAME).end();
      else response.writeHead(206, { ...STORED, 'Content-Range': 'bytes 0-4/10' }).end('01234');
    });
    await get({ Range: 'bytes=0-4' });
    gateway.advance(61_000);
    await head();
    const part = await get({ Range: 'bytes=1-2' });
    expect([part.status, part.text, part.headers['x-a']]).toEqual([206, '12', 'new']);
    expect(origin.seen).toHaveLength(2);
  });
});

it.each([404, 410, 500])('%i to HEAD leaves what is stored as it is', async (code) => {
  await stored({}, { policy: { honourRequestDirectives: true } });
  origin.script((_, response) => response.writeHead(code, { 'Cache-Control': 'max-age=100', ETag: '"v2"' }).end());
  await head({ 'Cache-Control': 'no-cache' });
  expect(status(await get())).toContain('; hit; ttl=60');
});
