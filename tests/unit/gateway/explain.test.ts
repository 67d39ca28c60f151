// Every kind of decision over one scene, over 300 lines: cut apart, each part would set the scene anew.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { ClearMode, ClearScope, ClearSource } from '../../../lib/cache/clear-record.ts';
import {
  explanationSchema,
  type Explained,
  type Explanation,
  type ExplainStep,
} from '../../../lib/contracts/explain.ts';
import { openGateway, type GatewaySetup, type TestGateway } from '../../support/gateway.ts';
import { ask } from '../../support/raw-client.ts';
import { gate, scriptedOrigin, type ScriptedOrigin } from '../../support/scripted-origin.ts';
import { sharedLevel } from '../../support/shared-level.ts';

const WALL = Date.UTC(2026, 0, 1, 0, 0, 10);
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toUTCString();

let origin: ScriptedOrigin;
let gateway: TestGateway;
let clears: ClearSource;

beforeEach(async () => {
  origin = await scriptedOrigin();
  clears = createMemoryClears();
});
afterEach(async () => {
  await gateway.close();
  await origin.close();
});

async function open(setup: GatewaySetup = {}): Promise<void> {
  gateway = await openGateway(origin.url, { wall: WALL, clears, ...setup });
}

interface Question {
  readonly method?: string;
  readonly headers?: readonly string[];
  readonly url?: string;
}

async function explained({ method = 'GET', headers = [], url = `${gateway.url}/` }: Question = {}): Promise<Explained> {
  const { explained: found } = await gateway.gateway.snapshot({ explain: { method, url, headers } });
  if (found === undefined) throw new Error('the gateway explained nothing');
  return found;
}

async function explain(question?: Question): Promise<Explanation> {
  const found = await explained(question);
  if (!('explanation' in found)) throw new Error(found.message);
  return explanationSchema.parse(found.explanation);
}

const step = ({ steps }: Explanation, name: ExplainStep['step']): ExplainStep | undefined =>
  steps.find((candidate) => candidate.step === name);
const because = (explanation: Explanation, name: ExplainStep['step']) => step(explanation, name)?.because;

/** Has `headers` stored for "/". */
async function stored(headers: Record<string, string>, setup?: GatewaySetup, asked = {}): Promise<void> {
  await open(setup);
  origin.reply({ Date: at(10), ...headers }, 'hello');
  await ask(gateway.port, '/', { headers: asked });
}

async function clear(scope: ClearScope, mode: ClearMode): Promise<number> {
  const { number } = await clears.append({ scope, mode });
  await gateway.gateway.command({ type: 'follow-clears', number });
  return number;
}

