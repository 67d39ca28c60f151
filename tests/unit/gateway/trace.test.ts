import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { explainStepSchema, type ExplainStep } from '../../../lib/contracts/explain.ts';
import { createTokenCheck, MAX_TEXT, MAX_TRACE, traceText } from '../../../lib/gateway/trace.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { ask, type Answer } from '../../support/raw-client.ts';
import { gate } from '../../support/scripted-origin.ts';
import { sharedLevel } from '../../support/shared-level.ts';

const TOKEN = 'a-secret-of-some-length';

const { origin, gateway, open } = gatewayScene({ gateway: { explainToken: TOKEN } });

const traced = (path = '/', headers: Record<string, string> = {}, token = TOKEN): Promise<Answer> =>
  ask(gateway.port, path, { headers: { ...headers, 'Pitwall-Explain': token } });

function stepsOf({ headers }: Answer): ExplainStep[] {
  return explainStepSchema.array().parse(JSON.parse(String(headers['pitwall-explain'])));
}

/** Where what decided at a step is laid down. */
const sourceOf = (answer: Answer, name: ExplainStep['step']): string | undefined =>
  stepsOf(answer).findLast(({ step }) => step === name)?.because?.source;
const says = (answer: Answer): string =>
  stepsOf(answer)
    .map(({ says: sentence }) => sentence)
    .join(' ');

describe('a request with the token', () => {
  it('is answered with how it was decided, and its key in Cache-Status', async () => {
    // Whatever the origin's Date, it isn't older on arrival.
    await open({ wall: Date.UTC(2000, 0, 1) });
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hello');
    const miss = await traced();
    expect(stepsOf(miss).map(({ step }) => step)).toEqual([
      'request',
      'route',
      'key',
      'l2',
      'decision',
      'origin',
      'lifetime',
      'storing',
      'origin',
    ]);
    expect([sourceOf(miss, 'lifetime'), sourceOf(miss, 'storing')]).toEqual(['RFC 9111 §5.2.2.1', 'RFC 9111 §3']);
    expect(miss.headers['cache-status']).toBe(
      `pitwall; fwd=uri-miss; fwd-status=200; stored; ttl=60; detail=cold; key="GET ${gateway.url}/"`,
    );
    gateway.advance(20_000);
    const hit = await traced();
    expect(hit.headers['cache-status']).toBe(`pitwall; hit; ttl=40; detail=l2; key="GET ${gateway.url}/"`);
    expect(stepsOf(hit).find(({ step }) => step === 'age')?.numbers).toMatchObject({ currentAge: 20_000 });
    expect(sourceOf(hit, 'decision')).toBe('RFC 9111 §4.2');
    expect(origin.seen).toHaveLength(1);
  });

  it('has the same without the token, with another one, and where none is set, but for the trace', async () => {
    for (const setup of [{}, { gateway: {} }]) {
      await open(setup);
      for (const token of [undefined, `${TOKEN}x`, TOKEN.slice(1), '']) {
        const answer = await ask(gateway.port, `/${String(token)}`, {
          headers: token === undefined ? {} : { 'Pitwall-Explain': token },
        });
        expect([answer.headers['pitwall-explain'], answer.headers.vary]).toEqual([undefined, undefined]);
        expect(answer.headers['cache-status']).not.toContain('key=');
      }
      await gateway.close();
    }
    await open({ gateway: {} });
    expect((await traced()).headers).not.toHaveProperty('pitwall-explain');
  });

  it('reaches the origin without it, whatever the mode and method, and whoever sends it', async () => {
    await open();
    await traced('/a');
    await traced('/b', {}, 'wrong');
    await ask(gateway.port, '/c', { method: 'DELETE', headers: { 'pitwall-EXPLAIN': TOKEN } });
    await gateway.setMode('bypass');
    const passed = await traced('/d');
    expect(origin.seen).toHaveLength(4);
    for (const { headers } of origin.seen) expect(headers).not.toHaveProperty('pitwall-explain');
    expect(sourceOf(passed, 'decision')).toBe('mode');
  });

  it('leaves no trace for others: neither stored, nor shared, nor taken from the origin', async () => {
    await open();
    origin.reply({ 'Cache-Control': 'max-age=60', 'Pitwall-Explain': 'mine', Vary: 'Accept' }, 'hello');
    const first = await traced();
    // Caches between here and the client keep it from others too.
    expect(first.headers.vary).toBe('Accept, Pitwall-Explain');
    expect(first.headers['pitwall-explain']).not.toContain('mine');
    for (let n = 0; n < 3; n++) {
      const plain = await ask(gateway.port, '/');
      expect([plain.headers['pitwall-explain'], plain.headers.vary]).toEqual([undefined, 'Accept']);
    }
    // L1 answers by now; who has the token is still told.
    expect(says(await traced())).toContain('Answered from the store, fresh.');
  });

  it('joins a call under way, and tells so; who leads it is told nothing', async () => {
    await open();
    const held = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      response.write('first');
      void held.opened.then(() => response.end('last'));
    });
    const heads = [gate(), gate()] as const;
    const leading = ask(gateway.port, '/', { onHead: () => heads[0].open() });
    await heads[0].opened;
    const following = ask(gateway.port, '/', {
      headers: { 'Pitwall-Explain': TOKEN },
      onHead: () => heads[1].open(),
    });
    await heads[1].opened;
    held.open();
    const [lead, follow] = await Promise.all([leading, following]);
    expect(lead.headers).not.toHaveProperty('pitwall-explain');
    expect(says(follow)).toContain('A call for it was under way');
    expect(origin.seen).toHaveLength(1);
  });

  it.each([
    [{ 'Cache-Control': 'no-store' }, 'RFC 9111 §5.2.2.5'],
    [{ 'Surrogate-Control': 'no-store' }, 'W3C Edge Architecture §2.2'],
    [{ 'Cache-Control': 'private' }, 'RFC 9111 §5.2.2.7'],
    [{ 'Cache-Control': 'public' }, 'RFC 9111 §4.2'],
    [{ 'Cache-Control': 'max-age=9', 'Set-Cookie': 'a=b' }, 'decision 0006'],
  ])('says why %j is not stored', async (headers, source) => {
    await open();
    origin.reply(headers as Record<string, string>, 'hello');
    const answer = await traced();
    expect([sourceOf(answer, 'storing'), says(answer)]).toEqual([source, expect.stringContaining('it is not stored')]);
  });

  it('tells of confirmations, stand-ins, and what the origin allows', async () => {
    await open();
    const headers = { 'Cache-Control': 'public, max-age=5, stale-if-error=60', ETag: '"a"' };
    origin.reply(headers, 'hello');
    expect(sourceOf(await traced(), 'storing')).toBe('RFC 9111 §5.2.2.9');
    gateway.advance(6_000);
    origin.reply(headers, '', 304);
    expect(sourceOf(await traced(), 'origin')).toBe('RFC 9111 §4.3.3');
    gateway.advance(6_000);
    origin.reply({}, 'broken', 503);
    expect(sourceOf(await traced(), 'origin')).toBe('RFC 5861 §4');
  });

  it('tells of what was cleared hard before it goes', async () => {
    const clears = createMemoryClears();
    await open({ clears });
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hello');
    await ask(gateway.port, '/');
    const { number } = await clears.append({ scope: { all: true }, mode: 'hard' });
    await gateway.gateway.command({ type: 'follow-clears', number });
    expect(sourceOf(await traced(), 'clear')).toBe(`clear ${number}`);
  });

  it('tells of L3, whether it has it or not', async () => {
    const persistent = sharedLevel();
    const host = { Host: 'a.test' };
    await open({ persistent });
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hello');
    expect(says(await traced('/', host))).toContain('L3 was asked, and has nothing better.');
    await gateway.close();
    await open({ persistent });
    const found = await traced('/', host);
    expect(stepsOf(found).map(({ step }) => step)).toContain('l3');
    expect(sourceOf(found, 'decision')).toBe('RFC 9111 §4.2');
  });

  it('is told where Pitwall itself answers', async () => {
    await open({ policy: { honourRequestDirectives: true } });
    const answer = await traced('/', { 'Cache-Control': 'only-if-cached' });
    expect([answer.status, sourceOf(answer, 'decision')]).toEqual([504, 'RFC 9111 §5.2.1.7']);
  });
});

