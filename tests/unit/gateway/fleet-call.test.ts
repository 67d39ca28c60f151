import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { ClearSource } from '../../../lib/cache/clear-record.ts';
import type { Fleet } from '../../../lib/dedup/fleet.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { memoryFleet, type MemoryFleet } from '../../support/memory-fleet.ts';
import { ask, type Answer, type Ask } from '../../support/raw-client.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';
import { sharedLevel, type SharedLevel } from '../../support/shared-level.ts';

const HOST = 'shop.test';
let origin: ScriptedOrigin;
let l3: SharedLevel;
let fleet: MemoryFleet;
let clears: ClearSource;
const opened: TestGateway[] = [];

beforeEach(async () => {
  origin = await scriptedOrigin();
  l3 = sharedLevel({ shared: true });
  fleet = memoryFleet();
  clears = createMemoryClears();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
  await origin.close();
});

async function open(setup: GatewaySetup = {}): Promise<TestGateway> {
  const gateway = await openGateway(origin.url, { persistent: l3, clears, fleet: fleet.member(), ...setup });
  opened.push(gateway);
  return gateway;
}

const get = (gateway: TestGateway, path = '/', options: Ask = {}): Promise<Answer> =>
  ask(gateway.port, path, { ...options, headers: { Host: HOST, ...options.headers } });

/** From now on the origin answers when the gate opens. */
function slowOrigin(headers: Record<string, string>, status = 200): { open(): void } {
  const held = gate();
  origin.script((_, response) => {
    const call = origin.seen.length;
    void held.opened.then(() => {
      response.writeHead(status, headers);
      response.end(`answer ${call}`);
    });
  });
  return held;
}

it('asks the origin once for all instances that miss a key, and answers the others from L3', async () => {
  const gateways = [await open(), await open(), await open()];
  const held = slowOrigin({ 'Cache-Control': 'max-age=60' });
  const asked = Array.from({ length: 60 }, (_, i) => get(gateways[i % 3] as TestGateway));
  await origin.arrived(1);
  await eventually(() => expect(l3.reads.length).toBeGreaterThanOrEqual(3));
  held.open();
  for (const answer of await Promise.all(asked)) expect(answer.text).toBe('answer 1');
  expect(origin.seen).toHaveLength(1);
  const routes = await Promise.all(gateways.map((gateway) => gateway.route()));
  expect(routes.map(({ originCalls }) => originCalls.fetch).sort()).toEqual([0, 0, 1]);
  const stored = ({ l1, l2, l3: third, coalesced }: (typeof routes)[number]['results']): number =>
    l1 + l2 + third + coalesced;
  expect(routes.reduce((sum, { results }) => sum + stored(results), 0)).toBe(59);
});

it('says that an answer was shared', async () => {
  // Whatever the origin's Date, it isn't older on arrival.
  const wall = Date.UTC(2000, 0, 1);
  const [one, other] = [await open({ wall }), await open({ wall })];
  const held = slowOrigin({ 'Cache-Control': 'max-age=60' });
  const first = get(one);
  await origin.arrived(1);
  const second = get(other);
  await eventually(() => expect(l3.reads).toHaveLength(2));
  held.open();
  await first;
  expect((await second).headers['cache-status']).toBe('pitwall; fwd=uri-miss; stored; ttl=60; collapsed; detail=cold');
});

it.each([
  ['may not be stored', { 'Cache-Control': 'no-store' }, 200],
  ['is for one client', { 'Set-Cookie': 'a=b' }, 200],
  ['is an error', { 'Cache-Control': 'max-age=0' }, 500],
])('everybody asks for themselves when the answer %s', async (_, headers, status) => {
  const [one, other] = [await open(), await open()];
  const held = slowOrigin(headers, status);
  const answers = [get(one)];
  await origin.arrived(1);
  answers.push(get(other));
  held.open();
  const texts = (await Promise.all(answers)).map(({ text }) => text);
  expect(texts.sort()).toEqual(['answer 1', 'answer 2']);
});

it('asks the origin where the leader failed, or left', async () => {
  const [one, other] = [await open(), await open()];
  origin.script((_, response) => {
    if (origin.seen.length === 1) return;
    response.writeHead(200, { 'Cache-Control': 'max-age=60' });
    response.end(`answer ${origin.seen.length}`);
  });
  const first = get(one).catch(() => undefined);
  await origin.arrived(1);
  const second = get(other);
  origin.seen[0]?.socket.destroy();
  expect((await second).text).toMatch(/^answer \d$/);
  await first;
});

it('takes over from a leader that died, after a look at what it has left', async () => {
  const [one, other] = [await open(), await open()];
  const held = slowOrigin({ 'Cache-Control': 'max-age=60' });
  const first = get(one);
  await origin.arrived(1);
  const second = get(other);
  await eventually(() => expect(l3.reads).toHaveLength(2));
  fleet.killLeaders();
  await origin.arrived(2);
  held.open();
  expect([(await first).text, (await second).text]).toEqual(['answer 1', 'answer 2']);
});

it('confirms a stale entry once for all', async () => {
  const [one, other] = [await open(), await open()];
  origin.script((request, response) => {
    const same = request.headers['if-none-match'] === '"v"';
    response.writeHead(same ? 304 : 200, { 'Cache-Control': 'max-age=10', ETag: '"v"' });
    response.end(same ? undefined : 'body');
  });
  await get(one);
  await eventually(async () => expect(await l3.level.read(l3.reads[0] as string)).toHaveLength(1));
  await get(other);
  one.advance(11_000);
  other.advance(11_000);
  const answers = await Promise.all([get(one), get(other)]);
  expect(answers.map(({ text }) => text)).toEqual(['body', 'body']);
  expect(origin.seen).toHaveLength(2);
});

it('waits for nobody where requests are not shared', async () => {
  const [one, other] = [await open(), await open()];
  const held = slowOrigin({ 'Cache-Control': 'max-age=60' });
  const first = get(one);
  await origin.arrived(1);
  const cookie = get(other, '/', { headers: { Cookie: 'a=b' } });
  await origin.arrived(2);
  held.open();
  await Promise.all([first, cookie]);
});

it('lets go of its turn when its clients have left', async () => {
  const turns: string[] = [];
  const member = fleet.member();
  const watched: Fleet = {
    async enter(key, signal) {
      const turn = await member.enter(key, signal);
      if (turn.kind !== 'lead') return turn;
      return {
        ...turn,
        land(landing) {
          turns.push(landing);
          turn.land(landing);
        },
      };
    },
  };
  const gateway = await open({ fleet: watched });
  origin.script(() => undefined);
  const leaving = get(gateway).catch(() => undefined);
  await origin.arrived(1);
  await gateway.close();
  await leaving;
  await eventually(() => expect(turns).toEqual(['alone']));
});

it('fails a request with a reason when the fleet breaks', async () => {
  const gateway = await open({ fleet: { enter: () => Promise.reject(new Error('broken')) } });
  const answer = await get(gateway);
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([500, { code: 'internal' }]);
});
