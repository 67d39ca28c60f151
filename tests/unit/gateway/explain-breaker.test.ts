import { describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { explainStepSchema, type Explanation, type ExplainStep } from '../../../lib/contracts/explain.ts';
import type { GatewaySetup } from '../../support/gateway.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { gate } from '../../support/scripted-origin.ts';

/* What explain says of a request is what becomes of it, however the breaker stands. */
const WALL = Date.UTC(2026, 0, 1, 0, 0, 10);
const TOKEN = 'a-secret-of-some-length';
const { origin, gateway, open, get } = gatewayScene({
  wall: WALL,
  gateway: { explainToken: TOKEN },
  service: { breaker: { failures: 1, openFor: '10s', maxOpenFor: '30s', probes: 1 } },
});

async function explain(path = '/', headers: readonly string[] = [], method = 'GET'): Promise<Explanation> {
  const { explained } = await gateway.gateway.snapshot({ explain: { method, url: gateway.url + path, headers } });
  if (explained === undefined || !('explanation' in explained)) throw new Error(JSON.stringify(explained));
  return explained.explanation;
}
const step = ({ steps }: Pick<Explanation, 'steps'>, name: ExplainStep['step']): ExplainStep | undefined =>
  steps.find((candidate) => candidate.step === name);
const names = ({ steps }: Pick<Explanation, 'steps'>): string[] => steps.map((each) => each.step);

async function trace(path = '/'): Promise<Pick<Explanation, 'steps'> & { readonly status: string }> {
  const { headers } = await get(path, { headers: { 'Pitwall-Explain': TOKEN } });
  const steps = explainStepSchema.array().parse(JSON.parse(String(headers['pitwall-explain'])));
  return { steps, status: String(headers['cache-status']) };
}

async function stored(headers: Record<string, string>, setup?: GatewaySetup): Promise<void> {
  await open(setup);
  origin.reply(headers, 'hello');
  await get();
}
async function breakDown(): Promise<void> {
  origin.reply({}, 'broken', 500);
  await get('/broken');
}
const hold = (how: 'open' | 'closed' | 'release'): Promise<void> =>
  gateway.gateway.command({ type: 'hold-breaker', service: 's', target: origin.url, hold: how });

describe('an open breaker', () => {
  it('is told with its target and its times, and refuses what isn’t stored', async () => {
    await open();
    await breakDown();
    gateway.advance(4_000);
    const told = await explain();
    expect(told.decision).toEqual({ outcome: 'breaker-open', reason: 'cold', level: null });
    expect(step(told, 'breaker')).toEqual({
      step: 'breaker',
      says: `The breaker of ${origin.url} is open since 2026-01-01T00:00:10.000Z: it lets nothing through, and tries the origin again in 6 s.`,
      because: { text: '1 failures in a row, last: answered 500', source: 'breaker' },
      numbers: { sinceAt: WALL, nextTryAt: WALL + 10_000 },
    });
    expect(step(told, 'decision')?.says).toContain('Refused with 503');
    expect(names(told)).not.toContain('origin');
    const traced = await trace();
    expect(traced.status).toContain('pitwall; detail=breaker_open');
    expect([step(traced, 'breaker')?.says, step(traced, 'decision')]).toEqual([
      step(told, 'breaker')?.says,
      step(told, 'decision'),
    ]);
  });

  it('has what was cleared softly answered from the store, where its grace allows that', async () => {
    for (const [control, outcome, answer] of [
      ['max-age=60, stale-if-error=600', 'stale', 'pitwall; hit; ttl=0; detail=stale'],
      ['max-age=60, stale-while-revalidate=600', 'stale', 'pitwall; hit; ttl=0; detail=stale'],
      ['max-age=60, must-revalidate', 'breaker-open', 'pitwall; detail=breaker_open'],
    ] as const) {
      const clears = createMemoryClears();
      await stored({ 'Cache-Control': control, ETag: '"a"' }, { clears });
      const { number } = await clears.append({ scope: { all: true }, mode: 'soft' });
      await gateway.gateway.command({ type: 'follow-clears', number });
      await breakDown();
      const told = await explain();
      expect(told.decision).toEqual({ outcome, reason: 'cleared', level: 'l2' });
      expect(names(told)).not.toContain('origin');
      const traced = await trace();
      expect(traced.status).toContain(answer);
      expect(step(traced, 'decision')).toEqual(step(told, 'decision'));
    }
  });

  it('says nothing of what is fresh, or only taken from the store', async () => {
    await stored({ 'Cache-Control': 'max-age=60' }, { policy: { honourRequestDirectives: true } });
    await breakDown();
    expect([(await explain()).decision.outcome, names(await explain()).includes('breaker')]).toEqual(['hit', false]);
    const told = await explain('/none', ['Cache-Control', 'only-if-cached']);
    expect([told.decision.outcome, names(told).includes('breaker')]).toEqual(['only-if-cached', false]);
  });

  it.each([
    ['what has no key', {}, 'DELETE', 'method'],
    ['several ranges', { Range: 'bytes=0-1,3-4' }, 'GET', 'range'],
  ])('refuses %s', async (_name, headers, method, reason) => {
    await open();
    await breakDown();
    const told = await explain('/', Object.entries(headers).flat(), method);
    expect([told.decision.outcome, told.decision.reason]).toEqual(['breaker-open', reason]);
    expect(names(told)).toContain('breaker');
    expect((await get('/', { method, headers })).status).toBe(503);
  });

  it.each(['observe', 'bypass'] as const)('refuses in mode %s, whatever is stored', async (mode) => {
    await stored({ 'Cache-Control': 'max-age=60' });
    await breakDown();
    await gateway.setMode(mode);
    expect((await explain()).decision.outcome).toBe('breaker-open');
    expect((await trace()).status).toContain('detail=breaker_open');
  });

  it('is told of a request whose body decides its key', async () => {
    await open({ policy: { keyBody: true } });
    await breakDown();
    const told = await explain('/', [], 'POST');
    expect([told.decision.outcome, names(told).at(-1)]).toEqual(['unknown', 'breaker']);
  });

  it('is looked at, not moved: once its pause is over the next request is the probe', async () => {
    await open();
    await breakDown();
    gateway.advance(11_000);
    const told = await explain();
    expect([told.decision.outcome, step(told, 'breaker')?.says]).toEqual([
      'fetch',
      expect.stringContaining('this request would be a probe of the origin'),
    ]);
    expect((await gateway.snapshot()).services[0]?.targets[0]?.breaker).toBe('open');
    const held = gate();
    origin.script((_, response) => void held.opened.then(() => response.end('well')));
    const probe = get('/probe');
    await origin.arrived(2);
    const during = await explain();
    expect([during.decision.outcome, step(during, 'breaker')?.says]).toEqual([
      'breaker-open',
      expect.stringContaining('is half-open since'),
    ]);
    expect(step(during, 'breaker')?.because?.text).toBe('last failure: answered 500');
    // Who joins the probe's own call waits for its answer.
    expect((await explain('/probe')).decision.outcome).toBe('fetch');
    held.open();
    expect((await probe).text).toBe('well');
    expect(names(await explain())).not.toContain('breaker');
  });
});

describe('a breaker that a person holds', () => {
  it('is told, open, released or closed', async () => {
    await open();
    await hold('open');
    const refused = await explain();
    expect([refused.decision.outcome, step(refused, 'breaker')?.says]).toEqual([
      'breaker-open',
      expect.stringContaining('is held open since 2026-01-01T00:00:10.000Z: it lets nothing through until'),
    ]);
    await hold('release');
    expect(step(await explain(), 'breaker')?.because?.text).toBe('released by a person');
    await hold('closed');
    const passed = await explain();
    expect([passed.decision.outcome, step(passed, 'breaker')?.says]).toEqual([
      'fetch',
      expect.stringContaining('is held closed since'),
    ]);
  });
});
