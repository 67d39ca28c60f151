import type { Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { createTopics, MAX_TOPICS } from '../../../lib/live/topics.ts';

const client = (): Socket => ({}) as Socket;
const route = (i: number) => ({ service: 'chat', range: '1m', route: `r${i}` }) as const;

describe('topics', () => {
  it('are one for all who watch the same, and gone with the last', () => {
    const topics = createTopics();
    const [one, other] = [client(), client()];
    expect(topics.watch(one, route(1))).toBe(topics.watch(other, route(1)));
    expect(topics.all()).toHaveLength(1);
    topics.leave(one);
    expect([topics.has(one), topics.has(other), topics.all().length]).toEqual([false, true, 1]);
    topics.leave(other);
    expect(topics.all()).toEqual([]);
  });

  it('are at most so many at once; who shares one or leaves its own is let in', () => {
    const topics = createTopics();
    const [first, second, ...rest] = Array.from({ length: MAX_TOPICS }, client) as [Socket, Socket, ...Socket[]];
    [first, second, ...rest].forEach((socket, i) => topics.watch(socket, route(i)));
    const late = client();
    const refused = expect.objectContaining({ code: 'too_many_requests' });
    expect(() => topics.watch(late, route(MAX_TOPICS))).toThrow(refused);
    expect(topics.has(late)).toBe(false);
    topics.watch(late, route(0));
    // Two share it: neither makes room by leaving it.
    expect(() => topics.watch(first, route(MAX_TOPICS))).toThrow(refused);
    topics.watch(second, route(MAX_TOPICS));
    expect(topics.all()).toHaveLength(MAX_TOPICS);
    expect(topics.all().find(({ sockets }) => sockets.has(first))?.watch).toEqual(route(0));
  });
});
