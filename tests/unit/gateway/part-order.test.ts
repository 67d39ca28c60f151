import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { RANGED, serveRanges } from '../../support/range-origin.ts';
import type { Answer } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';

const scene = gatewayScene();
const { origin, gateway } = scene;

const range = (bytes: string, more: Record<string, string> = {}): Promise<Answer> =>
  scene.get('/', { headers: { Range: `bytes=${bytes}`, ...more } });
const told = ({ status, text, headers }: Answer): unknown[] => [status, text, headers['content-range']];

/** Asks for a part whose head comes now, and whose end when it is let go. */
async function slowPart(
  bytes: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ end(): Promise<Answer> }> {
  const { opened, open } = gate();
  origin.script((request, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') as unknown as [
      string,
      string,
      string,
    ];
    response.writeHead(206, { ...headers, 'Content-Range': `bytes ${first}-${last}/${body.length}` });
    response.flushHeaders();
    void opened.then(() => response.end(body.slice(Number(first), Number(last) + 1)));
  });
  const headed = gate();
  const answer = scene.get('/', { headers: { Range: `bytes=${bytes}` }, onHead: headed.open });
  await headed.opened;
  return {
    end() {
      open();
      return answer;
    },
  };
}

describe('a part whose body ends late', () => {
  it('pushes out nothing newer of another version', async () => {
    await scene.open();
    const old = await slowPart('0-1', '0123456789', RANGED);
    gateway.advance(1_000);
    serveRanges(origin, 'abcdefghij', { ...RANGED, ETag: '"v2"' });
    await range('4-5');
    expect((await old.end()).text).toBe('01');
    expect(told(await range('4-5'))).toEqual([206, 'ef', 'bytes 4-5/10']);
    expect(told(await range('0-1'))).toEqual([206, 'ab', 'bytes 0-1/10']);
    expect(origin.seen).toHaveLength(3);
  });

  it('is joined to what is newer, whose fields and freshness stay', async () => {
    await scene.open();
    const old = await slowPart('0-1', '0123456789', { ...RANGED, 'Cache-Control': 'max-age=3600', 'X-Of': 'old' });
    gateway.advance(1_000);
    serveRanges(origin, '0123456789', { ...RANGED, 'Cache-Control': 'max-age=5', 'X-Of': 'new' });
    await range('2-3');
    await old.end();
    const both = await range('0-3');
    expect(told(both)).toEqual([206, '0123', 'bytes 0-3/10']);
    expect(both.headers).toMatchObject({ 'cache-control': 'max-age=5', 'x-of': 'new' });
    gateway.advance(6_000);
    await range('0-1');
    expect(origin.seen).toHaveLength(3);
  });
});

describe('a whole whose body ends late', () => {
  /** Asks for the whole, whose head comes now; gives what lets it end. */
  async function slowWhole(body: string, headers: Record<string, string>): Promise<() => Promise<Answer>> {
    const { opened, open } = gate();
    origin.script((_, response) => {
      response.writeHead(200, headers);
      response.flushHeaders();
      void opened.then(() => response.end(body));
    });
    const headed = gate();
    const answer = scene.get('/', { onHead: headed.open });
    await headed.opened;
    return () => {
      open();
      return answer;
    };
  }

  it('leaves parts of another version that came later', async () => {
    await scene.open();
    const end = await slowWhole('0123456789', RANGED);
    gateway.advance(1_000);
    serveRanges(origin, 'abcdefghij', { ...RANGED, ETag: '"v2"' });
    await range('4-5');
    expect((await end()).text).toBe('0123456789');
    expect(told(await range('4-5'))).toEqual([206, 'ef', 'bytes 4-5/10']);
    expect(origin.seen).toHaveLength(2);
  });

  it('completes parts of the same that came later, whose fields stay', async () => {
    await scene.open();
    const end = await slowWhole('0123456789', { ...RANGED, 'X-Of': 'old' });
    gateway.advance(1_000);
    serveRanges(origin, '0123456789', { ...RANGED, 'X-Of': 'new' });
    await range('4-5');
    await end();
    const whole = await scene.get();
    expect([whole.text, whole.headers['x-of']]).toEqual(['0123456789', 'new']);
    expect(origin.seen).toHaveLength(2);
  });
});

describe('what is held', () => {
  const isHit = async (bytes: string): Promise<boolean> =>
    String((await range(bytes)).headers['cache-status']).includes('; hit');

  it('gives way to more than all of it where it is many small pieces', async () => {
    await scene.open();
    serveRanges(origin, 'x'.repeat(1_000));
    for (let i = 0; i < 16; i++) await range(`${i * 2}-${i * 2}`);
    await range('500-509');
    expect(await isHit('500-509')).toBe(false);
    await range('500-999');
    expect(await isHit('500-999')).toBe(true);
  });

  it('gives way once it is stale, and not before, where both are too much', async () => {
    await scene.open({ policy: { maxPartial: '1KiB' } });
    serveRanges(origin, 'x'.repeat(4_000));
    await range('-1024');
    await range('0-499');
    expect(await isHit('0-499')).toBe(false);
    expect(await isHit('-1024')).toBe(true);
    gateway.advance(61_000);
    await range('0-499');
    expect(await isHit('0-499')).toBe(true);
  });
});
