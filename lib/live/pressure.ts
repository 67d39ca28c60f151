import type { Socket } from 'socket.io';
import type { After } from '../kernel/timer.ts';

/** Frames that a client may leave unread, acknowledgements included, before it's cut. */
const MOST_WAITING = 64;
/** How long a client gets to close its connection, ms. */
const LEAVE_MS = 1_000;

/** Frames that wait because the client's connection is busy with earlier ones. */
function waiting(socket: Socket): number {
  return socket.conn['writeBuffer'].length;
}

/** Whether a client has taken all that was sent, so that at most one frame waits beside the one under way. */
export function isReady(socket: Socket): boolean {
  return waiting(socket) === 0;
}

/** Cuts a client that reads nothing while it makes us answer. */
export function cutIfStuck(socket: Socket): void {
  if (waiting(socket) <= MOST_WAITING) return;
  // A closing handshake would wait for its answer behind all that is unread.
  const cut = cutter(socket);
  socket.conn.close(true);
  cut();
}

/**
 * Gives a client that we have sent away a second to go; without it, one that doesn't read would hold its connection,
 * and a server that shuts down, for as long as `ws` waits for the closing handshake: 30 s.
 */
export function cutIfItStays(socket: Socket, after: After): void {
  after(LEAVE_MS, cutter(socket));
}

/** What ends a client's WebSocket at once; nothing happens if it has ended. */
function cutter({ conn }: Socket): () => void {
  const { socket: connection } = conn.transport as { socket?: { terminate(): void } };
  return () => connection?.terminate();
}
