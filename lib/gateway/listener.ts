import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PitwallError } from '../kernel/errors.ts';
import { parserRefusal } from '../kernel/parser-refusal.ts';
import type { GatewayContext } from './context.ts';
import { handle } from './handle.ts';
import { refuse, refuseSocket } from './refuse.ts';
import { upgrade } from './upgrade.ts';

export interface Listener {
  readonly port: number;
  readonly url: string;
  connections(): Promise<number>;
  /** Answers what is under way, takes nothing new, and ends what is left after `graceMs`. */
  drain(graceMs: number): Promise<void>;
}

/** How often a drain looks for connections that have become idle, ms. */
const IDLE_CHECK_MS = 50;

/** The port of the gateway, with every limit of `gateway:` in the configuration. @throws PitwallError port_in_use */
export async function listen(
  context: GatewayContext,
  address: { readonly host: string; readonly port: number; readonly reusePort: boolean },
): Promise<Listener> {
  const { settings } = context;
  const server = createServer({
    maxHeaderSize: settings.maxHeaderSize,
    headersTimeout: settings.timeouts.headers,
    requestTimeout: settings.timeouts.request,
    keepAliveTimeout: settings.timeouts.keepAlive,
    connectionsCheckingInterval: 1_000,
    // We answer a missing Host ourselves, with problem details.
    requireHostHeader: false,
    // Another upgrade than to WebSocket is declined by going on in HTTP/1.1 (RFC 9110 section 7.8).
    shouldUpgradeCallback: (req: IncomingMessage) =>
      req.headers.upgrade?.toLowerCase() === 'websocket' && req.method === 'GET',
  } as Parameters<typeof createServer>[0]);
  server.maxConnections = settings.maxConnections;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (req, res) => handle(context, req, res));
  server.on('checkContinue', (req, res) => handle(context, req, res));
  server.on('checkExpectation', (req, res) =>
    refuse(context, req, res, new PitwallError('expectation_failed', 'Only 100-continue can be expected.')),
  );
  server.on('upgrade', (req, socket, head) => upgrade(context, req, socket, head));
  server.on('connect', (_, socket) => {
    socket.on('error', () => socket.destroy());
    refuseSocket(context, socket, new PitwallError('method_refused', "CONNECT isn't passed on."));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const refusal = parserRefusal(error, socket);
    if (refusal === undefined) socket.destroy();
    else refuseSocket(context, socket, refusal);
  });
  await bind(server, address);
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return {
    port,
    url: `http://${host}:${port}`,
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    drain: (graceMs) => drain(context, server, sockets, graceMs),
  };
}

function bind(
  server: Server,
  { host, port, reusePort }: { host: string; port: number; reusePort: boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PitwallError('port_in_use', `Port ${port} is in use; set GATEWAY_PORT to another one.`)
          : new PitwallError('port_in_use', `The gateway can't listen on ${host}:${port}: ${error.message}.`),
      ),
    );
    server.listen({ host, port, reusePort }, resolve);
  });
}

function drain(context: GatewayContext, server: Server, sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  context.draining = true;
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      for (const socket of context.tunnels) socket.destroy();
      server.closeAllConnections();
    }, graceMs);
    // An answer that had begun before promised to keep its connection; that one is idle only once it's done.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    server.close(() => {
      clearTimeout(late);
      clearInterval(idle);
      for (const socket of context.tunnels) socket.destroy();
      resolve();
    });
    server.closeIdleConnections();
    // Node takes a connection that never said a word for a busy one; browsers open such ones in advance.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
}