describe('what is stored and fresh', () => {
  it('is told with key, variant, the arithmetic of its age, and its directive', async () => {
    await stored({ Date: at(5), Age: '3', 'Cache-Control': 'max-age=60', 'Cache-Tag': 'home' });
    gateway.advance(20_000);
    // From L2, which renders it for L1.
    await ask(gateway.port, '/');
    const told = await explain();
    expect(told).toMatchObject({
      instance: 'test',
      worker: 0,
      service: 's',
      route: '*',
      mode: 'cache',
      key: `GET ${gateway.url}/`,
      decision: { outcome: 'hit', reason: null, level: 'l2' },
      variants: [
        {
          level: 'l2',
          selected: true,
          status: 200,
          bytes: 5,
          tags: ['home'],
          vary: [],
          clear: 'live',
          freshFor: 36_000,
        },
      ],
    });
    expect(step(told, 'age')).toEqual({
      step: 'age',
      says: 'It is 24 s old: 4 s on arrival and 20 s here.',
      because: { text: 'current_age = corrected_initial_age + resident_time', source: 'RFC 9111 §4.2.3' },
      numbers: {
        receivedAt: WALL,
        dateAt: WALL - 5_000,
        apparentAge: 4_000,
        ageValue: 3_000,
        responseDelay: 0,
        initialAge: 4_000,
        residentTime: 20_000,
        currentAge: 24_000,
      },
    });
    expect(step(told, 'lifetime')).toEqual({
      step: 'lifetime',
      says: 'Its freshness lifetime is 60 s.',
      because: { text: 'max-age=60 in Cache-Control', source: 'RFC 9111 §5.2.2.1' },
      numbers: { lifetime: 60_000 },
    });
    expect(step(told, 'freshness')?.numbers).toEqual({ lifetime: 60_000, currentAge: 24_000, freshFor: 36_000 });
    expect(because(told, 'decision')?.source).toBe('RFC 9111 §4.2');
    expect(step(told, 'origin')).toBeUndefined();
    expect(step(told, 'l1')).toBeDefined();
  });

  it.each<[string, Record<string, string>, GatewaySetup['policy'], number, string, string]>([
    ['s-maxage', { 'Cache-Control': 'max-age=5, s-maxage=60' }, {}, 60_000, 's-maxage=60', 'RFC 9111 §5.2.2.10'],
    ['Expires', { Expires: at(40) }, {}, 30_000, 'Expires', 'RFC 9111 §5.3'],
    ['a targeted field', { 'CDN-Cache-Control': 'max-age=7' }, {}, 7_000, 'CDN-Cache-Control', 'RFC 9213 §2.2'],
    ['our own field', { 'Pitwall-Cache-Control': 'max-age=8' }, {}, 8_000, 'Pitwall-Cache-Control', 'RFC 9213 §2.2'],
    ['a surrogate’s', { 'Surrogate-Control': 'max-age=9' }, {}, 9_000, 'max-age=9', 'W3C Edge Architecture §2.2'],
    ['the policy', {}, { ttl: '90s' }, 90_000, 'ttl', 'policy'],
    ['a guess', { 'Last-Modified': at(0) }, { heuristic: true }, 1_000, 'a tenth', 'RFC 9111 §4.2.2'],
    ['no-cache', { 'Cache-Control': 'no-cache, max-age=9', ETag: '"a"' }, {}, 0, 'no-cache', 'RFC 9111 §5.2.2.4'],
    ['Pragma', { Pragma: 'no-cache', ETag: '"a"' }, { ttl: '9s' }, 0, 'Pragma: no-cache', 'RFC 9111 §5.4'],
    ['nothing', { ETag: '"a"' }, {}, 0, 'nothing says', 'RFC 9111 §4.2'],
    ['a Pragma that says nothing', { ETag: '"a"', Pragma: 'x' }, {}, 0, 'nothing says', 'RFC 9111 §4.2'],
  ])('has its lifetime from %s', async (_name, headers, policy, lifetime, text, source) => {
    await stored(headers, { policy: policy ?? {} });
    const told = await explain();
    expect(step(told, 'lifetime')?.numbers).toEqual({ lifetime });
    expect(because(told, 'lifetime')?.text).toContain(text);
    expect(because(told, 'lifetime')?.source).toBe(source);
  });

  it('keeps what only caches are told through a 304 that does not repeat it', async () => {
    await stored({ 'Surrogate-Control': 'max-age=9', 'Cache-Control': 'no-store', ETag: '"a"' });
    gateway.advance(10_000);
    origin.script((request, response) => {
      response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 200, { ETag: '"a"' });
      response.end();
    });
    const answer = await ask(gateway.port, '/');
    expect([answer.text, answer.headers['surrogate-control']]).toEqual(['hello', undefined]);
    const told = await explain();
    expect([told.decision.outcome, step(told, 'lifetime')?.numbers]).toEqual(['hit', { lifetime: 9_000 }]);
  });

  it('is found in L3, stays there, and isn’t where L3 can’t be asked', async () => {
    const persistent = sharedLevel();
    await open({ persistent });
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hello');
    await ask(gateway.port, '/', { headers: { Host: 'a.test' } });
    await gateway.close();
    await open({ persistent });
    const told = await explain({ url: 'http://a.test/' });
    expect(told.decision).toEqual({ outcome: 'hit', reason: null, level: 'l3' });
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    await gateway.setMode('observe');
    const observed = await explain({ url: 'http://a.test/' });
    expect(step(observed, 'l3')?.says).toBe('L3 holds one response under this key; it is not asked.');
    persistent.breakDown();
    expect(step(await explain({ url: 'http://a.test/' }), 'l3')?.says).toContain("can't be asked");
  });
});

