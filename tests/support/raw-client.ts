import { request as httpRequest, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly statusMessage: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trailers: NodeJS.Dict<string>;
  readonly body: Buffer;
  readonly text: string;
  /** Status codes of interim responses, with their headers. */
  readonly interim: readonly { readonly status: number; readonly headers: IncomingHttpHeaders }[];
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly onHead?: (response: IncomingMessage) => void;
}

/** One request on a connection of its own (or the agent's); rejects when the connection breaks before the end. */
export function ask(port: number, path: string, options: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const interim: { status: number; headers: IncomingHttpHeaders }[] = [];
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      method: options.method ?? 'GET',
      agent: options.agent ?? false,
      ...(options.headers && { headers: options.headers }),
    });
    request.on('information', (info) => interim.push({ status: info.statusCode, headers: info.headers }));
    request.on('error', reject);
    request.on('response', (response) => {
      options.onHead?.(response);
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          statusMessage: response.statusMessage ?? '',
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          trailers: response.trailers,
          body,
          text: body.toString(),
          interim,
        });
      });
    });
    request.end(options.body);
  });
}

/** A connection that shows every byte. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything received so far, Latin-1. */
  text(): string;
  send(text: string | Buffer): void;
  /** Resolves with all that was received once it matches; rejects when the connection ends before, or at the deadline. */
  until(pattern: RegExp, deadlineMs?: number): Promise<string>;
  /** Resolves with all that was received once the peer has closed. */
  closed(deadlineMs?: number): Promise<string>;
  end(): void;
}

export async function rawClient(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ port, host, noDelay: true });
  let text = '';
  let over = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    over = true;
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const wait = (done: () => boolean, what: string, deadlineMs: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        waiting.delete(check);
        settle();
      };
      const check = (): void => {
        if (done()) finish(() => resolve(text));
        else if (over) finish(() => reject(new Error(`closed before ${what}; received:\n${text}`)));
      };
      const timer = setTimeout(() => finish(() => reject(new Error(`no ${what}; received:\n${text}`))), deadlineMs);
      waiting.add(check);
      check();
    });
  return {
    socket,
    text: () => text,
    send: (bytes) => void socket.write(bytes, 'latin1'),
    until: (pattern, deadlineMs = 5_000) => wait(() => pattern.test(text), String(pattern), deadlineMs),
    closed: (deadlineMs = 5_000) => wait(() => over, 'close', deadlineMs),
    end: () => socket.destroy(),
  };
}

/** Sends bytes and gives back everything until the gateway closes. */
export async function rawExchange(port: number, bytes: string): Promise<string> {
  const client = await rawClient(port);
  client.send(bytes);
  return client.closed();
}
