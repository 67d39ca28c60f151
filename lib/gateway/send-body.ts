import type { ServerResponse } from 'node:http';

/** Larger bodies go out in pieces of this size, bytes, each when the last is taken: so that progress can be seen. */
const PIECE = 262_144;

const watched = new WeakSet<ServerResponse>();

/** Ends a response with a body held in memory, at the client's pace. @param stallMs as in `cutIfStalled` */
export function sendBody(res: ServerResponse, body: Buffer, stallMs: number): void {
  if (body.length <= PIECE) {
    res.end(body);
    cutIfStalled(res, stallMs);
    return;
  }
  let sent = 0;
  const more = (): void => {
    while (sent < body.length) {
      const piece = body.subarray(sent, sent + PIECE);
      sent += piece.length;
      if (!res.write(piece)) {
        cutIfStalled(res, stallMs);
        return;
      }
    }
    res.off('drain', more);
    res.end();
  };
  res.on('drain', more);
  more();
}

/**
 * Cuts a client that takes nothing of a response that waits for it: for `ms`, looked at in steps of `ms`, so after
 * at most twice as long. Call it when a write didn't go through; while everything goes through it costs nothing.
 */
export function cutIfStalled(res: ServerResponse, ms: number): void {
  const { socket } = res;
  if (socket === null || watched.has(res) || socket.writableLength === 0) return;
  watched.add(res);
  const taken = (): number => socket.bytesWritten - socket.writableLength;
  let before = taken();
  const timer = setInterval(() => {
    const now = taken();
    if (socket.writableLength > 0 && now === before) res.destroy();
    before = now;
  }, ms).unref();
  res.once('close', () => clearInterval(timer));
}
