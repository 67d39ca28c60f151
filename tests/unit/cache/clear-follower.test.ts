import { describe, expect, it } from 'vitest';
import { CATCH_UP_MS, createClearFollower, READ_MS } from '../../../lib/cache/clear-follower.ts';
import { createClearLog } from '../../../lib/cache/clear-log.ts';
import type { ClearHead, ClearSource } from '../../../lib/cache/clear-record.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A follower whose timers are fired by hand, in front of a source that can be made to fail or hang. */
function setup() {
  const memory = createMemoryClears();
  const clock = manualClock();
  const timers = new Set<{ run(): void; ms: number }>();
  const behaviour = {
    mode: 'ok' as 'ok' | 'away' | 'hangs' | 'mute',
    heads: 0,
    lie: undefined as ClearHead | undefined,
  };
  const answer = <T>(act: () => T, isHead = false): T | Promise<T> => {
    if (behaviour.mode === 'mute' && !isHead) return new Promise<T>(() => undefined);
    if (behaviour.mode === 'away') return Promise.reject(new Error('away'));
    return behaviour.mode === 'hangs' ? new Promise<T>(() => undefined) : act();
  };
  const source: ClearSource = {
    head: () => {
      behaviour.heads++;
      return answer(() => behaviour.lie ?? (memory.head() as ClearHead), true);
    },
    since: async (number) => {
      const news = await answer(() => memory.since(number));
      return behaviour.lie === undefined ? news : { head: behaviour.lie, folded: [], records: [] };
    },
    append: (draft) => memory.append(draft),
  };
  const log = createClearLog({ maxNames: 10, maxPatterns: 10 });
  const follower = createClearFollower({
    log,
    source,
    clock,
    after(ms, run) {
      const timer = { run, ms };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  async function fire(ms: number): Promise<void> {
    for (const timer of [...timers]) {
      if (timer.ms !== ms) continue;
      timers.delete(timer);
      timer.run();
    }
    await settled();
  }
  return { memory, clock, timers, behaviour, log, follower, fire };
}

describe('clear follower', () => {
  it('is complete after its start, and looks every 50 ms', async () => {
    const { memory, follower, log, fire, clock } = setup();
    await memory.append({ scope: { all: true }, mode: 'hard' });
    expect([follower.state, follower.trusted]).toEqual(['unconfirmed', false]);
    await follower.start();
    expect([follower.state, follower.trusted, log.head]).toEqual(['confirmed', true, 1]);
    await memory.append({ scope: { key: 'a' }, mode: 'hard' });
    clock.advance(50);
    expect(follower.age).toBe(50);
    await fire(50);
    expect([log.head, follower.age, follower.state]).toEqual([2, 0, 'confirmed']);
    await follower.close();
  });

  it('is unconfirmed after two failures in a row, serves on, and recovers by itself', async () => {
    const { follower, fire, behaviour, log, memory } = setup();
    await follower.start();
    behaviour.mode = 'away';
    await fire(50);
    expect(follower.state).toBe('confirmed');
    await fire(50);
    expect([follower.state, follower.trusted]).toEqual(['unconfirmed', false]);
    await fire(50);
    await memory.append({ scope: { all: true }, mode: 'soft' });
    behaviour.mode = 'ok';
    await fire(50);
    expect([follower.state, log.head]).toEqual(['confirmed', 1]);
    await follower.close();
  });

  it('never resolves its start before it knows, nor hangs with a source that hangs', async () => {
    const { follower, fire, behaviour, timers } = setup();
    behaviour.mode = 'hangs';
    let started = false;
    const start = follower.start().then(() => (started = true));
    await settled();
    expect([started, behaviour.heads]).toEqual([false, 1]);
    void follower.start();
    expect(behaviour.heads).toBe(1);
    await fire(100);
    await start;
    expect(follower.state).toBe('unconfirmed');
    behaviour.mode = 'ok';
    await fire(50);
    expect(follower.state).toBe('confirmed');
    await follower.close();
    expect(timers.size).toBe(0);
  });

  it('is unconfirmed while it is told of a clear and not which, and asks again', async () => {
    const { memory, follower, fire, behaviour, log } = setup();
    await follower.start();
    await memory.append({ scope: { all: true }, mode: 'hard' });
    behaviour.mode = 'mute';
    await fire(50);
    await fire(300);
    expect([follower.state, log.head]).toEqual(['unconfirmed', 0]);
    behaviour.mode = 'ok';
    await fire(READ_MS);
    await fire(50);
    expect([follower.state, log.head]).toEqual(['confirmed', 1]);
    await follower.close();
  });

  it('catches up at once when it is told of a number, even while it looks', async () => {
    const { memory, follower, log, timers } = setup();
    await follower.start();
    const { number } = await memory.append({ scope: { all: true }, mode: 'hard' });
    await follower.catchUp(number);
    expect(log.head).toBe(1);
    await follower.catchUp(1);
    const looking = follower.start();
    const next = memory.append({ scope: { key: 'a' }, mode: 'hard' });
    await Promise.all([looking, next, follower.catchUp(2)]);
    expect(log.head).toBe(2);
    await follower.close();
    expect(timers.size).toBe(0);
  });

  it("says that it hasn't caught up in time, or is closed", async () => {
    const { follower, fire } = setup();
    await follower.start();
    const late = expect(follower.catchUp(5)).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await settled();
    await fire(CATCH_UP_MS);
    await late;
    const open = expect(follower.catchUp(5)).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await follower.close();
    await open;
    await expect(follower.catchUp(5)).rejects.toThrow('is closed');
  });

  it('believes no log that has lost records', async () => {
    const { memory, follower, fire, behaviour, log } = setup();
    await memory.append({ scope: { all: true }, mode: 'hard' });
    await follower.start();
    for (const lie of [
      { number: 0, id: '' },
      { number: 1, id: 'other' },
    ]) {
      behaviour.lie = lie;
      await fire(50);
      await fire(50);
      expect([follower.trusted, log.head]).toEqual([false, 1]);
      behaviour.lie = undefined;
      await fire(50);
      expect(follower.trusted).toBe(true);
    }
    await follower.close();
  });

  it("runs on real timers, which don't keep the process alive", async () => {
    const memory = createMemoryClears();
    const log = createClearLog({ maxNames: 10, maxPatterns: 10 });
    const follower = createClearFollower({ log, source: memory, clock: manualClock() });
    await follower.start();
    const { number } = await memory.append({ scope: { all: true }, mode: 'hard' });
    await expect.poll(() => log.head).toBe(number);
    await follower.close();
  });
});
