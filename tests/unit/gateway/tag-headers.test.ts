import { describe, expect, it } from 'vitest';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { rawClient, type Answer } from '../../support/raw-client.ts';

/* Cache-Tag and Surrogate-Key are for this cache: clients see them only where the policy keeps them. */
const { origin, gateway, open, get } = gatewayScene();
const TAGS = { 'Cache-Tag': 'a, b', 'Surrogate-Key': 'c d' };
const FRESH = { ...TAGS, 'Cache-Control': 'max-age=60', ETag: '"a"' };
const tags = ({ headers }: Answer): unknown[] => [headers['cache-tag'], headers['surrogate-key']];
const KEPT = ['a, b', 'c d'];
const NONE = [undefined, undefined];

/** Misses, hits of each level, what isn't stored, passes, confirmations and refusals of WebSockets. */
async function eachWay(): Promise<unknown[][]> {
  const seen: unknown[][] = [];
  origin.reply(FRESH, 'x');
  for (let n = 0; n < 3; n++) seen.push(tags(await get()));
  seen.push(tags(await get('/', { headers: { 'If-None-Match': '"a"' } })));
  seen.push(tags(await get('/', { method: 'POST' })));
  gateway.advance(61_000);
  origin.reply(TAGS, '', 304);
  seen.push(tags(await get()));
  origin.reply({ ...TAGS, 'Cache-Control': 'no-store' }, 'x');
  seen.push(tags(await get('/no-store')));
  const client = await rawClient(gateway.port);
  client.send('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const declined = await client.closed();
  seen.push(['Cache-Tag', 'Surrogate-Key'].map((name) => new RegExp(`^${name}: (.*?)\r$`, 'm').exec(declined)?.[1]));
  return seen;
}

describe('the headers that carry tags', () => {
  it('end here', async () => {
    await open();
    const seen = await eachWay();
    expect(seen).toEqual(Array(seen.length).fill(NONE));
  });

  it('go on to clients where the policy keeps them', async () => {
    await open({ policy: { keepTags: true } });
    const seen = await eachWay();
    expect(seen).toEqual(Array(seen.length).fill(KEPT));
  });

  it('are kept by route', async () => {
    await open({ routes: [{ path: '/kept/*', policy: { keepTags: true } }] });
    origin.reply(FRESH, 'x');
    expect([tags(await get('/kept/1')), tags(await get('/else'))]).toEqual([KEPT, NONE]);
  });
});
