import { ReplyError } from 'ioredis';
import { expect, it } from 'vitest';
import { manualClock } from '../../../../lib/kernel/clock.ts';
import { createRedisGuard } from '../../../../lib/storage/redis/guard.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const refused = (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED'));
const answer = (message: string) => (): Promise<never> => Promise.reject(new ReplyError(message, undefined as never));

function scene() {
  const clock = manualClock();
  const guard = createRedisGuard({ clock, random: () => 0.5, deadlineMs: 10 });
  return { clock, guard };
}

it('gives back what the call gives', async () => {
  const { guard } = scene();
  expect(await guard.run(() => Promise.resolve('a'))).toBe('a');
  expect(guard.state).toEqual({ kind: 'ok' });
});

it('costs a deadline three times, then nothing until the pause is over and a probe succeeds', async () => {
  const { guard, clock } = scene();
  for (let i = 0; i < 3; i++) {
    await expect(guard.run(never)).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'Redis gave no answer within 10 ms.',
    });
  }
  expect(guard.state).toEqual({
    kind: 'degraded',
    why: "Redis isn't asked for a moment: 3 failures in a row, last: no answer within 10 ms.",
  });
  let asked = 0;
  const ask = () => guard.run(() => Promise.resolve(++asked));
  await expect(ask()).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: 'Redis failed a moment ago and is given a pause.',
  });
  expect(asked).toBe(0);
  clock.advance(100);
  expect(await ask()).toBe(1);
  expect(guard.state).toEqual({ kind: 'ok' });
});

it('says why in one sentence, whether the client’s word ends with a full stop or not', async () => {
  for (const message of ['Connection is closed.', 'connect ECONNREFUSED']) {
    const { guard } = scene();
    for (let i = 0; i < 3; i++) await expect(guard.run(() => Promise.reject(new Error(message)))).rejects.toThrow();
    expect(guard.state).toMatchObject({ why: expect.stringMatching(/, last: con\w+ [^.]+\.$/i) as string });
  }
});

it('waits longer for a call that has much to send', async () => {
  const { guard } = scene();
  await expect(guard.run(never, 5)).rejects.toThrow('Redis gave no answer within 15 ms.');
});

it('pauses longer after each failed probe, at most a second', async () => {
  const { guard, clock } = scene();
  for (let i = 0; i < 3; i++) await expect(guard.run(refused)).rejects.toThrow("Redis can't be reached.");
  for (const pause of [100, 200, 400, 800, 1_000, 1_000]) {
    clock.advance(pause - 1);
    await expect(guard.run(refused)).rejects.toThrow('is given a pause');
    clock.advance(1);
    await expect(guard.run(refused)).rejects.toThrow("Redis can't be reached.");
  }
});

it('counts an answer that says no as an answer, and a server that is unable as none', async () => {
  const { guard } = scene();
  for (let i = 0; i < 5; i++) await expect(guard.run(answer('OOM command not allowed'))).rejects.toThrow('OOM');
  expect(guard.state.kind).toBe('ok');
  for (let i = 0; i < 3; i++) {
    await expect(guard.run(answer('LOADING Redis is loading the dataset in memory'))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  }
  expect(guard.state.kind).toBe('degraded');
});

it('counts a call that throws before it asks, and one that rejects with no error', async () => {
  const { guard } = scene();
  const thrown = (): Promise<never> => {
    throw new Error('at once');
  };
  await expect(guard.run(thrown)).rejects.toMatchObject({ code: 'storage_unavailable' });
  const text: unknown = 'text';
  await expect(guard.run(() => Promise.reject(text as Error))).rejects.toMatchObject({ cause: 'text' });
});

it('takes an answer that came in time though this thread was busy past the deadline', async () => {
  const { guard } = scene();
  const soon = guard.run(() => new Promise<string>((resolve) => setImmediate(() => resolve('in time'))));
  const until = performance.now() + 30;
  while (performance.now() < until);
  expect(await soon).toBe('in time');
});
