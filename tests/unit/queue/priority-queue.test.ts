import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PASSED_OVER, createPriorityQueue } from '../../../lib/queue/priority-queue.ts';

describe('the priority queue', () => {
  it('serves the higher class first, and first come first served within one', () => {
    const queue = createPriorityQueue<string>(3);
    for (const [item, rank] of [
      ['low', 2],
      ['first', 1],
      ['high', 0],
      ['second', 1],
    ] as const)
      queue.push(item, rank);
    queue.unshift('zeroth', 1);
    expect(queue.size).toBe(5);
    expect([1, 2, 3, 4, 5, 6].map(() => queue.take())).toEqual(['high', 'zeroth', 'first', 'second', 'low', undefined]);
  });

  it('removes what waits, once', () => {
    const queue = createPriorityQueue<string>(2);
    queue.push('a', 0);
    queue.push('b', 1);
    expect(queue.remove('b')).toBe(true);
    expect(queue.remove('b')).toBe(false);
    expect([queue.take(), queue.take()]).toEqual(['a', undefined]);
  });

  it('knows its classes', () => {
    expect(() => createPriorityQueue<string>(2).push('a', 2)).toThrow(RangeError);
    expect(() => createPriorityQueue<string>(2).unshift('a', -1)).toThrow(RangeError);
  });

  it('lets nobody starve: exactly MAX_PASSED_OVER go past the first of the next class', () => {
    const queue = createPriorityQueue<string>(2);
    queue.push('low', 1);
    let taken = 0;
    for (let item: string | undefined; item !== 'low'; taken++) {
      queue.push('high', 0);
      item = queue.take();
    }
    expect(taken).toBe(MAX_PASSED_OVER + 1);
  });

  it('starves no class whatever comes, and loses and doubles nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('take' as const), fc.nat(2))), (steps) => {
        const queue = createPriorityQueue<number>(3);
        const waiting: number[][] = [[], [], []];
        const passed = [0, 0, 0];
        let next = 0;
        for (const step of [...steps, ...Array.from({ length: steps.length }, () => 'take' as const)]) {
          if (step !== 'take') {
            waiting[step]!.push(next);
            queue.push(next++, step);
            continue;
          }
          const item = queue.take();
          if (item === undefined) {
            expect(waiting.flat()).toEqual([]);
            continue;
          }
          const rank = waiting.findIndex((list) => list[0] === item);
          // First come, first served within each class.
          expect(rank).toBeGreaterThanOrEqual(0);
          waiting[rank]!.shift();
          waiting.forEach((list, other) => {
            passed[other] = other === rank || list.length === 0 ? 0 : passed[other]! + 1;
            // One more where two classes are due at once.
            expect(passed[other]).toBeLessThanOrEqual(MAX_PASSED_OVER + 1);
          });
        }
        expect(queue.size).toBe(0);
      }),
    );
  });
});
