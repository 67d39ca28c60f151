import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { openGateway } from '../../support/gateway.ts';
import { ask } from '../../support/raw-client.ts';
import { scriptedOrigin } from '../../support/scripted-origin.ts';

/*
 * Any order of requests, time, failures, clears and unsafe methods against a real gateway: nothing is served past its
 * stale limit or after it was cleared, and no client gets another variant's body or a 304 for it.
 */

/** Seconds of freshness and of the two graces that the origin gives its next answers. */
interface Times {
  readonly fresh: number;
  readonly revalidate: number;
  readonly error: number;
}
type Step =
  | { readonly do: 'get'; readonly path: string; readonly variant: string; readonly conditional: boolean }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'fail'; readonly fails: boolean }
  | { readonly do: 'times'; readonly times: Times }
  | { readonly do: 'clear'; readonly hard: boolean; readonly path: string | undefined }
  | { readonly do: 'post'; readonly path: string };

/** What a body tells of its making. */
interface Made extends Times {
  readonly path: string;
  readonly variant: string;
  /** Seconds of the test's clock. */
  readonly at: number;
  /** Number of the origin's answer. */
  readonly n: number;
}

const path = fc.constantFrom('/a', '/b');
const seconds = fc.constantFrom(0, 1, 5, 30);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('get' as const),
      path,
      variant: fc.constantFrom('x', 'y'),
      conditional: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), fails: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('times' as const),
      times: fc.record({ fresh: seconds, revalidate: seconds, error: seconds }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clear' as const),
      hard: fc.boolean(),
      path: fc.option(path, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('post' as const), path }) },
);

const HOST = 'a.example';

async function play(steps: readonly Step[]): Promise<void> {
  let clock = 0;
  let fails = false;
  let times: Times = { fresh: 5, revalidate: 5, error: 30 };
  let answers = 0;
  const origin = await scriptedOrigin((request, response) => {
    request.resume().on('end', () => {
      if (fails) return void response.writeHead(503).end('down');
      if (request.method === 'POST') return void response.writeHead(204).end();
      const variant = String(request.headers['x-variant']);
      const made: Made = { ...times, path: String(request.url), variant, at: clock, n: ++answers };
      response.writeHead(200, {
        'Cache-Control': `max-age=${times.fresh}, stale-while-revalidate=${times.revalidate}, stale-if-error=${times.error}`,
        Vary: 'X-Variant',
        ETag: `"${variant}${made.n}"`,
      });
      response.end(JSON.stringify(made));
    });
  });
  const clears = createMemoryClears();
  const gateway = await openGateway(origin.url, {
    clears,
    service: { breaker: { failures: 1_000, ratio: 1, minimumCalls: 1_000 } },
  });
  /** Per path: what was answered up to this number is gone. */
  const gone = new Map<string, number>();
  /** By ETag. */
  const known = new Map<string, Made>();
  const last = new Map<string, string>();
  try {
    for (const one of steps) {
      if (one.do === 'wait') {
        clock += one.seconds;
        gateway.advance(one.seconds * 1_000);
      } else if (one.do === 'fail') fails = one.fails;
      else if (one.do === 'times') times = one.times;
      else if (one.do === 'clear') {
        const scope = one.path === undefined ? { all: true as const } : { key: `http://${HOST}${one.path}` };
        const { number } = await clears.append({ scope, mode: one.hard ? 'hard' : 'soft' });
        await gateway.gateway.command({ type: 'follow-clears', number });
        if (one.hard) for (const each of one.path === undefined ? ['/a', '/b'] : [one.path]) gone.set(each, answers);
      } else if (one.do === 'post') {
        const { status } = await ask(gateway.port, one.path, { method: 'POST', headers: { Host: HOST } });
        if (status < 400) gone.set(one.path, answers);
      } else {
        const tag = last.get(one.path + one.variant);
        const headers = {
          Host: HOST,
          'X-Variant': one.variant,
          ...(one.conditional && tag !== undefined && { 'If-None-Match': tag }),
        };
        const before = answers;
        const answer = await ask(gateway.port, one.path, { headers });
        if (answer.status >= 500) {
          expect(fails).toBe(true);
          continue;
        }
        const etag = String(answer.headers.etag);
        const made = answer.status === 304 ? known.get(etag) : (JSON.parse(answer.text) as Made);
        if (made === undefined) throw new Error(`a 304 for ${etag}, which nobody got`);
        if (answer.status === 304) expect(etag).toBe(tag);
        known.set(etag, made);
        last.set(one.path + one.variant, etag);
        expect([made.path, made.variant]).toEqual([one.path, one.variant]);
        expect(made.n).toBeGreaterThan(gone.get(one.path) ?? 0);
        const stored = made.n <= before;
        const grace = Math.max(made.revalidate, fails ? made.error : 0);
        if (stored) expect(clock - made.at).toBeLessThanOrEqual(made.fresh + grace);
      }
    }
  } finally {
    await gateway.close();
    await origin.close();
  }
}

it('serves nothing too old, nothing cleared, and nobody else’s, in any order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), play), { numRuns: 60 });
}, 60_000);
