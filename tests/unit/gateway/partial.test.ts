import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { MAX_PIECES } from '../../../lib/gateway/part.ts';
import { RANGED, serveRanges } from '../../support/range-origin.ts';
import { rangeScene, status, told } from '../../support/range-scene.ts';
import { ask } from '../../support/raw-client.ts';

type Headers = Record<string, string>;
const { origin, gateway, open, get, range, asked } = rangeScene();
const entries = async (): Promise<number | undefined> => (await gateway.snapshot()).levels[1]?.entries;

describe('a part', () => {
  beforeEach(async () => {
    await open();
    serveRanges(origin, '0123456789');
  });

  it('is stored, and answers what lies within it', async () => {
    const first = await range('2-7');
    expect(told(first)).toEqual([206, '234567', 'bytes 2-7/10']);
    expect(status(first)).toBe('pitwall; fwd=uri-miss; fwd-status=206; stored; ttl=60; detail=cold');
    gateway.advance(3_000);
    const again = await range('3-4');
    expect(told(again)).toEqual([206, '34', 'bytes 3-4/10']);
    expect(again.headers).toMatchObject({
      age: '3',
      etag: '"v1"',
      'content-length': '2',
      'content-type': 'text/plain',
    });
    expect(status(again)).toBe('pitwall; hit; ttl=57; detail=l2');
    expect(told(await range('7-7'))).toEqual([206, '7', 'bytes 7-7/10']);
    expect(asked()).toEqual(['bytes=2-7']);
  });

  it('at the end answers what is asked for from the end', async () => {
    await range('-4');
    expect(told(await range('-2'))).toEqual([206, '89', 'bytes 8-9/10']);
    expect(told(await range('6-'))).toEqual([206, '6789', 'bytes 6-9/10']);
    expect(told(await range('6-99'))).toEqual([206, '6789', 'bytes 6-9/10']);
    expect(asked()).toEqual(['bytes=-4']);
  });

  it('answers nothing that it hasn’t as a whole', async () => {
    await range('2-7');
    const beyond = await range('7-8');
    expect(told(beyond)).toEqual([206, '78', 'bytes 7-8/10']);
    expect(status(beyond)).toContain('fwd=partial');
    expect((await range('0-99')).text).toBe('0123456789');
    expect(asked()).toEqual(['bytes=2-7', 'bytes=7-8', 'bytes=0-99']);
  });

  it.each([
    ['the whole', {}, 'GET', 200],
    ['several ranges', { Range: 'bytes=2-3,5-6' }, 'GET', 200],
    ['what is in it, on another condition', { Range: 'bytes=2-3', 'If-Range': '"v0"' }, 'GET', 200],
    ['whether the whole has changed', { 'If-None-Match': '"v1"' }, 'GET', 304],
    ['its head', {}, 'HEAD', 200],
    ['its head, with a range that means nothing there', { Range: 'bytes=2-3' }, 'HEAD', 200],
  ])('isn’t taken for an answer to who asks for %s', async (_, headers, method, code) => {
    await range('2-7');
    const answer = await get(headers, { method });
    expect(answer.status).toBe(code);
    if (code === 200 && method === 'GET') expect(answer.text).toBe('0123456789');
    expect(origin.seen).toHaveLength(2);
  });

  it('answers 304 where the range was asked for on the condition that it has changed', async () => {
    await range('2-7');
    expect((await range('2-3', { 'If-None-Match': '"v1"' })).status).toBe(304);
    expect((await range('2-3', { 'If-Range': '"v1"' })).text).toBe('23');
    expect(origin.seen).toHaveLength(1);
  });

  it('gives way to the whole', async () => {
    await range('2-7');
    expect((await get()).status).toBe(200);
    const whole = await get();
    expect([whole.text, status(whole)]).toEqual(['0123456789', 'pitwall; hit; ttl=60; detail=l2']);
    expect(await entries()).toBe(1);
  });

  it('is forgotten after an unsafe request, like the whole', async () => {
    await range('2-7');
    await ask(gateway.port, '/', { method: 'PUT' });
    await range('2-7');
    expect(asked()).toEqual(['bytes=2-7', undefined, 'bytes=2-7']);
  });
});

