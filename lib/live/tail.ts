import type { Namespace, Socket } from 'socket.io';
import type { GatewayEvent, RequestRecord } from '../contracts/control.ts';
import { isReady } from './pressure.ts';

/** Lines go out together this often, ms, and at most so many; what is beyond is counted as dropped. */
const BATCH_MS = 100;
const MAX_BATCH = 500;

/** Live requests for the clients that asked for them; the gateways are asked only while there are any. */
export interface Tail {
  join(socket: Socket): void;
  leave(socket: Socket): void;
  has(socket: Socket): boolean;
}

/** @param subscribe starts the stream of requests; returns what ends it */
export function createTail(live: Namespace, subscribe: (listener: (event: GatewayEvent) => void) => () => void): Tail {
  /** By client, the lines that it missed because its connection was busy. */
  const missed = new Map<Socket, number>();
  let stop: (() => void) | undefined;

  function start(): () => void {
    let records: RequestRecord[] = [];
    let dropped = 0;
    const end = subscribe((event) => {
      if (event.type !== 'requests') return;
      const room = MAX_BATCH - records.length;
      records.push(...event.records.slice(0, room));
      dropped += event.dropped + Math.max(0, event.records.length - room);
    });
    const timer = setInterval(() => {
      if (records.length + dropped > 0) send(records, dropped);
      records = [];
      dropped = 0;
    }, BATCH_MS).unref();
    return () => {
      clearInterval(timer);
      end();
    };
  }

  function send(records: readonly RequestRecord[], dropped: number): void {
    const current: string[] = [];
    for (const [socket, before] of missed) {
      if (!isReady(socket)) {
        missed.set(socket, before + records.length + dropped);
      } else if (before > 0) {
        missed.set(socket, 0);
        socket.emit('requests', { records, dropped: dropped + before });
      } else {
        current.push(socket.id);
      }
    }
    // Encoded once for all who missed nothing. An empty list of rooms would mean everybody.
    if (current.length > 0) live.local.to(current).emit('requests', { records, dropped });
  }

  return {
    has: (socket) => missed.has(socket),
    join(socket) {
      if (!missed.has(socket)) missed.set(socket, 0);
      stop ??= start();
    },
    leave(socket) {
      missed.delete(socket);
      if (missed.size > 0) return;
      stop?.();
      stop = undefined;
    },
  };
}
