import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClearSource } from '../../../lib/cache/clear-record.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { Service } from '../../../lib/contracts/policy.ts';
import { realmOf } from '../../../lib/gateway/realm.ts';
import { eventually } from '../../support/eventually.ts';
import { gatewayConfig, openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask, type Answer, type Ask } from '../../support/raw-client.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';
import { sharedLevel, type SharedLevel } from '../../support/shared-level.ts';

const HOST = 'shop.test';
let origin: ScriptedOrigin;
let l3: SharedLevel;
let clears: ClearSource;
const opened: TestGateway[] = [];

beforeEach(async () => {
  origin = await scriptedOrigin();
  l3 = sharedLevel();
  clears = createMemoryClears();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
  await origin.close();
});

async function open(setup: GatewaySetup = {}): Promise<TestGateway> {
  const gateway = await openGateway(origin.url, { persistent: l3, clears, ...setup });
  opened.push(gateway);
  return gateway;
}

/** All gateways are asked for the same host, so that they have the same keys. */
const get = (gateway: TestGateway, path = '/', { headers, ...options }: Ask = {}): Promise<Answer> =>
  ask(gateway.port, path, { ...options, headers: { Host: HOST, ...headers } });
const detail = (answer: Answer): string | undefined =>
  /detail=(\S+)$/.exec(String(answer.headers['cache-status']))?.[1];
const held = (path = '/'): Promise<number> =>
  eventually(async () => {
    const found = (await l3.level.read(l3.reads.find((key) => key.includes(path)) as string))?.length ?? 0;
    expect(found).toBeGreaterThan(0);
    return found;
  });

describe('residency', () => {
  it('of L2: after five minutes L3 is asked for something newer, while the copy goes on answering', async () => {
    l3 = sharedLevel({ shared: true });
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=100000' });
      response.end(`answer ${origin.seen.length}`);
    });
    const [one, other] = [await open(), await open()];
    await get(one);
    await held();
    expect((await get(other)).text).toBe('answer 1');
    one.advance(2_000);
    await get(one, '/', { method: 'POST' });
    expect((await get(one)).text).toBe('answer 3');
    await held();
    expect((await get(other)).text).toBe('answer 1');
    other.advance(300_000);
    expect((await get(other)).text).toBe('answer 1');
    await eventually(async () => expect((await get(other)).text).toBe('answer 3'));
  });

  it('of L3: after an hour an entry answers, and is confirmed in the background', async () => {
    origin.script((request, response) => {
      const same = request.headers['if-none-match'] === '"v1"';
      response.writeHead(same ? 304 : 200, { 'Cache-Control': 'max-age=100000', ETag: '"v1"' });
      response.end(same ? undefined : 'body');
    });
    const before = await open();
    await get(before);
    await held();
    const gateway = await open();
    gateway.advance(3_600_001);
    const answer = await get(gateway);
    expect([detail(answer), answer.headers.age]).toEqual(['l3', '3600']);
    await eventually(async () => expect((await get(gateway)).headers.age).toBe('0'));
    expect(origin.seen[1]?.headers['if-none-match']).toBe('"v1"');
  });
});

describe('the realm', () => {
  it('keeps answers apart that came from elsewhere, or were stored under other rules', async () => {
    const other = await scriptedOrigin();
    other.reply({ 'Cache-Control': 'max-age=60' }, 'other');
    const first = await open();
    await get(first);
    await held();
    const moved = await openGateway(other.url, { persistent: l3, clears });
    opened.push(moved);
    expect((await get(moved)).text).toBe('other');
    const ignoring = await open({ policy: { ignore: ['set-cookie'] } });
    expect((await get(ignoring)).text).toBe('answer 2');
    expect((await get(await open())).text).toBe('answer 1');
    await other.close();
  });

  it("of the sample doesn't name its origin, whose port is another after each start", () => {
    const [service] = gatewayConfig('http://127.0.0.1:1').services as [Service];
    const [moved] = gatewayConfig('http://127.0.0.1:2').services as [Service];
    expect(realmOf(moved)).not.toBe(realmOf(service));
    expect(realmOf({ ...moved, sample: true })).toBe(realmOf({ ...service, sample: true }));
  });

  it('changes with a reload, and an answer on its way from before is not found after it', async () => {
    const other = await scriptedOrigin();
    other.reply({ 'Cache-Control': 'max-age=60' }, 'other');
    const gateway = await open();
    await get(gateway);
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(other.url) });
    expect((await get(gateway)).text).toBe('other');
    await gateway.gateway.command({ type: 'configure', config: gatewayConfig(origin.url) });
    expect((await get(gateway)).text).toBe('answer 1');
    await other.close();
  });
});
