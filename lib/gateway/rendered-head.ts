import { STATUS_CODES, validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import type { Entry } from '../cache/entry.ts';
import { sendBody } from './send-body.ts';

/** Server-Timing of answers from memory. */
export const MEMORY_TIMING = 'cache;desc="memory"';

/**
 * The head of a stored response as it goes on the wire on a connection that stays, up to the value of Age; Cache-Status
 * and X-Request-Id follow it. Validated here, once per rendering, as `writeHead` would for every answer.
 *
 * @param keepAlive ms
 * @throws TypeError for names and values that can't be sent
 */
export function renderHead(entry: Pick<Entry, 'status' | 'statusMessage' | 'headers'>, keepAlive: number): string {
  const reason = entry.statusMessage || (STATUS_CODES[entry.status] ?? '');
  validateHeaderValue('reason', reason);
  let head = `HTTP/1.1 ${entry.status} ${reason}\r\n`;
  for (let i = 0; i < entry.headers.length; i += 2) {
    const name = entry.headers[i] as string;
    const value = entry.headers[i + 1] as string;
    validateHeaderName(name);
    validateHeaderValue(name, value);
    head += `${name}: ${value}\r\n`;
  }
  return (
    `${head}Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAlive / 1_000)}\r\n` +
    `Server-Timing: ${MEMORY_TIMING}\r\nAge: `
  );
}

/** The same answer on a connection that closes after it, or to HTTP/1.0: node:http writes the head. */
export function sendHeaders(
  res: ServerResponse,
  entry: Entry,
  own: readonly string[],
  body: Buffer | string,
  stallMs: number,
): void {
  const headers = [...entry.headers, 'Server-Timing', MEMORY_TIMING, ...own];
  if (entry.statusMessage === '') res.writeHead(entry.status, headers);
  else res.writeHead(entry.status, entry.statusMessage, headers);
  finish(res, body, stallMs);
}

/** What node:http keeps of a response before it's sent. `writeHead` fills the same field, from validated headers. */
interface UnsentHead {
  _header: string;
}

/**
 * Sends a rendered head and its body through node:http, which goes on to do all else: pipelining, back-pressure,
 * keep-alive. Setting the head spares rebuilding and validating it per request, a quarter of a hit's JavaScript
 * (docs/decisions/0003-hot-path.md). Text goes out in one write with the head.
 */
export function sendRendered(
  res: ServerResponse,
  status: number,
  head: string,
  body: Buffer | string,
  stallMs: number,
): void {
  res.statusCode = status;
  (res as unknown as UnsentHead)._header = head;
  finish(res, body, stallMs);
}

function finish(res: ServerResponse, body: Buffer | string, stallMs: number): void {
  if (typeof body === 'string') res.end(body, 'latin1');
  else sendBody(res, body, stallMs);
}
