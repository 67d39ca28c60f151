import type { Socket } from 'socket.io';
import type { Watch } from '../contracts/overview.ts';

/** What clients watch, each client one thing. */
export interface Topics {
  watch(socket: Socket, watch: Watch): void;
  leave(socket: Socket): void;
  has(socket: Socket): boolean;
  all(): readonly Topic[];
}

export interface Topic {
  readonly watch: Watch;
  readonly sockets: ReadonlySet<Socket>;
}

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
      leave(socket);
      const key = JSON.stringify([watch.service, watch.range, watch.route ?? null]);
      const topic = topics.get(key) ?? { watch, sockets: new Set() };
      topic.sockets.add(socket);
      topics.set(key, topic);
      watching.set(socket, key);
    },
    has: (socket) => watching.has(socket),
    all: () => [...topics.values()],
  };
}
