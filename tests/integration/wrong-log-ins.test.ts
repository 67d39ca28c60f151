import { Agent, request as httpRequest } from 'node:http';
import { expect, it } from 'vitest';
import { inspectHeap } from '../support/heap-of.ts';
import { startServer } from '../support/server-process.ts';

/** As many as a busy machine does in a minute; tests/unit/auth/limit.test.ts does 10,000 and more on the verb alone. */
const ATTEMPTS = 1_000;
const AT_ONCE = 50;
/** What is loaded and compiled meanwhile; it doesn't grow with the attempts. */
const MOST_GROWTH = 12 * 1_048_576;

it('1,000 wrong log-ins from 1,000 addresses are limited, and memory stays flat', async () => {
  const server = await startServer({ PITWALL_API_LIMIT: '1000000' }, ['--inspect=127.0.0.1:0']);
  const [, inspector = ''] = await server.prints(/(ws:\/\/\S+)/);
  const heap = await inspectHeap(inspector);
  const { port } = new URL(server.consoleUrl);
  const agent = new Agent({ keepAlive: false });

  /** Any address of 127.0.0.0/8 is this machine's. */
  function logIn(n: number): Promise<number> {
    const body = JSON.stringify({ email: `person${n}@example.com`, password: `wrong ${n}` });
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          host: '127.0.0.1',
          port,
          path: '/api/session',
          method: 'POST',
          localAddress: `127.1.${Math.floor((n % 2_000) / 200)}.${(n % 200) + 1}`,
          agent,
          headers: { host: `localhost:${port}`, 'content-type': 'application/json', 'content-length': body.length },
        },
        (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0)),
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }
  async function many(from: number, to: number, counts: Record<string, number>): Promise<void> {
    let next = from;
    const one = async (): Promise<void> => {
      while (next < to) {
        const status = await logIn(next++);
        counts[status] = (counts[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  try {
    // The first load their libraries.
    await many(0, 300, {});
    const before = await heap.used();
    const counts: Record<string, number> = {};
    const started = performance.now();
    await many(300, 300 + ATTEMPTS, counts);
    const minutes = Math.ceil((performance.now() - started) / 60_000) + 1;
    const grown = (await heap.used()) - before;
    expect(Object.keys(counts).filter((status) => status !== '401' && status !== '429')).toEqual([]);
    expect((counts[401] ?? 0) + (counts[429] ?? 0)).toBe(ATTEMPTS);
    // 200 in a minute, whoever they are.
    expect(counts[401] ?? 0).toBeLessThanOrEqual(200 * minutes);
    expect(grown).toBeLessThan(MOST_GROWTH);
  } finally {
    heap.close();
    agent.destroy();
    await server.stop();
  }
}, 300_000);
