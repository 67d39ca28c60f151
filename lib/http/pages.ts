import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PitwallError } from '../kernel/errors.ts';

/** Next behind our own server: pages, assets and app/api. */
export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** Of a process that has no console. */
export const withoutPages: Pages = {
  handle: () =>
    Promise.reject(
      new PitwallError('not_found', 'This process has no console: it answers to /healthz, /readyz and /metrics.'),
    ),
  close: () => Promise.resolve(),
};

/**
 * Loads and prepares Next; loaded on demand, since it takes longer than all the rest together and
 * the gateways start meanwhile.
 *
 * @param options.dir the project's folder
 * @param options.dev compiles pages on demand, with hot reloading over `server`'s upgrades
 */
export async function openPages(options: {
  readonly dir: string;
  readonly dev: boolean;
  readonly hostname: string;
  readonly port: number;
  readonly server: Server;
}): Promise<Pages> {
  const { default: next } = await import('next');
  const { server, ...rest } = options;
  // Upgrades are for hot reloading alone. Without a server Next takes that of the first request: it gets one that is idle.
  const httpServer = options.dev ? server : createServer();
  const app = next({ ...rest, httpServer, customServer: true, quiet: !options.dev });
  await (options.dev ? app.prepare() : withoutAnnouncements(() => app.prepare()));
  const handler = app.getRequestHandler();
  return { handle: (request, response) => handler(request, response), close: () => app.close() };
}

/**
 * Next says on standard output that it reads its configuration, whatever `quiet` says; an operator whose start
 * fails should read one sentence, ours. Warnings and errors go through, and our own log doesn't use the console.
 */
async function withoutAnnouncements<T>(run: () => Promise<T>): Promise<T> {
  const { console: output } = globalThis;
  const { log } = output;
  output.log = () => undefined;
  try {
    return await run();
  } finally {
    output.log = log;
  }
}