describe('parts are joined', () => {
  it('where they touch or overlap, and the whole of them is the whole response', async () => {
    await open();
    serveRanges(origin, '0123456789');
    await range('0-3');
    await range('6-9');
    expect(told(await range('8-9'))).toEqual([206, '89', 'bytes 8-9/10']);
    expect(told(await range('0-1'))).toEqual([206, '01', 'bytes 0-1/10']);
    expect(await entries()).toBe(1);
    await range('3-7');
    const whole = await get();
    expect([whole.status, whole.text]).toEqual([200, '0123456789']);
    expect(whole.headers).toMatchObject({ 'content-length': '10', 'content-type': 'text/plain', etag: '"v1"' });
    expect(whole.headers['content-range']).toBeUndefined();
    expect(status(await get())).toContain('detail=l1');
    expect(asked()).toEqual(['bytes=0-3', 'bytes=6-9', 'bytes=3-7']);
  });

  it('with the fields of the newer, and those that it left out', async () => {
    await open();
    serveRanges(origin, '0123456789', { ...RANGED, 'X-A': 'old', 'X-B': 'kept' });
    await range('0-4');
    gateway.advance(50_000);
    serveRanges(origin, '0123456789', { 'Cache-Control': 'max-age=30', ETag: '"v1"', 'X-A': 'new' });
    await range('5-9', { 'If-Range': '"v1"' });
    gateway.advance(20_000);
    const whole = await get();
    expect(whole.headers).toMatchObject({ 'x-a': 'new', 'x-b': 'kept', 'content-type': 'text/plain', age: '20' });
    gateway.advance(10_000);
    await get();
    expect(origin.seen).toHaveLength(3);
  });

  it.each<[string, string, Headers]>([
    ['of another ETag', '0123456789', { ...RANGED, ETag: '"v2"' }],
    ['of another length', '0123456789+', RANGED],
  ])('but not with one %s, which takes their place', async (_, body, headers) => {
    await open();
    serveRanges(origin, '0123456789');
    await range('0-4');
    serveRanges(origin, body, headers);
    expect((await range('5-9')).text).toBe('56789');
    expect((await range('6-7')).text).toBe('67');
    expect(origin.seen).toHaveLength(2);
    await range('0-1');
    expect(origin.seen).toHaveLength(3);
  });

  it('but not with what was cleared hard', async () => {
    const clears = createMemoryClears();
    await open({ clears });
    serveRanges(origin, '0123456789');
    await range('0-4');
    // A second response for the same request: the lookup finds it before the other.
    serveRanges(origin, 'abcdefghij', { ...RANGED, ETag: '"v2"', Vary: 'X-Lang' });
    await range('5-9');
    const { number } = await clears.append({ mode: 'hard', scope: { all: true } });
    await gateway.gateway.command({ type: 'follow-clears', number });
    serveRanges(origin, '0123456789');
    await range('5-9');
    await range('0-4');
    expect(asked()).toEqual(['bytes=0-4', 'bytes=5-9', 'bytes=5-9', 'bytes=0-4']);
  });

  it('with the tags of all of them', async () => {
    const clears = createMemoryClears();
    await open({ clears });
    serveRanges(origin, '0123456789', { ...RANGED, 'Cache-Tag': 'one' });
    await range('0-4');
    serveRanges(origin, '0123456789', { ...RANGED, 'Cache-Tag': 'other' });
    await range('5-9');
    const { number } = await clears.append({ mode: 'hard', scope: { tag: 'one' } });
    await gateway.gateway.command({ type: 'follow-clears', number });
    await get();
    expect(origin.seen).toHaveLength(3);
  });

  it('up to a number of pieces', async () => {
    await open();
    serveRanges(origin, 'x'.repeat(100));
    for (let i = 0; i <= MAX_PIECES; i++) await range(`${i * 2}-${i * 2}`);
    const before = origin.seen.length;
    await range(`${(MAX_PIECES - 1) * 2}-${(MAX_PIECES - 1) * 2}`);
    expect(origin.seen).toHaveLength(before);
    await range(`${MAX_PIECES * 2}-${MAX_PIECES * 2}`);
    expect(origin.seen).toHaveLength(before + 1);
  });

  it.each([
    [10, 1],
    [9, 2],
    [0, 2],
  ])('up to the policy’s bytes: of ten, %i', async (maxPartial, calls) => {
    await open({ policy: { maxPartial } });
    serveRanges(origin, '0123456789abc');
    await range('0-9');
    await range('0-9');
    expect(origin.seen).toHaveLength(calls);
  });

  it('unless it is too little for what is moved by it', async () => {
    await open();
    serveRanges(origin, 'x'.repeat(1_000));
    await range('0-125');
    await range('126-127');
    expect(status(await range('0-127'))).toContain('; hit');
    await range('128-128');
    expect(status(await range('128-128'))).toContain('fwd=partial');
    await range('128-998');
    expect(status(await range('0-998'))).toContain('; hit');
    await range('999-999');
    expect(status(await get())).toContain('; hit');
  });
});