describe('what others sent', () => {
  it('is not shown where it is a credential', async () => {
    const token = 'a-secret-of-some-length';
    const mine = { Cookie: 'session=mine', Authorization: 'Bearer mine' };
    const headers = { 'Cache-Control': 'public, max-age=60', Vary: 'Cookie, Authorization' };
    await stored(headers, { gateway: { explainToken: token } }, mine);
    const told = await explain({ headers: ['Cookie', 'session=yours'] });
    expect(told.variants[0]?.vary).toEqual([
      { name: 'authorization', stored: '(not shown)', asked: '', same: false },
      { name: 'cookie', stored: '(not shown)', asked: 'session=yours', same: false },
    ]);
    expect(JSON.stringify(told)).not.toContain('mine');
    const answer = await ask(gateway.port, '/', { headers: { 'Pitwall-Explain': token } });
    expect(answer.headers['pitwall-explain']).toContain('(not shown)');
    expect(answer.headers['pitwall-explain']).not.toContain('mine');
    const own = await explain({ headers: Object.entries(mine).flat() });
    expect(own.decision.outcome).toBe('hit');
  });
});

describe('a variant that only L3 holds', () => {
  it('is not taken for the one in L2', async () => {
    const persistent = sharedLevel();
    await open({ persistent });
    origin.reply({ 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' }, 'hello');
    const language = (name: string) => ({ headers: { Host: 'a.test', 'Accept-Language': name } });
    await ask(gateway.port, '/', language('fr'));
    const other = await openGateway(origin.url, { wall: WALL, persistent });
    await ask(other.port, '/', language('de'));
    await other.close();
    const told = await explain({ url: 'http://a.test/', headers: ['Accept-Language', 'de'] });
    expect(told.decision).toEqual({ outcome: 'hit', reason: null, level: 'l3' });
    const says = told.steps.map((each) => each.says);
    expect(says).toContain('It is stored for other values of the headers in Vary.');
    expect(says.filter((each) => each.includes("for this request's accept-language"))).toHaveLength(1);
  });
});

describe('what is stale', () => {
  it('answers within its grace, and is refreshed with its validators', async () => {
    await stored({ 'Cache-Control': 'max-age=5, stale-while-revalidate=30', ETag: '"a"' });
    gateway.advance(8_000);
    const told = await explain();
    expect(told.decision).toEqual({ outcome: 'stale', reason: 'expired', level: 'l2' });
    expect(because(told, 'grace')).toEqual({
      text: 'stale-while-revalidate=30 in Cache-Control',
      source: 'RFC 5861 §3',
    });
    expect(step(told, 'grace')?.numbers).toEqual({ grace: 30_000, graceLeft: 27_000 });
    expect(step(told, 'freshness')?.numbers?.freshFor).toBe(-3_000);
    expect(because(told, 'decision')?.source).toBe('RFC 5861 §3');
    expect(step(told, 'origin')?.says).toContain('If-None-Match: "a"');
  });

  it.each([
    ['max-age=5, must-revalidate', 'must-revalidate in Cache-Control', 'RFC 9111 §5.2.2.2'],
    ['max-age=5, proxy-revalidate', 'proxy-revalidate in Cache-Control', 'RFC 9111 §5.2.2.8'],
    ['s-maxage=5', 's-maxage=5 in Cache-Control', 'RFC 9111 §5.2.2.10'],
    ['no-cache', 'no-cache in Cache-Control', 'RFC 9111 §5.2.2.4'],
  ])('is confirmed first where %s forbids more', async (control, text, source) => {
    await stored({ 'Cache-Control': control, ETag: '"a"' }, { policy: { staleWhileRevalidate: '1m' } });
    gateway.advance(6_000);
    const told = await explain();
    expect(told.decision).toMatchObject({ outcome: 'revalidate', reason: 'expired' });
    expect(because(told, 'grace')).toEqual({ text, source });
    expect(because(told, 'decision')?.source).toBe('RFC 9111 §4.3');
  });

  it('has its graces from the policy where it says nothing', async () => {
    await stored({ 'Cache-Control': 'max-age=5' }, { policy: { staleIfError: '1m' } });
    const graces = (await explain()).steps.filter(({ step: name }) => name === 'grace');
    expect(graces.map((grace) => [grace.numbers?.grace, grace.because?.source])).toEqual([
      [0, undefined],
      [60_000, 'policy'],
    ]);
  });

  it('answers who takes it stale', async () => {
    await stored({ 'Cache-Control': 'max-age=5' }, { policy: { honourRequestDirectives: true } });
    gateway.advance(8_000);
    const told = await explain({ headers: ['Cache-Control', 'max-stale=10'] });
    expect([told.decision.outcome, because(told, 'decision')?.source]).toEqual(['stale', 'RFC 9111 §5.2.1.2']);
  });
});

describe('what was cleared', () => {
  it.each<[ClearMode, ClearScope, string, string]>([
    ['soft', { tag: 'home' }, 'revalidate', 'tag home'],
    ['hard', { tag: 'home', service: 's' }, 'fetch', 'tag home, service s'],
    ['soft', { all: true }, 'revalidate', 'all'],
    ['hard', { glob: '*/' }, 'fetch', 'glob */'],
  ])('%s by %j names its clear, and stays', async (mode, scope, outcome, text) => {
    await stored({ 'Cache-Control': 'max-age=60', 'Cache-Tag': 'home', ETag: '"a"' });
    const number = await clear(scope, mode);
    const told = await explain();
    expect(told.decision).toMatchObject({ outcome, reason: 'cleared' });
    expect(told.variants).toMatchObject([{ clear: mode, selected: true, freshFor: 60_000 }]);
    expect(because(told, 'clear')).toEqual({ text, source: `clear ${number}` });
    expect(because(told, 'decision')).toEqual({ text, source: `clear ${number}` });
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(1);
  });

  it('is told of clears that were folded', async () => {
    await stored({ 'Cache-Control': 'max-age=60' }, { gateway: { clears: { names: 16 } } });
    await clear({ key: `${gateway.url}/` }, 'hard');
    for (let n = 0; n < 17; n++) await clear({ key: `http://other.test/${n}` }, 'hard');
    const told = await explain();
    expect([told.decision.outcome, because(told, 'clear')?.text]).toEqual([
      'fetch',
      expect.stringContaining('older clears'),
    ]);
  });
});

describe('what is not answered from the store', () => {
  it('says which header of Vary differs', async () => {
    await stored({ 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' }, {}, { 'Accept-Language': 'de' });
    const told = await explain({ headers: ['Accept-Language', 'en'] });
    expect(told.decision).toEqual({ outcome: 'fetch', reason: 'vary', level: null });
    expect(told.variants[0]?.vary).toEqual([{ name: 'accept-language', stored: 'de', asked: 'en', same: false }]);
    expect(because(told, 'variant')).toEqual({
      text: 'accept-language: stored "de", asked "en"',
      source: 'RFC 9111 §4.1',
    });
    expect((await explain({ headers: ['Accept-Language', 'de'] })).decision.outcome).toBe('hit');
  });

  it.each([
    ['Cookie', { policy: { ttl: '1m' } }, {}, 'cookie', 'decision 0006'],
    ['Authorization', {}, { 'Cache-Control': 'max-age=60' }, 'authorization', 'RFC 9111 §3.5'],
  ] as const)('withholds it from a request with %s', async (name, setup, headers, reason, source) => {
    await stored(headers, setup);
    const told = await explain({ headers: [name, 'x'] });
    expect(told.decision).toEqual({ outcome: 'fetch', reason, level: 'l2' });
    expect(because(told, 'decision')?.source).toBe(source);
  });

  it('says that nothing is stored, and that no refusal is known', async () => {
    await open();
    const told = await explain({ url: `${gateway.url}/new?b=1` });
    expect(told.decision).toEqual({ outcome: 'fetch', reason: 'cold', level: null });
    expect(step(told, 'storing')?.says).toContain('no refusal is known');
    expect(step(told, 'origin')?.says).toBe(`Asks ${origin.url} for GET /new?b=1, without conditions.`);
  });

  it.each([
    [{ 'Cache-Control': 'no-store' }, 'RFC 9111 §5.2.2.5'],
    [{ 'Cache-Control': 'private' }, 'RFC 9111 §5.2.2.7'],
    [{ 'Cache-Control': 'max-age=9', Vary: '*' }, 'RFC 9111 §4.1'],
    [{ 'Cache-Control': 'max-age=9', 'Set-Cookie': 'a=b' }, 'decision 0006'],
  ])('remembers why %j was not stored', async (headers, source) => {
    await stored(headers as Record<string, string>);
    const told = await explain();
    expect([told.decision.reason, because(told, 'storing')?.source]).toEqual(['cold', source]);
  });

  it('says that a call is under way', async () => {
    await open();
    const held = gate();
    origin.script((_, response) => void held.opened.then(() => response.end('late')));
    const asked = ask(gateway.port, '/');
    await origin.arrived(1);
    expect(step(await explain(), 'sharing')?.says).toContain('under way');
    held.open();
    await asked;
    expect(origin.seen).toHaveLength(1);
  });

  it.each<[readonly string[], string]>([
    [['Cache-Control', 'no-cache'], 'RFC 9111 §5.2.1.4'],
    [['Cache-Control', 'max-age=1'], 'RFC 9111 §5.2.1.1'],
    [['Cache-Control', 'min-fresh=90'], 'RFC 9111 §5.2.1.3'],
    [['Cache-Control', 'max-age=30, min-fresh=90'], 'RFC 9111 §5.2.1.3'],
    [['Pragma', 'no-cache'], 'RFC 9111 §5.4'],
  ])('honours %j where the policy does', async (headers, source) => {
    await stored({ 'Cache-Control': 'max-age=60', ETag: '"a"' }, { policy: { honourRequestDirectives: true } });
    gateway.advance(5_000);
    const told = await explain({ headers });
    expect(told.decision).toMatchObject({ outcome: 'revalidate', reason: 'request-no-cache' });
    expect(because(told, 'decision')?.source).toBe(source);
  });

  it('refuses what may only come from the store', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    const told = await explain({ headers: ['Cache-Control', 'only-if-cached'] });
    expect([told.decision.outcome, because(told, 'decision')?.source]).toEqual(['only-if-cached', 'RFC 9111 §5.2.1.7']);
  });
});

describe('a range', () => {
  const PART = { 'Cache-Control': 'max-age=60', ETag: '"v1"', 'Content-Range': 'bytes 2-6/10' };

  it('of what isn’t stored is asked of the origin as it is', async () => {
    await open();
    const told = await explain({ headers: ['Range', 'bytes=0-1', 'If-Range', '"v1"'] });
    expect(told.decision).toEqual({ outcome: 'part', reason: 'cold', level: null });
    expect(step(told, 'origin')).toEqual({
      step: 'origin',
      says: `Asks ${origin.url} for GET / with Range: bytes=0-1, If-Range: "v1".`,
      because: { text: 'the range that the request asks for', source: 'RFC 9110 §14.2' },
    });
  });

  it('is told with why the last part was not stored', async () => {
    await open();
    origin.reply({ ...PART, ETag: 'W/"v1"' }, 'hello', 206);
    await ask(gateway.port, '/', { headers: { Range: 'bytes=2-6' } });
    const told = await explain({ headers: ['Range', 'bytes=2-6'] });
    expect(step(told, 'storing')?.says).toBe('The last answer was not stored.');
  });

  it('is told with the parts that are stored', async () => {
    await open();
    origin.reply(PART, 'hello', 206);
    await ask(gateway.port, '/', { headers: { Range: 'bytes=2-6' } });
    const within = await explain({ headers: ['Range', 'bytes=3-4'] });
    expect(within.decision).toEqual({ outcome: 'hit', reason: null, level: 'l2' });
    expect(step(within, 'variant')?.says).toBe('200, 5 of 10 bytes (2-6), for any request.');
    const beyond = await explain({ headers: ['Range', 'bytes=6-7'] });
    expect(beyond.decision).toMatchObject({ outcome: 'part', reason: 'range' });
    expect(because(beyond, 'decision')?.source).toBe('RFC 9111 §3.3');
    expect((await explain()).decision).toMatchObject({ outcome: 'fetch', reason: 'range' });
    gateway.advance(61_000);
    const stale = await explain({ headers: ['Range', 'bytes=3-4'] });
    expect(stale.decision).toMatchObject({ outcome: 'revalidate', reason: 'expired' });
    expect(step(stale, 'origin')?.says).toContain('with If-None-Match: "v1", Range: bytes=3-4.');
  });
});

describe('what is passed on', () => {
  it.each<[string, Question, string, string, string]>([
    ['another method', { method: 'DELETE' }, 'method', 'pass', 'RFC 9110 §9.2.3'],
    ['a POST', { method: 'POST' }, 'method', 'pass', 'RFC 9110 §9.2.3'],
    ['a GET with a body', { headers: ['Content-Length', '3'] }, 'method', 'pass', 'RFC 9110 §9.3.1'],
    ['a precondition', { headers: ['If-Match', '"a"'] }, 'range', 'pass', 'RFC 9110 §13.1'],
    ['what Connection names', { headers: ['Connection', 'X-A'] }, 'bypass', 'pass', 'RFC 9110 §7.6.1'],
    ['several ranges of what isn’t stored', { headers: ['Range', 'bytes=0-1,3-4'] }, 'range', 'pass', 'RFC 9110 §14.2'],
  ])('%s', async (_name, question, reason, outcome, source) => {
    await open();
    const told = await explain(question);
    expect([told.decision.reason, told.decision.outcome]).toEqual([reason, outcome]);
    expect(because(told, 'decision')?.source).toBe(source);
  });

  it('everything in modes observe and bypass, with who said so', async () => {
    await stored({ 'Cache-Control': 'max-age=60' });
    for (const [mode, outcome] of [
      ['observe', 'observe'],
      ['bypass', 'pass'],
    ] as const) {
      await gateway.setMode(mode);
      const told = await explain();
      expect([told.mode, told.decision.outcome, told.decision.reason]).toEqual([mode, outcome, mode]);
      expect(because(told, 'route')).toEqual({ text: 'a test', source: 'mode' });
      expect(because(told, 'decision')?.source).toBe('mode');
    }
  });
});

describe('a question', () => {
  it('is normalised, routed and keyed as a request is', async () => {
    await open({
      routes: [{ path: '/a/*', policy: { keyHeaders: ['X-Tenant'], query: { drop: ['utm_*'] }, ignore: ['cookie'] } }],
    });
    const told = await explain({ url: 'https://A.test:443/a/./b%7e?utm_x=1&q=2#part', headers: ['X-Tenant', 't'] });
    expect(told.route).toBe('/a/*');
    expect(told.key).toBe('GET https://a.test:443/a/b~?q=2 headers=2,8:x-tenant,1:t');
    expect(because(told, 'request')?.text).toBe('the policy makes "?q=2" of the query "?utm_x=1&q=2"');
    expect(because(told, 'route')?.text).toContain('Unsafe');
    expect(because(told, 'key')).toEqual({ text: 'keyHeaders: x-tenant', source: 'policy' });
  });

  it('that a body decides is left open', async () => {
    await open({ policy: { keyBody: true } });
    const told = await explain({ method: 'POST' });
    expect([told.key, told.decision.outcome, because(told, 'key')?.text]).toEqual([null, 'unknown', 'keyBody']);
  });

  it.each<[Question, string]>([
    [{ url: 'ftp://a.test/' }, 'invalid_url'],
    [{ url: 'http://a.test/../..' }, 'path_traversal'],
    [{ url: 'http://me@a.test/' }, 'invalid_host'],
    [{ headers: ['Host', 'a.test', 'Host', 'b.test'] }, 'invalid_host'],
    [{ url: `http://a.test/${'x'.repeat(9_000)}` }, 'url_too_long'],
    [{ method: 'TRACE' }, 'method_refused'],
    [{ url: 'http://other.test/' }, 'no_service'],
  ])('%j is refused as a request would be', async (question, code) => {
    await open({ service: { hosts: ['a.test', '127.0.0.1'] } });
    expect(await explained(question)).toMatchObject({ code });
  });

  it('moves nothing: no counter, no mark, no promotion', async () => {
    const persistent = sharedLevel();
    await stored({ 'Cache-Control': 'max-age=60' }, { persistent });
    const before = await gateway.snapshot();
    for (let n = 0; n < 3; n++) await explain();
    const after = await gateway.snapshot();
    const still = ({ services, levels }: typeof before) =>
      JSON.stringify([services, levels.map((level) => ({ ...level, latency: [] }))]);
    expect(still(after)).toBe(still(before));
  });
});
