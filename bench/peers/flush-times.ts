// Loaded into the product before it starts (`node --import`): appends to the file that FLUSH_TIMES names, a line each
// half second, to which connections frames were written and when the flush began that they belong to:
// [[port of the client, ms of the clock that all processes share], …].
import { appendFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import * as ws from 'ws';

/**
 * All that is written within so many ms of the first write is one flush, however many turns of the event loop it takes:
 * less than what lies between two cohorts, so that each counts from its own beginning.
 */
const FLUSH_MS = 8;
const KEEP_MS = 500;

interface Sending {
  readonly _socket: Socket;
  sendFrame(this: Sending, frame: readonly Buffer[], done?: (error?: Error) => void): void;
}

const file = process.env.FLUSH_TIMES;
if (file !== undefined && isMainThread) {
  const written: [port: number, flushed: number][] = [];
  let flushed: number | undefined;
  // The package's types leave it out.
  const sender = (ws as unknown as { readonly Sender: { readonly prototype: Sending } }).Sender.prototype;
  const send = sender.sendFrame;
  sender.sendFrame = function (frame, done) {
    if (flushed === undefined) {
      flushed = Number(process.hrtime.bigint()) / 1e6;
      setTimeout(() => (flushed = undefined), FLUSH_MS).unref();
    }
    written.push([this._socket.remotePort ?? 0, flushed]);
    send.call(this, frame, done);
  };
  setInterval(() => {
    if (written.length > 0) appendFileSync(file, `${JSON.stringify(written.splice(0))}\n`);
  }, KEEP_MS).unref();
}
