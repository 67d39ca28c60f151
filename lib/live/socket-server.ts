import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { WebSocketServer, type ServerOptions } from 'ws';
import type { Admissions, Admitted } from './admissions.ts';

export interface SocketServerOptions {
  /** Why a request may not open a session; undefined = it may. */
  refuse(request: IncomingMessage): Promise<string | undefined>;
  /** Told of each connection and of its end; can close it. */
  readonly admissions: Pick<Admissions, 'add' | 'remove'>;
  /** Most sessions at a time, whether they have joined the namespace or not; the hub's clients fit in easily. */
  readonly sessions?: number;
  /** What a session gets to join the namespace, ms. */
  readonly joinMs?: number;
}

/** Sessions that haven't joined the namespace, where the hub counts and limits them, beside the 1,000 that may have. */
const DEFAULT_SESSIONS = 1_250;
const DEFAULT_JOIN_MS = 10_000;
/** How long a session over polling that is sent away gets to fetch that, ms. */
const LEAVE_MS = 1_000;
/** Most bytes of one message of a client. */
const MESSAGE_BYTES = 65_536;

const FULL = 'Too many live sessions are open.';

type EngineConnection = Admitted & {
  readonly transport: { closeTimeout?: number };
  once(event: 'close', listener: () => void): void;
};

/** Socket.IO on the console's server, with every bound of what a client can make it hold. */
export function openSocketServer(server: HttpServer, options: SocketServerOptions): Server {
  const { refuse, admissions, sessions = DEFAULT_SESSIONS, joinMs = DEFAULT_JOIN_MS } = options;
  const io = new Server(server, {
    serveClient: false,
    maxHttpBufferSize: MESSAGE_BYTES,
    connectTimeout: joinMs,
    wsEngine: CompressedElsewhere,
    allowRequest(request, decide) {
      const full = (): boolean => io.engine.clientsCount >= sessions;
      const decided = (refusal: string | undefined): void => decide(refusal, refusal === undefined);
      if (full()) decided(FULL);
      else void refuse(request).then((refusal) => decided(refusal ?? (full() ? FULL : undefined)));
    },
  });
  io.engine.on('connection', (connection: EngineConnection) => {
    // A client that has stopped polling would never hear that it's sent away: 30 s of Engine.IO's.
    connection.transport.closeTimeout = LEAVE_MS;
    admissions.add(connection);
    connection.once('close', () => admissions.remove(connection));
  });
  return io;
}

/**
 * Agrees with a client on compressed messages, and compresses none: `createMessage` does. Only without context takeover
 * does `ws` look at the threshold. Engine.IO, which doesn't know of it, sends frames that are made already.
 */
class CompressedElsewhere extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({
      ...options,
      perMessageDeflate: {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        threshold: Number.POSITIVE_INFINITY,
        // What clients send is short: 16 KiB for each to inflate it into would be the most of what they cost.
        zlibInflateOptions: { chunkSize: 1_024 },
      },
    });
  }
}
