import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { ServerResponse } from 'node:http';
import { asPitwallError, ERROR_STATUS, isPitwallError, PitwallError } from '../kernel/errors.ts';
import { count } from './account.ts';
import { admit } from './admit.ts';
import { breakerOpen } from './breaker-open.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { forwardHeaders } from './forward-headers.ts';
import { clientHeaders } from './judge.ts';
import { originError } from './origin-error.ts';
import { originHeaders } from './origin-headers.ts';
import { refuseSocket, sendSocketProblem } from './refuse.ts';

/** What a client may send before the origin has answered its handshake, bytes. */
const MAX_EARLY_BYTES = 65_536;
/** How long the second side of a WebSocket may go on after the first has ended, ms. */
const LAST_WORD_MS = 1_000;

/**
 * Passes a WebSocket handshake through and joins the two sockets (RFC 6455 section 4). An origin that declines is
 * passed on as it answered. Through node:http, since undici drops the answer of an origin that declines.
 */
export function upgrade(context: GatewayContext, req: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  let x: Exchange;
  try {
    if (context.draining) throw new PitwallError('draining', 'The gateway is shutting down.');
    x = admit(context, req, new ServerResponse(req), context.clock.mono());
    // It has no key.
    x.query = x.wholeQuery;
  } catch (error) {
    refuseSocket(context, socket, asPitwallError(error));
    return;
  }
  connect(context, x, socket, head);
}

function connect(context: GatewayContext, x: Exchange, socket: Duplex, head: Buffer): void {
  const { origin } = x.route.service;
  const { meter, route } = x.route;
  // A WebSocket counts as answered with its handshake, however long it lasts.
  x.reason = 'upgrade';
  let done = false;
  const countOnce = (status: number, aborted = false): void => {
    if (done) return;
    done = true;
    if (status >= 500) x.result = 'error';
    count(context, x, status, aborted);
  };
  const fail = (error: PitwallError): void => {
    countOnce(ERROR_STATUS[error.code]);
    sendSocketProblem(socket, error, x.id);
  };
  const call = origin.breaker.admit();
  if (call === undefined) {
    fail(breakerOpen(origin.breaker));
    return;
  }
  if (!origin.slots.enterStream(socket)) {
    call.cancel();
    fail(new PitwallError('origin_busy', 'Too many WebSockets and event streams are open.', { retryAfter: 10 }));
    return;
  }
  socket.once('close', () => origin.slots.leave(socket));
  meter.countCall('pass');
  const url = new URL(origin.target.url);
  const options: RequestOptions & { servername?: string; ca?: string } = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    path: origin.prefix + x.path + x.query,
    method: 'GET',
    setHost: false,
    timeout: route.policy.timeouts.headers,
    ...(origin.target.serverName !== undefined && { servername: origin.target.serverName }),
    ...(origin.target.ca !== undefined && { ca: origin.target.ca }),
  };
  const upstream = (url.protocol === 'https:' ? httpsRequest : httpRequest)(options);
  setHeaders(
    upstream,
    forwardHeaders(x, origin, { shared: false, dropCookie: false, hasBody: false, pseudonym: context.instanceName }),
  );

  // Read from the start, since a socket that isn't read never tells that its client has left.
  const early = collect(socket, head);
  upstream.once('upgrade', (answer, originSocket, originHead) => {
    call.succeed();
    countOnce(101);
    upstream.setTimeout(0);
    context.tunnels.add(socket);
    socket.once('close', () => context.tunnels.delete(socket));
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines(answer.rawHeaders)}\r\n`);
    join(socket, originSocket, early(), originHead);
  });
  upstream.once('response', (answer) => {
    const status = answer.statusCode as number;
    x.originFailed = status >= 500;
    if (x.originFailed) call.fail(`answered ${status}`);
    else call.succeed();
    countOnce(status);
    socket.write(
      `HTTP/1.1 ${status} ${answer.statusMessage}\r\n${lines(clientHeaders(x, originHeaders(answer.rawHeaders)))}Connection: close\r\n\r\n`,
    );
    answer.pipe(socket);
  });
  upstream.once('timeout', () =>
    upstream.destroy(new PitwallError('origin_timeout', 'The origin did not answer in time.')),
  );
  upstream.once('error', (cause) => {
    const error = isPitwallError(cause) ? cause : originError(cause, false);
    call.fail(error.message);
    if (done) socket.destroy();
    else fail(error);
  });
  socket.once('close', () => {
    call.cancel();
    // Left before the origin answered: no status, and nobody's fault.
    countOnce(0, true);
    upstream.destroy();
  });
  upstream.end();
}

/** Hop-by-hop fields were dropped; the handshake needs these two again. */
function setHeaders(upstream: ReturnType<typeof httpRequest>, flat: readonly string[]): void {
  const values = new Map<string, string[]>();
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    values.set(name, [...(values.get(name) ?? []), flat[i + 1] as string]);
  }
  for (const [name, list] of values) upstream.setHeader(name, list.length === 1 ? (list[0] as string) : list);
  upstream.setHeader('Connection', 'Upgrade');
  upstream.setHeader('Upgrade', 'websocket');
}

/** Keeps what a client sends before the origin has agreed, within bounds; one that leaves is let go. */
function collect(socket: Duplex, head: Buffer): () => Buffer {
  const chunks = [head];
  let bytes = head.length;
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_EARLY_BYTES) socket.pause();
  };
  const left = (): void => void socket.destroy();
  socket.on('data', keep);
  socket.once('end', left);
  return () => {
    socket.off('data', keep);
    socket.off('end', left);
    return Buffer.concat(chunks);
  };
}

function join(client: Duplex, origin: Duplex, head: Buffer, originHead: Buffer): void {
  if (head.length > 0) origin.write(head);
  if (originHead.length > 0) client.write(originHead);
  origin.on('error', () => client.destroy());
  origin.once('close', () => client.destroy());
  client.once('close', () => origin.destroy());
  // A WebSocket has no half-open state: who has nothing more to say gets the other's last word, and that's it.
  for (const side of [client, origin]) side.once('end', () => setTimeout(() => client.destroy(), LAST_WORD_MS).unref());
  client.pipe(origin);
  origin.pipe(client);
}

function lines(flat: readonly string[]): string {
  let text = '';
  for (let i = 0; i < flat.length; i += 2) text += `${flat[i]}: ${flat[i + 1]}\r\n`;
  return text;
}
