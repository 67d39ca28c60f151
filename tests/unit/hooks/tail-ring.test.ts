import { expect, test } from 'vitest';
import { TAIL_LINES, createTailRing } from '@/hooks/tail-ring';
import { requestsOf } from '../../support/console-requests';

const batch = (count: number, dropped = 0) => ({ records: requestsOf('flood', 0, 1_000).slice(0, count), dropped });

test('keeps the newest lines, in order, each with a number of its own', () => {
  const ring = createTailRing(5);
  ring.push(batch(3));
  ring.push(batch(4, 2));
  expect(ring.get().lines.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6]);
  expect(ring.get()).toMatchObject({ arrived: 7, dropped: 2 });
  ring.push(batch(20, 1));
  expect(ring.get().lines.map(({ number }) => number)).toEqual([22, 23, 24, 25, 26]);
  expect(ring.get()).toMatchObject({ arrived: 27, dropped: 3 });
});

test('holds 5,000 lines', () => {
  const ring = createTailRing();
  for (let i = 0; i < 26; i++) ring.push(batch(200));
  expect(ring.get().lines).toHaveLength(TAIL_LINES);
  expect(ring.get().lines.at(-1)?.number).toBe(5_199);
});

test('what somebody holds on to is never changed', () => {
  const ring = createTailRing(5);
  ring.push(batch(5));
  const held = ring.get();
  const numbers = held.lines.map(({ number }) => number);
  ring.push(batch(5));
  expect(held.lines.map(({ number }) => number)).toEqual(numbers);
  expect(ring.get().arrived - held.arrived).toBe(5);
});

test('keeps what passes, counts anew what is left out, and tells of each change until nobody listens', () => {
  const ring = createTailRing();
  let told = 0;
  const end = ring.subscribe(() => told++);
  ring.push(batch(20, 7));
  ring.keep(({ status }) => status === 503);
  expect(ring.get().lines.map(({ status }) => status)).toEqual([503]);
  expect(ring.get()).toMatchObject({ dropped: 0, arrived: 20 });
  end();
  ring.push(batch(1));
  expect(told).toBe(2);
});
