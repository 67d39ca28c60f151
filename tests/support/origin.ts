import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small origin whose answers a test decides. */
export interface Origin {
  readonly url: string;
  readonly port: number;
  /** What arrived, in order: "GET /path". */
  readonly calls: readonly string[];
  /** From now on this answers. By default: 200, fresh for a minute, the number of the call as its body. */
  answer(listener: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Resolves once `count` calls arrived; rejects after five seconds. */
  called(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts an origin on a free port of 127.0.0.1. */
export async function startOrigin(): Promise<Origin> {
  const calls: string[] = [];
  const waiting = new Set<() => void>();
  let listener = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'max-age=60' });
    response.end(`call ${calls.length}`);
  };
  const server = createServer((request, response) => {
    calls.push(`${String(request.method)} ${String(request.url)}`);
    for (const wake of waiting) wake();
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    answer: (next) => (listener = next),
    called: (count) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (calls.length < count) return;
          clearTimeout(deadline);
          waiting.delete(check);
          resolve();
        };
        const deadline = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`the origin got ${calls.length} of ${count} calls`));
        }, 5_000);
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
