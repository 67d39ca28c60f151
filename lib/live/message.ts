import { deflateRawSync, constants } from 'node:zlib';
import type { Socket } from 'socket.io';
import { LIVE_NAMESPACE } from '../contracts/overview.ts';

/** Shorter messages aren't worth the inflating, bytes. */
const COMPRESS_FROM = 1_024;

/** One event for many clients: encoded once, framed once, compressed once. */
export interface Message {
  sendTo(socket: Socket): void;
}

/**
 * Left to Socket.IO and `ws`, each client compresses for itself, with a window and a hash table of its own: 0.3 MB each
 * (docs/decisions/0015-live-frames.md). Nothing depends on earlier messages here, so that all can get the same bytes.
 */
export function createMessage(event: string, payload: unknown): Message {
  // A packet of Socket.IO 5 (EVENT, in a namespace); Engine.IO puts its own "4" (message) before it.
  const text = `2${LIVE_NAMESPACE},${JSON.stringify([event, payload])}`;
  const bytes = Buffer.from(`4${text}`);
  const plain = { compress: false, wsPreEncodedFrame: [frame(bytes, false)] };
  let small: typeof plain | undefined;

  const deflated = (): typeof plain => {
    small ??= { compress: false, wsPreEncodedFrame: [frame(deflate(bytes), true)] };
    return small;
  };

  return {
    sendTo({ conn }) {
      const { socket: connection } = conn.transport as { socket?: { readonly extensions: string } };
      const compressed = bytes.length >= COMPRESS_FROM && connection?.extensions === 'permessage-deflate';
      // Over polling the text goes out, and HTTP compresses it.
      conn.write(text, (compressed ? deflated() : plain) as object);
    },
  };
}

/** RFC 7692 section 7.2.1: raw deflate, flushed to a byte, less the four bytes that the reader puts back. */
function deflate(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { level: 3, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** A whole text message of a server in one frame (RFC 6455 section 5.2); RSV1 says that it's deflated (RFC 7692 section 6). */
function frame(payload: Buffer, deflated: boolean): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = deflated ? 0xc1 : 0x81;
  if (length < 126) {
    head[1] = length;
  } else if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
