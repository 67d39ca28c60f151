import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { RANGED, serveRanges } from '../../support/range-origin.ts';
import type { Answer } from '../../support/raw-client.ts';

const scene = gatewayScene();
const { origin } = scene;

const range = (bytes: string, more: Record<string, string> = {}): Promise<Answer> =>
  scene.get('/', { headers: { Range: `bytes=${bytes}`, ...more } });
const status = (answer: Answer): string => String(answer.headers['cache-status']);

describe('a part that was asked for with credentials', () => {
  it.each([
    ['Authorization', 'Basic eDp5'],
    ['Cookie', 'a=b'],
  ])('is shared by what its own answer says, not by what is held: %s', async (name, value) => {
    await scene.open();
    serveRanges(origin, '0123456789', { ...RANGED, 'Cache-Control': 'public, max-age=60' });
    await range('0-1');
    serveRanges(origin, '0123456789', { ETag: '"v1"' });
    expect((await range('2-3', { [name]: value })).text).toBe('23');
    expect(status(await range('2-3'))).not.toContain('; hit');
    expect(status(await range('0-1'))).toContain('; hit');
  });

  it('is joined where that lets all have it', async () => {
    await scene.open();
    serveRanges(origin, '0123456789', { ...RANGED, 'Cache-Control': 'public, max-age=60' });
    await range('0-1');
    await range('2-3', { Authorization: 'Basic eDp5', Cookie: 'a=b' });
    expect((await range('0-3')).text).toBe('0123');
    expect(origin.seen).toHaveLength(2);
  });
});

describe('a part of another coding', () => {
  const GZIP = { ...RANGED, 'Content-Encoding': 'gzip' };

  it.each([
    ['coded', RANGED, GZIP],
    ['plain', GZIP, RANGED],
  ])('isn’t joined, whatever its ETag says: %s', async (_, first, second) => {
    await scene.open();
    serveRanges(origin, '0123456789', first);
    await range('0-4');
    serveRanges(origin, 'abcdefghij', second);
    await range('5-9');
    serveRanges(origin, 'ABCDEFGHIJ', second);
    expect((await scene.get()).text).toBe('ABCDEFGHIJ');
  });

  it('is joined where If-Range let the origin leave its coding out', async () => {
    await scene.open();
    serveRanges(origin, '0123456789', GZIP);
    await range('0-4');
    serveRanges(origin, '0123456789', RANGED);
    await range('5-9', { 'If-Range': '"v1"' });
    const whole = await scene.get();
    expect([whole.text, whole.headers['content-encoding']]).toEqual(['0123456789', 'gzip']);
    expect(origin.seen).toHaveLength(2);
  });
});
