import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PitwallError } from '../kernel/errors.ts';
import { PROBLEM_TYPE, toProblem } from '../kernel/problem.ts';
import type { GatewayContext } from './context.ts';

/** Answers a request that no route is known for, and counts it by code. */
export function refuse(context: GatewayContext, req: IncomingMessage, res: ServerResponse, error: PitwallError): void {
  context.refused.set(error.code, (context.refused.get(error.code) ?? 0) + 1);
  const id = context.nextId();
  const problem = toProblem(error.code, error.message, id);
  const body = JSON.stringify(problem);
  res.writeHead(problem.status, [
    'Content-Type',
    PROBLEM_TYPE,
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
    'X-Request-Id',
    id,
    // What is left of the request isn't read.
    ...(context.draining || leavesBody(req) ? ['Connection', 'close'] : []),
  ]);
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** A request without a body is complete once it's here, though Node only says so later. */
function leavesBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Answers on a bare socket, for what never became a request, counts it by code, and closes. */
export function refuseSocket(context: GatewayContext, socket: Duplex, error: PitwallError): void {
  context.refused.set(error.code, (context.refused.get(error.code) ?? 0) + 1);
  sendSocketProblem(socket, error, context.nextId());
}

/** Writes problem details on a bare socket and closes it. */
export function sendSocketProblem(socket: Duplex, error: PitwallError, id: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toProblem(error.code, error.message, id);
  const body = JSON.stringify(problem);
  const retryAfter = error.retryAfter === undefined ? '' : `Retry-After: ${error.retryAfter}\r\n`;
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\n${retryAfter}` +
      `X-Request-Id: ${id}\r\nConnection: close\r\n\r\n${body}`,
  );
}
