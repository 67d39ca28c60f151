import type { Socket } from 'socket.io';

/** Frames that a client may leave unread, acknowledgements included, before it's cut. */
const MOST_WAITING = 64;

/** Frames that wait because the client's connection is busy with earlier ones. */
function waiting(socket: Socket): number {
  return socket.conn['writeBuffer'].length;
}

/** Whether a client has taken all that was sent, so that at most one frame waits beside the one under way. */
export function isReady(socket: Socket): boolean {
  return waiting(socket) === 0;
}

/** Cuts a client that reads nothing while it makes us answer; true if it was cut. */
export function cutIfStuck(socket: Socket): boolean {
  if (waiting(socket) <= MOST_WAITING) return false;
  socket.conn.close(true);
  return true;
}
