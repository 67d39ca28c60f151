import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientKey, createLimit } from '../../../lib/auth/limit.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { createLogIn } from '../../../lib/auth/log-in.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('a limit', () => {
  it('lets so many through in its time, by key, and says when to come again', async () => {
    const limit = createLimit({ name: 'x', most: 2, seconds: 60, what: 'tries' });
    await limit.take('a');
    await limit.check('a');
    await limit.take('a');
    const refused = { code: 'too_many_requests', message: 'Too many tries: try again in 60 s.', retryAfter: 60 };
    await expect(limit.check('a')).rejects.toMatchObject(refused);
    await expect(limit.take('a')).rejects.toMatchObject(refused);
    await limit.take('b');
    await vi.advanceTimersByTimeAsync(60_001);
    await limit.take('a');
  });

  it('remembers 10,000 at most: who comes then is counted with the others, until those are forgotten', async () => {
    const limit = createLimit({ name: 'x', most: 2, seconds: 60, what: 'tries' });
    for (let n = 0; n < 10_000; n++) await limit.take(`client ${n}`);
    await limit.take('new 1');
    await limit.take('new 2');
    await expect(limit.take('new 3')).rejects.toMatchObject({ code: 'too_many_requests' });
    await expect(limit.check('new 4')).rejects.toMatchObject({ code: 'too_many_requests' });
    await limit.take('client 1');
    await expect(limit.take('client 1')).rejects.toMatchObject({ code: 'too_many_requests' });
    await vi.advanceTimersByTimeAsync(60_001);
    await limit.take('client 1');
    await vi.advanceTimersByTimeAsync(60_001);
    for (const name of ['new 3', 'new 4', 'new 5']) await limit.take(name);
    await limit.check('new 5');
    await vi.advanceTimersByTimeAsync(600_000);
    await limit.check('new 5');
  });
});

it.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, ''],
])('%s is counted as %s', (address, key) => {
  expect(clientKey(address)).toBe(key);
});

const refused = (): Promise<never> => Promise.reject(new PitwallError('login_refused', 'Wrong.'));

describe('log-ins', () => {
  it('are limited by client, by address and altogether, before a password is looked at', async () => {
    let looked = 0;
    const limit = (name: string, most: number) => createLimit({ name, most, seconds: 60, what: 'log-ins' });
    const logIn = createLogIn({
      attempt: () => {
        looked++;
        return refused();
      },
      all: limit('all', 30),
      byClient: limit('client', 5),
      byEmail: limit('email', 3),
    });
    const codes: Record<string, number> = {};
    for (let i = 0; i < 10_000; i++) {
      const from = { address: `10.0.${Math.floor(i / 100) % 100}.1`, agent: null, requestId: null };
      await logIn(`person${i % 97}@example.com`, 'wrong', from).catch(({ code }: { code: string }) => {
        codes[code] = (codes[code] ?? 0) + 1;
      });
    }
    expect(codes).toEqual({ login_refused: 30, too_many_requests: 9_970 });
    expect(looked).toBe(30);
  });

  it('leave memory flat, from ever new clients, for one address and for ever new ones', async () => {
    vi.useRealTimers();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const limit = (most: number) => createLimit({ name: 'x', most, seconds: 300, what: 'log-ins' });
    const logIn = createLogIn({ attempt: refused, all: limit(1e9), byClient: limit(20), byEmail: limit(10) });
    async function wrong(from: number, to: number): Promise<void> {
      for (let n = from; n < to; n++) {
        const address = `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`;
        const email = n % 2 === 0 ? 'ada@example.com' : `person${n}@example.com`;
        await logIn(email, 'wrong', { address, agent: null, requestId: null }).catch(() => undefined);
      }
    }
    await wrong(0, 20_000);
    const before = heap();
    await wrong(20_000, 60_000);
    expect(heap() - before).toBeLessThan(2 * 1_048_576);
  });

  it('of one address are limited whatever its case, wherever they come from', async () => {
    const limit = (name: string, most: number) => createLimit({ name, most, seconds: 60, what: 'log-ins' });
    const logIn = createLogIn({
      attempt: refused,
      all: limit('all', 100),
      byClient: limit('client', 100),
      byEmail: limit('email', 2),
    });
    const tries = ['a@b.ch', ' A@B.CH ', 'A@b.ch'].map((email, i) =>
      logIn(email, 'x', { address: `10.0.0.${i}`, agent: null, requestId: null }).catch(
        ({ code }: { code: string }) => code,
      ),
    );
    expect(await Promise.all(tries)).toEqual(['login_refused', 'login_refused', 'too_many_requests']);
  });
});
