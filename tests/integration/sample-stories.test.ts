import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { burstAnswerSchema, sampleStateSchema, type Outage } from '../../lib/contracts/sample.ts';
import { problemSchema } from '../../lib/contracts/problem.ts';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

let server: ReadyServer;
beforeAll(async () => {
  server = await startServer();
  // Only what a test sends is counted.
  await post('/api/sample/traffic', { run: false });
});
afterAll(() => server.stop());

const post = (path: string, body: object, on = server) =>
  fetch(on.consoleUrl + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const state = async () => sampleStateSchema.parse(await (await fetch(`${server.consoleUrl}/api/sample`)).json());
const ask = async (path: string) => {
  const response = await fetch(server.gatewayUrl + path);
  await response.arrayBuffer();
  return { status: response.status, cache: response.headers.get('cache-status') ?? '' };
};
/** Unlike any other key of these tests. */
let keys = 0;
const freshKey = () => `/api/unstable?key=${++keys}`;

describe('1,000 identical requests', () => {
  it('are all answered with one origin call', async () => {
    const answer = burstAnswerSchema.parse(await (await post('/api/sample/burst', { requests: 1_000 })).json());
    expect(answer).toMatchObject({ requests: 1_000, answered: 1_000, failed: 0, originCalls: 1, connections: 500 });
    // The one that made the call is neither.
    expect(answer.coalesced + answer.stored).toBe(999);
    expect(answer.coalesced).toBeGreaterThan(0);
    expect(answer.ms).toBeGreaterThan(300);
  });

  it('are at most 5,000, and one burst at a time', async () => {
    for (const requests of [0, 5_001, 1.5]) {
      const refused = await post('/api/sample/burst', { requests });
      expect(problemSchema.parse(await refused.json()).code).toBe('validation_failed');
    }
    const [first, second] = await Promise.all([
      post('/api/sample/burst', { requests: 1 }),
      post('/api/sample/burst', { requests: 1 }),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
  });

  it('can be 5,000', async () => {
    const answer = burstAnswerSchema.parse(await (await post('/api/sample/burst', { requests: 5_000 })).json());
    expect(answer).toMatchObject({ answered: 5_000, failed: 0, originCalls: 1 });
  });
});

describe('an outage', () => {
  beforeEach(async () => {
    await eventually(async () => expect((await state()).outage?.phase ?? 'over').toBe('over'), 40_000);
    await eventually(async () => expect((await ask(freshKey())).status).toBe(200), 20_000);
  }, 120_000);

  it('ends early, is the same for everybody, and comes one at a time', async () => {
    await post('/api/sample/outage', { seconds: 60 });
    expect((await post('/api/sample/outage', { seconds: 1 })).status).toBe(409);
    const path = freshKey();
    expect((await ask(path)).status).toBe(503);
    const stopped = sampleStateSchema.parse(await (await post('/api/sample/outage/stop', {})).json());
    expect(stopped.outage).toMatchObject({ stoppedEarly: true, failed: 1 });
    expect((await ask(path)).status).toBe(200);
    expect((await state()).outage).toMatchObject({ phase: 'over', stoppedEarly: true, breaker: { opened: 0 } });
  });

  it('is counted as clients see it: stale, failed, and nothing that failed is stored', async () => {
    const known = Array.from({ length: 5 }, freshKey);
    for (const path of known) expect((await ask(path)).status).toBe(200);

    const begun = sampleStateSchema.parse(await (await post('/api/sample/outage', { seconds: 12 })).json());
    expect(begun.outage).toMatchObject({ phase: 'failing', seconds: 12, requests: 0, stale: 0, failed: 0 });
    const failed = Array.from({ length: 9 }, freshKey);
    const seen = { requests: 0, hits: 0, stale: 0, failed: 0 };
    const count = async (path: string) => {
      const { status, cache } = await ask(path);
      seen.requests += 1;
      const stale = /; hit;.*detail=stale/.test(cache);
      if (stale) seen.stale += 1;
      else if (cache.includes('; hit;')) seen.hits += 1;
      if (status >= 500) seen.failed += 1;
      return { status, stale };
    };
    for (const path of failed) expect((await count(path)).status).toBe(503);
    // What failed wasn't stored: asked again, it fails again rather than being answered.
    for (const path of failed) expect((await count(path)).status).toBe(503);
    // Fresh for 2 s, then stale.
    for (const path of known) {
      await eventually(async () => expect(await count(path)).toEqual({ status: 200, stale: true }), 10_000);
    }
    expect(seen).toMatchObject({ stale: 5, failed: 18 });
    // An answer is counted once its response has closed.
    await eventually(async () => {
      expect((await state()).outage).toMatchObject({ phase: 'failing', ...seen, breaker: { open: true } });
    });

    // The breaker closes on what clients ask; each of these is counted too.
    const over = await eventually(async () => {
      await count(freshKey());
      const now = (await state()).outage as Outage;
      expect(now.phase).toBe('over');
      return now;
    }, 40_000);
    expect(over).toMatchObject({ stoppedEarly: false, breaker: { open: false } });
    // One that is asked while it ends may be after the last count.
    expect(seen.requests - over.requests).toBeLessThanOrEqual(1);
    expect([over.hits, over.stale, over.failed]).toEqual([seen.hits, seen.stale, seen.failed]);
    expect(over.breaker.opened).toBeGreaterThan(0);
    expect(over.breaker.openMs).toBeGreaterThan(1_000);
    for (const path of failed) expect(await ask(path)).toMatchObject({ status: 200, cache: /fwd=uri-miss/ });
  });

  it('lasts 1 to 60 s', async () => {
    for (const seconds of [0, 61, 1.5]) {
      expect((await post('/api/sample/outage', { seconds })).status).toBe(400);
    }
  });
});

it('"Mark chat:42 stale": the next one gets the old answer, then a new one; undone, it is as if nothing was', async () => {
  const api = consoleApi(server.consoleUrl);
  const path = '/api/chats/42/history';
  await ask(path);
  expect((await ask(path)).cache).toMatch(/; hit;.*detail=l[12]/);
  const job = await api.clear({ scope: { tag: 'chat:42' } });
  expect((await api.ended(job.id)).outcomes).toMatchObject([{ state: 'confirmed' }]);
  expect((await ask(path)).cache).toContain('detail=stale');
  await eventually(async () => expect((await ask(path)).cache).toMatch(/; hit;.*detail=l[12]/));
  const again = await api.ended((await api.clear({ scope: { tag: 'chat:42' } })).id);
  await api.ended((await api.undo(again.id)).id);
  expect((await ask(path)).cache).toMatch(/; hit;.*detail=l[12]/);
});

it('in front of a real service there is no sample to play with', async () => {
  const origin = await startOrigin();
  const real = await startServer({ PITWALL_UPSTREAM: origin.url });
  try {
    for (const [path, body] of [
      ['/api/sample/burst', { requests: 1 }],
      ['/api/sample/outage/stop', {}],
      ['/api/sample/outage', { seconds: 1 }],
      ['/api/sample/traffic', { run: true }],
    ] as const) {
      const refused = await post(path, body, real);
      expect(problemSchema.parse(await refused.json())).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect(await (await fetch(`${real.consoleUrl}/api/sample`)).json()).toEqual({ traffic: 'off', outage: null });
    expect(origin.calls).toEqual([]);
  } finally {
    await real.stop();
    await origin.close();
  }
});
