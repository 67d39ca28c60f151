import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that takes its time in each direction. */
export interface SlowLine {
  readonly port: number;
  /** From now on each piece takes this long, ms; pieces stay in order. */
  delay(ms: number): void;
  close(): Promise<void>;
}

export async function slowLine(to: number): Promise<SlowLine> {
  let ms = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      let last = Promise.resolve();
      from.on('data', (piece) => {
        const due = performance.now() + ms;
        last = last.then(async () => {
          const wait = due - performance.now();
          if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
          into.write(piece);
        });
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        into.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    delay(next) {
      ms = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
