import type { Socket } from 'socket.io';
import type { Watch } from '../contracts/overview.ts';
import { PitwallError } from '../kernel/errors.ts';

/** What clients watch, each client one thing. */
export interface Topics {
  /** @throws PitwallError too_many_requests where too many different things are watched already */
  watch(socket: Socket, watch: Watch): Topic;
  leave(socket: Socket): void;
  has(socket: Socket): boolean;
  all(): readonly Topic[];
}

export interface Topic {
  readonly watch: Watch;
  readonly sockets: ReadonlySet<Socket>;
}

/** Different topics at once: each costs some ms a second. */
export const MAX_TOPICS = 128;

export function createTopics(): Topics {
  const topics = new Map<string, { readonly watch: Watch; readonly sockets: Set<Socket> }>();
  const watching = new Map<Socket, string>();

  function leave(socket: Socket): void {
    const key = watching.get(socket);
    if (key === undefined) return;
    watching.delete(socket);
    const topic = topics.get(key);
    topic?.sockets.delete(socket);
    if (topic?.sockets.size === 0) topics.delete(key);
  }

  return {
    leave,
    watch(socket, watch) {
      const key = JSON.stringify([watch.service, watch.range, watch.route ?? null]);
      const alone = topics.get(watching.get(socket) ?? '')?.sockets.size === 1;
      if (!topics.has(key) && topics.size - (alone ? 1 : 0) >= MAX_TOPICS) {
        const detail = `At most ${MAX_TOPICS} different services, routes and ranges are watched at once.`;
        throw new PitwallError('too_many_requests', `${detail} Look at one that others watch, or try again later.`);
      }
      leave(socket);
      const topic = topics.get(key) ?? { watch, sockets: new Set() };
      topic.sockets.add(socket);
      topics.set(key, topic);
      watching.set(socket, key);
      return topic;
    },
    has: (socket) => watching.has(socket),
    all: () => [...topics.values()],
  };
}
