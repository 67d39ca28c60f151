import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../../lib/dedup/fleet.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway } from '../../support/gateway.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { RANGED, sendRange, serveRanges } from '../../support/range-origin.ts';
import { rangeScene, status, told } from '../../support/range-scene.ts';
import { ask } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';
import { sharedLevel } from '../../support/shared-level.ts';

const { origin, gateway, open, get, range, asked } = rangeScene();

describe('the whole', () => {
  it('is stored where the origin sends it to who asks for a range', async () => {
    await open();
    origin.reply(RANGED, '0123456789');
    expect((await range('2-3')).text).toBe('0123456789');
    expect(told(await range('2-3'))).toEqual([206, '23', 'bytes 2-3/10']);
    expect(origin.seen).toHaveLength(1);
  });

  it('stays when a part comes after it', async () => {
    await open();
    const sent = gate();
    origin.script((request, response) => {
      if (request.headers.range === undefined) response.writeHead(200, RANGED).end('0123456789');
      else void sent.opened.then(() => sendRange(response, '0123456789', RANGED, request.headers.range));
    });
    const part = range('0-4');
    await origin.arrived(1);
    await get();
    sent.open();
    expect((await part).text).toBe('01234');
    expect(status(await get())).toContain('; hit');
  });
});

describe('stale parts', () => {
  it('are confirmed with their range, and live on', async () => {
    await open();
    serveRanges(origin, '0123456789');
    await range('2-7');
    gateway.advance(61_000);
    expect(told(await range('3-4'))).toEqual([206, '34', 'bytes 3-4/10']);
    expect(origin.seen[1]?.headers).toMatchObject({ 'if-none-match': '"v1"', range: 'bytes=3-4' });
    expect(told(await range('2-7'))).toEqual([206, '234567', 'bytes 2-7/10']);
    expect(origin.seen).toHaveLength(2);
  });

  it('leave the client’s own conditions to the origin', async () => {
    await open();
    serveRanges(origin, '0123456789');
    await range('2-7');
    gateway.advance(61_000);
    serveRanges(origin, 'abcdefghij', { ...RANGED, ETag: '"v2"' });
    expect((await range('3-4', { 'If-None-Match': '"v2"' })).status).toBe(304);
  });

  it('are replaced by the part of what has changed', async () => {
    await open();
    serveRanges(origin, '0123456789');
    await range('2-7');
    gateway.advance(61_000);
    serveRanges(origin, 'abcdefghij', { ...RANGED, ETag: '"v2"' });
    expect(told(await range('3-4'))).toEqual([206, 'de', 'bytes 3-4/10']);
    expect((await range('3-3')).text).toBe('d');
    expect(origin.seen).toHaveLength(2);
  });

  it('live on by the same part from an origin that doesn’t know conditions', async () => {
    await open();
    origin.script((request, response) => sendRange(response, '0123456789', RANGED, request.headers.range));
    await range('2-7');
    gateway.advance(61_000);
    await range('3-4');
    expect((await range('2-7')).text).toBe('234567');
    expect(origin.seen).toHaveLength(2);
  });

  it('stand in when the origin fails', async () => {
    await open({ policy: { staleIfError: '1h' } });
    serveRanges(origin, '0123456789');
    await range('2-7');
    gateway.advance(61_000);
    origin.script((_, response) => response.writeHead(503).end());
    const answer = await range('3-4');
    expect(told(answer)).toEqual([206, '34', 'bytes 3-4/10']);
    expect((await range('8-9')).status).toBe(503);
  });

  it('answer while they are refreshed', async () => {
    await open({ policy: { staleWhileRevalidate: '1h' } });
    serveRanges(origin, '0123456789');
    await range('2-7');
    gateway.advance(61_000);
    expect((await range('3-4')).text).toBe('34');
    await origin.arrived(2);
    expect(origin.seen[1]?.headers).toMatchObject({ 'if-none-match': '"v1"', range: 'bytes=3-4' });
  });

  it('are asked for anew where their confirmation changes what the condition of the range says', async () => {
    const [modified, later] = ['Mon, 02 Jan 2023 00:00:00 GMT', 'Tue, 03 Jan 2023 00:00:00 GMT'];
    const dated = { 'Cache-Control': 'max-age=60', 'Last-Modified': modified };
    await open();
    origin.script((request, response) => sendRange(response, '0123456789', dated, request.headers.range));
    await range('2-7');
    gateway.advance(61_000);
    origin.script((request, response) => {
      if (request.headers['if-modified-since'] !== undefined)
        response.writeHead(304, { ...dated, 'Last-Modified': later }).end();
      else response.writeHead(200, { ...dated, 'Last-Modified': later }).end('abcdefghij');
    });
    expect((await range('3-4', { 'If-Range': modified })).text).toBe('abcdefghij');
  });
});

