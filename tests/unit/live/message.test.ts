import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createMessage } from '../../../lib/live/message.ts';

/** What `conn.write` of Engine.IO is given. */
interface Written {
  text: string;
  frame: Buffer;
  compress: boolean;
}

/** A client whose WebSocket has agreed on these extensions; undefined = it polls. */
function client(extensions: string | undefined) {
  const written: Written[] = [];
  const conn = {
    transport: extensions === undefined ? {} : { socket: { extensions } },
    write(text: string, options: { compress: boolean; wsPreEncodedFrame: [Buffer] }) {
      written.push({ text, frame: options.wsPreEncodedFrame[0], compress: options.compress });
    },
  };
  return { socket: { conn } as never, written };
}

/** The event `e` with a payload that makes `2/live,["e","…"]`, and the `4` before it, so many bytes. */
const payloadOf = (bytes: number): string => 'a'.repeat(bytes - '42/live,["e",""]'.length);

describe('a message', () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: { serverNoContextTakeover: true } });
  beforeAll(() => once(http.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => {
    server.close();
    http.close();
  });

  /** What a real client reads out of frames. */
  async function read(frames: readonly Buffer[]): Promise<string[]> {
    const connected = once(server, 'connection') as Promise<[WebSocket]>;
    const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const [peer] = await connected;
    const texts: string[] = [];
    const all = new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data) => {
        texts.push(String(data));
        if (texts.length === frames.length) resolve();
      });
    });
    const beneath = peer as unknown as { _socket: { write(bytes: Buffer): void } };
    for (const frame of frames) beneath._socket.write(frame);
    await all;
    socket.close();
    return texts;
  }

  it.each([125, 126, 1_023, 1_024, 65_535, 65_536, 200_000])('of %i bytes is read by a real client', async (bytes) => {
    const message = createMessage('e', payloadOf(bytes));
    const [plain, deflating] = [client(''), client('permessage-deflate')];
    message.sendTo(plain.socket);
    message.sendTo(deflating.socket);
    const [first] = plain.written as [Written];
    const [second] = deflating.written as [Written];
    const text = `4${first.text}`;
    expect(Buffer.byteLength(text)).toBe(bytes);
    expect(await read([first.frame, second.frame, second.frame])).toEqual([text, text, text]);
    expect(second.frame.length < first.frame.length).toBe(bytes >= 1_024);
  });

  it('is made once for all, and never compressed again', () => {
    const message = createMessage('tick', { at: 1, text: 'é'.repeat(2_000) });
    const clients = [client('permessage-deflate'), client('permessage-deflate'), client(''), client(undefined)];
    for (const { socket } of clients) message.sendTo(socket);
    const all = clients.flatMap(({ written }) => written);
    expect(all[0]?.frame).toBe(all[1]?.frame);
    expect(all[2]?.frame).toBe(all[3]?.frame);
    expect(all.every(({ compress }) => !compress)).toBe(true);
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all[0]?.text).toBe(`2/live,${JSON.stringify(['tick', { at: 1, text: 'é'.repeat(2_000) }])}`);
  });
});