describe('what isn’t stored as a part', () => {
  it.each<[string, Headers]>([
    ['has no validator', { 'Cache-Control': 'max-age=60', 'Content-Range': 'bytes 0-4/10' }],
    ['has a weak one', { ...RANGED, ETag: 'W/"v1"', 'Content-Range': 'bytes 0-4/10' }],
    ['has no known length', { ...RANGED, 'Content-Range': 'bytes 0-4/*' }],
    ['says more than it brings', { ...RANGED, 'Content-Range': 'bytes 0-5/10' }],
    ['says less than it brings', { ...RANGED, 'Content-Range': 'bytes 0-3/10' }],
    ['says nothing of a range', RANGED],
    [
      'has several parts',
      { ...RANGED, 'Content-Type': 'multipart/byteranges; boundary=x', 'Content-Range': 'bytes 0-4/10' },
    ],
    ['may not be stored', { ...RANGED, 'Cache-Control': 'no-store', 'Content-Range': 'bytes 0-4/10' }],
    ['is somebody’s', { ...RANGED, 'Set-Cookie': 'a=b', 'Content-Range': 'bytes 0-4/10' }],
  ])('what %s', async (_, headers) => {
    await open();
    origin.script((_request, response) => response.writeHead(206, headers).end('01234'));
    expect((await range('0-4')).text).toBe('01234');
    await range('0-4');
    expect(origin.seen).toHaveLength(2);
    expect(await entries()).toBe(0);
  });

  it('what If-Range may have had fields left out of, as the first', async () => {
    await open();
    serveRanges(origin, '0123456789');
    expect((await range('0-4', { 'If-Range': '"v1"' })).status).toBe(206);
    expect(await entries()).toBe(0);
  });

  it.each([416, 404, 400])('%i, which may be due to the range', async (code) => {
    await open();
    origin.script((_, response) => response.writeHead(code, RANGED).end('no'));
    expect((await range('90-')).status).toBe(code);
    serveRanges(origin, '0123456789');
    expect((await get()).text).toBe('0123456789');
  });

  it('200 that has a range of its own', async () => {
    await open();
    origin.script((_, response) =>
      response.writeHead(200, { ...RANGED, 'Content-Range': 'bytes 0-4/10' }).end('01234'),
    );
    await range('0-4');
    expect(await entries()).toBe(0);
  });

  it('a part that nobody asked for', async () => {
    await open();
    origin.script((_, response) =>
      response.writeHead(206, { ...RANGED, 'Content-Range': 'bytes 0-4/10' }).end('01234'),
    );
    await get();
    expect(await entries()).toBe(0);
  });

  it('one that was asked for with Authorization', async () => {
    await open();
    serveRanges(origin, '0123456789');
    await range('0-4', { Authorization: 'Basic x' });
    expect(await entries()).toBe(0);
  });
});
