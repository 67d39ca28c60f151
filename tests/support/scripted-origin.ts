import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { eventually } from './eventually.ts';

/** A request as it came in. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly socket: Socket;
  /** Empty until the request is whole. */
  body: string;
  whole: boolean;
  /** Its response closed before it was finished. */
  abandoned: boolean;
}

export type Script = (request: IncomingMessage, response: ServerResponse, seen: Seen) => void;

/** An HTTP origin that answers by script and keeps what it saw. */
export interface ScriptedOrigin {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  /** From now on this answers. */
  script(next: Script): void;
  /** From now on a fixed answer; headers as an object. */
  reply(headers: Record<string, string | string[]>, body?: string | Buffer, status?: number): void;
  /** Resolves once `count` requests came. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts one on a free port; with `tls` as an HTTPS server. */
export async function scriptedOrigin(first?: Script, tls?: ServerOptions): Promise<ScriptedOrigin> {
  const seen: Seen[] = [];
  let script: Script =
    first ??
    ((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=60' });
      response.end(`answer ${seen.length}`);
    });
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const record: Seen = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      socket: request.socket,
      body: '',
      whole: false,
      abandoned: false,
    };
    seen.push(record);
    // A Date that its script doesn't send may be of the second before: what is a second old can't be told apart.
    response.sendDate = false;
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes < 1_000_000) chunks.push(chunk);
    });
    request.on('error', () => undefined);
    request.on('end', () => {
      record.body = Buffer.concat(chunks).toString();
      record.whole = true;
    });
    response.on('close', () => {
      record.abandoned = !response.writableFinished;
    });
    response.on('error', () => undefined);
    script(request, response, record);
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    script(next) {
      script = next;
    },
    reply(headers, body = '', status = 200) {
      script = (_, response) => {
        response.writeHead(status, headers);
        response.end(body);
      };
    },
    arrived: (count) =>
      eventually(() => {
        if (seen.length < count) throw new Error(`${seen.length} of ${count} requests came to the origin`);
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An origin made of bytes: what a server library would never send. */
export interface RawOrigin {
  readonly url: string;
  readonly port: number;
  /** Request heads, in order. */
  readonly heads: readonly string[];
  /** Connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Calls `answer` with each request head (requests without bodies). */
export async function rawOrigin(
  answer: (socket: Socket, head: string, count: number) => void,
  connected: (socket: Socket) => void = () => undefined,
): Promise<RawOrigin> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createSocketServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    connected(socket);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        heads.push(head);
        answer(socket, head, heads.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heads,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A promise with its handles: for a script that waits for the test. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
