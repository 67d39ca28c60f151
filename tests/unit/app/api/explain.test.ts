import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as explainRoute from '../../../../app/api/cache/explain/route.ts';
import { LOCAL } from '../../../../lib/auth/identity.ts';
import { createExplanations } from '../../../../lib/container/explanations.ts';
import type { Permission } from '../../../../lib/contracts/access.ts';
import type { GatewaySnapshot, SnapshotWants } from '../../../../lib/contracts/control.ts';
import type { ExplainAnswer, Explained, Explanation } from '../../../../lib/contracts/explain.ts';
import { silentLogger } from '../../../../lib/kernel/logger.ts';
import { publishContainer, type Container } from '../../../../lib/runtime.ts';
import { headersOf } from '../../../support/caller.ts';

const explanation = (worker: number, change: Partial<Explanation> = {}): Explanation => ({
  instance: 'a',
  worker,
  service: 'shop',
  route: '*',
  mode: 'cache',
  key: 'GET http://shop.test/',
  decision: { outcome: 'hit', reason: null, level: 'l2' },
  variants: [],
  steps: [{ step: 'request', says: 'GET http://shop.test/' }],
  ...change,
});

describe('/api/cache/explain', () => {
  let answers: (Explained | undefined)[];
  let wanted: SnapshotWants[];
  let unpublish = (): void => {};

  beforeEach(() => {
    answers = [{ explanation: explanation(0) }, { explanation: explanation(1) }];
    wanted = [];
    const explanations = createExplanations((wants) => {
      wanted.push(wants);
      return Promise.resolve(answers.map((explained) => ({ explained }) as GatewaySnapshot));
    });
    unpublish = publishContainer({ ...explanations, logger: silentLogger } as Container);
  });
  afterEach(() => unpublish());

  async function ask<T = ExplainAnswer>(query: string, permissions?: readonly Permission[]) {
    const identity = permissions && { ...LOCAL, permissions };
    const request = new Request(`http://console.test/api/cache/explain${query}`, { headers: headersOf(identity) });
    const response = await explainRoute.GET(request, { params: Promise.resolve({}) });
    return { status: response.status, body: (await response.json()) as T };
  }

  it('asks every worker for the request as it is put, and says whether they agree', async () => {
    const query = '?url=http://shop.test/%3Fa=1&method=HEAD&header=Accept:%20a/b&header=X-Empty:';
    const { status, body } = await ask(query);
    expect([status, body.agree, body.workers.map(({ worker }) => worker)]).toEqual([200, true, [0, 1]]);
    expect(wanted).toEqual([
      { explain: { url: 'http://shop.test/?a=1', method: 'HEAD', headers: ['Accept', 'a/b', 'X-Empty', ''] } },
    ]);
    await ask('?url=http://shop.test/&header=A:b');
    expect(wanted[1]).toEqual({ explain: { url: 'http://shop.test/', method: 'GET', headers: ['A', 'b'] } });
  });

  it('finds that they disagree where one decides otherwise, refuses, or can’t tell', async () => {
    const decision = { outcome: 'fetch', reason: 'cold', level: null } as const;
    const others: (Explained | undefined)[] = [
      { explanation: explanation(1, { decision }) },
      { explanation: explanation(1, { mode: 'observe' }) },
      { code: 'no_service', message: 'No service answers to shop.test.' },
      undefined,
    ];
    for (const other of others) {
      answers = [{ explanation: explanation(0) }, other];
      expect((await ask('?url=http://shop.test/')).body.agree).toBe(false);
    }
    // The same from another level.
    answers[1] = { explanation: explanation(1, { decision: { outcome: 'hit', reason: null, level: 'l3' } }) };
    expect((await ask('?url=http://shop.test/')).body.agree).toBe(true);
  });

  it('shows what a sensitive route has stored only to who may change policies', async () => {
    const stored: Explanation = explanation(0, {
      variants: [
        {
          level: 'l2',
          selected: true,
          status: 200,
          bytes: 5,
          tags: ['hush'],
          vary: [{ name: 'x-user', stored: 'hush', asked: 'bob', same: false }],
          clear: 'live',
          freshFor: 1_000,
        },
      ],
      steps: [
        { step: 'request', says: 'GET http://shop.test/?mine' },
        { step: 'variant', says: 'Other values.', because: { text: 'x-user: stored "hush"', source: 'RFC 9111 §4.1' } },
        { step: 'freshness', says: 'Fresh.', because: { text: 'fresh while …', source: 'RFC 9111 §4.2' } },
        { step: 'origin', says: 'Asks http://o.test with If-None-Match: "hush".' },
      ],
    });
    answers = [{ explanation: { ...stored, sensitive: true } }];
    const whole = await ask('?url=http://shop.test/', ['look', 'policies']);
    expect(whole.body.workers).toEqual([{ ...stored, sensitive: true }]);
    for (const permissions of [undefined, ['look' as const, 'clear' as const]]) {
      const { body } = await ask('?url=http://shop.test/', permissions);
      expect(JSON.stringify(body)).not.toContain('hush');
      const [worker] = body.workers;
      expect(worker?.variants[0]).toMatchObject({
        bytes: 5,
        tags: [],
        vary: [{ stored: '(not shown)', asked: 'bob' }],
      });
      expect(worker?.steps.map(({ says, because }) => [says, because?.text])).toEqual([
        ['GET http://shop.test/?mine', undefined],
        ['Other values.', '(not shown)'],
        ['Fresh.', 'fresh while …'],
        ['Asks the origin.', undefined],
      ]);
    }
    answers = [{ explanation: { ...stored, sensitive: false } }];
    expect((await ask('?url=http://shop.test/')).body.workers).toEqual([{ ...stored, sensitive: false }]);
  });

  it('fails as the request would, or when nobody can tell', async () => {
    answers = [{ code: 'no_service', message: 'No service answers to shop.test.' }];
    expect(await ask('?url=http://shop.test/')).toMatchObject({ status: 404, body: { code: 'no_service' } });
    answers = [undefined];
    expect(await ask('?url=http://shop.test/')).toMatchObject({ status: 503, body: { code: 'gateway_unavailable' } });
  });

  it.each([
    ['', 'query.url'],
    ['?url=shop.test', 'query.url: expected an http:// or https:// URL'],
    ['?url=http://shop.test/&method=get', 'query.method: expected a method in capitals'],
    ['?url=http://shop.test/&header=nonsense', 'expected "Name: value" as header 1'],
    ['?url=http://shop.test/&header=A:b&header=A%20b:c', 'as header 2'],
    ['?url=http://shop.test/&header=A:b%0D%0AC:d', 'as header 1'],
    [`?url=http://shop.test/${'&header=A:b'.repeat(33)}`, 'expected at most 32 headers'],
    [`?url=http://shop.test/&header=A:${'b'.repeat(8_191)}`, 'expected at most 8192 characters'],
  ])('refuses %j', async (query, detail) => {
    const { status, body } = await ask<{ code: string; detail: string }>(query);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.detail).toContain(detail);
    expect(wanted).toEqual([]);
  });
});
