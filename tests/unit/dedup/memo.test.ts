import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemo, type Memo } from '../../../lib/dedup/memo.ts';
import { manualClock, type ManualClock } from '../../../lib/kernel/clock.ts';

function scene(maxEntries = 10): { clock: ManualClock; memo: Memo<string> } {
  const clock = manualClock();
  return { clock, memo: createMemo<string>({ ttlMs: 100, maxEntries, clock }) };
}

/** A load that ends when told to. */
function load(): {
  fn: () => Promise<string>;
  calls: () => number;
  resolve(value: string): void;
  reject(error: Error): void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let calls = 0;
  return {
    fn: () => {
      calls++;
      return promise;
    },
    calls: () => calls,
    resolve,
    reject,
  };
}

const never = (): Promise<string> => Promise.reject(new Error('loaded again'));

describe('memo', () => {
  it('loads once for all who ask meanwhile, then gives the value at once', async () => {
    const { memo } = scene();
    const first = load();
    const waiting = [memo.getOrSet('a', first.fn), memo.getOrSet('a', first.fn), memo.getOrSet('a', first.fn)];
    first.resolve('A');
    for (const each of waiting) expect(await each).toBe('A');
    expect(first.calls()).toBe(1);
    expect(memo.getOrSet('a', never)).toBe('A');
  });

  it('counts the lifetime from the end of the load, and takes one per call', async () => {
    const { memo, clock } = scene();
    const slow = load();
    const waiting = memo.getOrSet('a', slow.fn);
    clock.advance(1_000);
    slow.resolve('A');
    await waiting;
    await memo.getOrSet('b', async () => 'B', 200);
    clock.advance(99);
    expect(memo.getOrSet('a', never)).toBe('A');
    clock.advance(1);
    expect(await memo.getOrSet('a', async () => 'A2')).toBe('A2');
    clock.advance(99);
    expect(memo.getOrSet('b', never)).toBe('B');
  });

  it('keeps nothing for a lifetime of 0, or with room for nothing', async () => {
    const { memo } = scene();
    await memo.getOrSet('a', async () => 'A', 0);
    expect(memo.size).toBe(0);
    const none = scene(0).memo;
    expect(await none.getOrSet('a', async () => 'A')).toBe('A');
    expect(none.size).toBe(0);
  });

  it('rejects for all who waited, and keeps no failure', async () => {
    const { memo } = scene();
    const failing = load();
    const waiting = [memo.getOrSet('a', failing.fn), memo.getOrSet('a', failing.fn)];
    failing.reject(new Error('no'));
    for (const each of waiting) await expect(each).rejects.toThrow('no');
    expect(await memo.getOrSet('a', async () => 'A')).toBe('A');
  });

  it('rejects where the load throws at once', async () => {
    const { memo } = scene();
    const thrown = memo.getOrSet('a', () => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    expect(await memo.getOrSet('a', async () => 'A')).toBe('A');
  });

  it('holds values that are undefined or promises’ equals of nothing', async () => {
    const memo = createMemo<string | undefined>({ ttlMs: 100, maxEntries: 10, clock: manualClock() });
    await memo.getOrSet('a', async () => undefined);
    expect(memo.getOrSet('a', never)).toBeUndefined();
  });

  it('neither keeps what was cleared while it loaded nor takes the successor’s entry away', async () => {
    for (const ends of ['resolves', 'rejects'] as const) {
      const { memo } = scene();
      const old = load();
      const young = load();
      const stale = memo.getOrSet('a', old.fn);
      memo.clear('a');
      const fresh = memo.getOrSet('a', young.fn);
      if (ends === 'resolves') old.resolve('old');
      else old.reject(new Error('old'));
      await Promise.allSettled([stale]);
      expect(memo.getOrSet('a', never)).toBe(fresh);
      young.resolve('young');
      expect(await fresh).toBe('young');
      expect(memo.getOrSet('a', never)).toBe('young');
    }
  });

  it('clears one key or all', async () => {
    const { memo } = scene();
    for (const key of ['a', 'b', 'c']) await memo.getOrSet(key, async () => key);
    memo.clear('a');
    memo.clear('unknown');
    expect(memo.size).toBe(2);
    expect(memo.getOrSet('b', never)).toBe('b');
    memo.clear();
    expect(memo.size).toBe(0);
    for (const key of ['a', 'b', 'c']) expect(await memo.getOrSet(key, async () => `${key}2`)).toBe(`${key}2`);
  });

  it('makes room by the order of use, and never holds more than its bound', async () => {
    const key = fc.nat(8).map((each) => `k${each}`);
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), async (asked, maxEntries) => {
        const { memo } = scene(maxEntries);
        const model: string[] = [];
        for (const each of asked) {
          const hit = model.includes(each);
          let loaded = false;
          const answer = memo.getOrSet(each, async () => {
            loaded = true;
            return each;
          });
          expect(typeof answer === 'string').toBe(hit);
          expect(await answer).toBe(each);
          expect(loaded).toBe(!hit);
          if (hit) model.splice(model.indexOf(each), 1);
          model.push(each);
          if (model.length > maxEntries) model.shift();
          expect(memo.size).toBe(model.length);
        }
      }),
    );
  });
});
