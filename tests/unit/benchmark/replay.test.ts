import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplay, type Replay } from '../../../lib/benchmark/replay.ts';
import type { ScriptedRequest } from '../../../lib/benchmark/script.ts';
import type { Reply, Sender } from '../../../lib/benchmark/sender.ts';
import { sumOf } from '../../../lib/benchmark/answered.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { batchesOf, line } from './lines.ts';

/** A gateway in this thread: every request waits until it's let go. */
function heldSender() {
  const waiting: {
    request: ScriptedRequest;
    answer: (reply: Partial<Reply>) => void;
    fail: (error: unknown) => void;
  }[] = [];
  let most = 0;
  const sender: Sender = {
    send: (request) =>
      new Promise((resolve, reject) => {
        const answer = (reply: Partial<Reply>): void => {
          waiting.splice(waiting.indexOf(held), 1);
          resolve({ status: 200, result: 'origin', bytes: 10, ms: 1, ...reply });
        };
        const held = { request, answer, fail: reject };
        waiting.push(held);
        most = Math.max(most, waiting.length);
      }),
    close: () => Promise.resolve(),
  };
  return { sender, waiting, most: () => most };
}

function replayOf(
  sender: Sender,
  more: { concurrency?: number; speed?: number | 'max'; signal?: AbortSignal } = {},
): Replay {
  const signal = more.signal ?? new AbortController().signal;
  return createReplay({ sender, concurrency: 4, speed: 'max', clock: systemClock, ...more, signal });
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('replay', () => {
  it('keeps to its concurrency, whatever the order of answers, and tallies every one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.constantFrom('l1', 'l2', 'stale', 'coalesced', 'origin', 'error', 'refused', 'fail'), {
          maxLength: 25,
        }),
        fc.nat(),
        async (concurrency, outcomes, seed) => {
          const held = heldSender();
          const replay = replayOf(held.sender, { concurrency });
          const done = replay.run(batchesOf(outcomes.map((_, i) => line(i))));
          let random = seed;
          for (const outcome of outcomes) {
            await turn();
            random = (random * 48_271 + 11) % 2_147_483_647;
            const one = held.waiting[random % held.waiting.length] as (typeof held.waiting)[number];
            if (outcome === 'fail') {
              held.waiting.splice(held.waiting.indexOf(one), 1);
              one.fail(new Error('reset'));
            } else one.answer({ result: outcome, status: outcome === 'error' ? 503 : 200 });
          }
          await done;
          const { tally } = replay;
          const failed = outcomes.filter((outcome) => outcome === 'fail').length;
          expect(held.most()).toBeLessThanOrEqual(concurrency);
          expect(tally).toMatchObject({ sent: outcomes.length, failed, replied: outcomes.length - failed });
          expect(sumOf(tally.answered) + tally.refused).toBe(tally.replied);
          expect(tally.bytes).toBe(tally.replied * 10);
          expect(tally.serverErrors).toBe(tally.answered.error);
          expect(tally.failures.get('reset') ?? 0).toBe(failed);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the latencies of hits and misses apart', async () => {
    const held = heldSender();
    const replay = replayOf(held.sender);
    expect(replay.tally.hit.quantiles()).toBeNull();
    const done = replay.run(batchesOf([line(0), line(0)]));
    await turn();
    held.waiting[0]?.answer({ result: 'l2', ms: 2 });
    held.waiting[0]?.answer({ result: 'coalesced', ms: 200 });
    await done;
    expect(replay.tally.hit.quantiles()?.p99).toBeCloseTo(2, 1);
    expect(replay.tally.miss.quantiles()?.p50).toBeGreaterThan(195);
  });

  it('bounds the reasons that it keeps', async () => {
    let number = 0;
    const replay = replayOf({
      send: () => Promise.reject(new Error(`reason ${number++}`)),
      close: () => Promise.resolve(),
    });
    await replay.run(batchesOf(Array.from({ length: 50 }, () => line(0))));
    expect(replay.tally.failures.size).toBe(10);
    expect(replay.tally.failed).toBe(50);
    const other = replayOf({ send: () => Promise.reject('text' as unknown as Error), close: () => Promise.resolve() });
    await other.run(batchesOf([line(0)]));
    expect([...other.tally.failures]).toEqual([['text', 1]]);
  });

  it('keeps the log’s pace, faster by the factor asked for; a line from the past goes at once', async () => {
    const sentAt: number[] = [];
    const sender: Sender = {
      send: () => {
        sentAt.push(performance.now());
        return Promise.resolve({ status: 200, result: 'l2', bytes: 1, ms: 1 });
      },
      close: () => Promise.resolve(),
    };
    const replay = replayOf(sender, { speed: 10 });
    const started = performance.now();
    await replay.run(batchesOf([line(10_000), line(11_000), line(9_000), line(12_000)]));
    expect((sentAt[3] as number) - started).toBeGreaterThan(195);
    expect((sentAt[1] as number) - started).toBeGreaterThan(95);
    expect(replay.tally).toMatchObject({ firstAt: 10_000, lastAt: 12_000 });
  });

  it('tells how far it fell behind the log', async () => {
    const held = heldSender();
    const replay = replayOf(held.sender, { speed: 1_000, concurrency: 1 });
    const done = replay.run(batchesOf([line(0), line(1_000), line(2_000)]));
    for (let i = 0; i < 3; i++) {
      await expect.poll(() => held.waiting.length).toBe(1);
      const since = performance.now();
      await expect.poll(() => performance.now() - since).toBeGreaterThan(20);
      held.waiting[0]?.answer({});
    }
    await done;
    expect(replay.tally.lagMs).toBeGreaterThan(10);
  });

  it.each([
    ['while it waits for an answer', 'max', [line(0), line(0)]],
    ['while it waits for a free place', 'max', Array.from({ length: 10 }, () => line(0))],
    ['while it waits for the log’s time', 1, [line(0), line(3_600_000)]],
  ] as const)('stops %s', async (_, speed, lines) => {
    const held = heldSender();
    const stop = new AbortController();
    const replay = replayOf(held.sender, { speed, signal: stop.signal, concurrency: 3 });
    const done = replay.run(batchesOf(lines));
    await expect.poll(() => held.waiting.length).toBeGreaterThan(0);
    const { sent } = replay.tally;
    stop.abort();
    await done;
    expect(replay.tally.sent).toBe(sent);
    held.waiting[0]?.fail(new Error('closed'));
    await turn();
    expect(replay.tally).toMatchObject({ replied: 0, failed: 0 });
  });
});