describe('requests for ranges at a time', () => {
  it('share a call if they are the same, and none if not', async () => {
    await open();
    const sent = gate();
    origin.script(
      (request, response) =>
        void sent.opened.then(() => sendRange(response, '0123456789', RANGED, request.headers.range)),
    );
    const same = [range('0-1'), range('0-1'), range('0-1')];
    await origin.arrived(1);
    const others = [range('0-2'), range('1-2'), range('0-1', { 'If-Range': '"v1"' }), get()];
    await origin.arrived(5);
    sent.open();
    expect((await Promise.all(same)).map(({ text }) => text)).toEqual(['01', '01', '01']);
    expect((await Promise.all(others)).map(({ text }) => text)).toEqual(['012', '12', '01', '0123456789']);
    expect(origin.seen).toHaveLength(5);
  });

  it('are told apart by Vary', async () => {
    await open();
    origin.script((request, response) =>
      sendRange(
        response,
        request.headers['x-a'] === 'a' ? 'aaaaa' : 'bbbbb',
        { ...RANGED, Vary: 'X-A' },
        request.headers.range,
      ),
    );
    for (const [value, text] of [
      ['a', 'aa'],
      ['b', 'bb'],
      ['a', 'aa'],
      ['b', 'bb'],
    ] as const)
      expect((await range('0-1', { 'X-A': value })).text).toBe(text);
    expect(origin.seen).toHaveLength(2);
    await range('2-4', { 'X-A': 'a' });
    expect((await get({ 'X-A': 'a' })).text).toBe('aaaaa');
    expect(origin.seen).toHaveLength(3);
  });
});

describe('parts in L3', () => {
  it('answer after a restart, and are joined there', async () => {
    const persistent = sharedLevel();
    const Host = 'shop.test';
    await open({ persistent });
    serveRanges(origin, '0123456789');
    await range('0-4', { Host });
    await open({ persistent });
    expect(status(await range('1-2', { Host }))).toContain('detail=l3');
    const reads = persistent.reads.length;
    await range('5-9', { Host });
    // L2 had all that L3 has.
    expect(persistent.reads).toHaveLength(reads);
    await open({ persistent });
    const whole = await get({ Host });
    expect([whole.text, status(whole)]).toEqual(['0123456789', expect.stringContaining('detail=l3')]);
    expect(origin.seen).toHaveLength(2);
  });
});

describe('parts of a fleet', () => {
  it('are not taken for those that another instance was waited for', async () => {
    const persistent = sharedLevel({ shared: true });
    const Host = 'shop.test';
    const landed: Fleet = { enter: () => Promise.resolve({ kind: 'landed', landing: 'stored' }) };
    await open({ persistent, fleet: landed });
    serveRanges(origin, '0123456789');
    await range('0-4', { Host });
    expect(told(await range('6-7', { Host }))).toEqual([206, '67', 'bytes 6-7/10']);
    expect(asked()).toEqual(['bytes=0-4', 'bytes=6-7']);
  });

  it('are found in L3 where the whole is too large to be shared', async () => {
    const [persistent, Host] = [sharedLevel({ shared: true }), 'shop.test'];
    const setup = { persistent, policy: { maxEntry: '8B' } };
    await open(setup);
    const other = await openGateway(origin.url, setup);
    origin.reply({ ...RANGED, 'Content-Length': '10' }, '0123456789');
    await get({ Host });
    serveRanges(origin, '0123456789');
    await ask(other.port, '/', { headers: { Host, Range: 'bytes=0-4' } });
    expect(status(await range('1-2', { Host }))).toContain('detail=l3');
    await other.close();
  });

  it('are stored once for all who ask for the same', async () => {
    const [persistent, fleet, Host] = [sharedLevel({ shared: true }), memoryFleet(), 'shop.test'];
    await open({ persistent, fleet: fleet.member() });
    const other = await openGateway(origin.url, { persistent, fleet: fleet.member() });
    const sent = gate();
    origin.script(
      (request, response) =>
        void sent.opened.then(() => sendRange(response, '0123456789', RANGED, request.headers.range)),
    );
    const first = range('0-4', { Host });
    await origin.arrived(1);
    const second = ask(other.port, '/', { headers: { Host, Range: 'bytes=0-4' } });
    await eventually(() => expect(persistent.reads).toHaveLength(2));
    sent.open();
    expect([(await first).text, (await second).text]).toEqual(['01234', '01234']);
    expect(origin.seen).toHaveLength(1);
    await other.close();
  });
});

it('mode observe forwards ranges as they come', async () => {
  await open({ service: { mode: 'observe' } });
  serveRanges(origin, '0123456789');
  expect(told(await range('2-3'))).toEqual([206, '23', 'bytes 2-3/10']);
  expect(told(await range('2-3'))).toEqual([206, '23', 'bytes 2-3/10']);
  await range('2-3,5-6');
  expect(asked()).toEqual(['bytes=2-3', 'bytes=2-3', 'bytes=2-3,5-6']);
  expect((await gateway.route()).wouldHave).toBe(1);
});