describe('the trace’s text', () => {
  const step = (says: string): ExplainStep => ({ step: 'request', says });
  beforeEach(() => open());

  it('is JSON in printable ASCII', () => {
    const text = traceText([step('a "b" \\ é – \u0001')]);
    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(text)).toEqual([step('a "b" \\ é – \u0001')]);
  });

  it('is cut within its bound, and says how much', () => {
    for (const length of [10, 100, 1_000, 5_000]) {
      const trace = Array.from({ length: 50 }, () => step('é'.repeat(length)));
      const text = traceText(trace);
      expect(text.length).toBeLessThanOrEqual(MAX_TRACE);
      const told = JSON.parse(text) as (ExplainStep | { readonly cut: number })[];
      const end = told.at(-1);
      const cut = end !== undefined && 'cut' in end ? end.cut : 0;
      expect(cut + told.filter((each) => 'step' in each).length).toBe(50);
    }
  });

  it('loses the ends of long texts before it loses a step', () => {
    const long = (length: number): ExplainStep => ({
      ...step('u'.repeat(length)),
      because: { text: 'q'.repeat(length), source: 'policy' },
    });
    const told = (trace: readonly ExplainStep[]) => JSON.parse(traceText(trace)) as ExplainStep[];
    expect(told([long(1_900), step('last')])).toEqual([long(1_900), step('last')]);
    const [first, last, ...more] = told([long(MAX_TRACE), step('last')]);
    expect([last, more]).toEqual([step('last'), []]);
    expect([first?.says, first?.because?.text]).toEqual([
      `${'u'.repeat(MAX_TEXT)}… (4096 characters)`,
      `${'q'.repeat(MAX_TEXT)}… (4096 characters)`,
    ]);
    const few = [...Array.from({ length: 3 }, () => long(9_000)), step('x'.repeat(MAX_TEXT))];
    expect(told(few).map(({ says: text }) => text.length > MAX_TEXT)).toEqual([true, true, true, false]);
  });

  it('tells of a URL as long as may be how it was decided', async () => {
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'hello');
    const path = `/?${'a'.repeat(8_190)}`;
    expect(path).toHaveLength(8_192);
    await traced(path);
    const steps = stepsOf(await traced(path));
    expect(steps.map(({ step: name }) => name)).toEqual(
      expect.arrayContaining(['request', 'route', 'key', 'l2', 'age', 'freshness', 'decision']),
    );
    expect(steps.find(({ step: name }) => name === 'decision')?.because?.source).toBe('RFC 9111 §4.2');
  });

  it('is given to nobody where there is no token', () => {
    expect(createTokenCheck(undefined)(undefined)).toBe(false);
    const check = createTokenCheck(TOKEN);
    expect([check(TOKEN), check(undefined), check(''), check(`${TOKEN}, ${TOKEN}`)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
