import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import type { Entry } from '../cache/entry.ts';
import { sendBody } from './send-body.ts';

/** Server-Timing of answers from memory. */
export const MEMORY_TIMING = 'cache;desc="memory"';

/** Larger bodies aren't kept a second time as text, bytes. */
const MAX_TEXT = 16_384;

/** What `render` will take of memory, about, in bytes. */
export function renderedBytes(entry: Entry): number {
  return isText(entry.body.length) ? entry.bytes : entry.bytes - entry.body.length;
}

/**
 * The part of a response that is the same for every client on a connection that stays: the stored headers, ours that
 * don't change, the empty line, and a small body, as Latin-1 text. Status line, Age, X-Request-Id and Cache-Status go
 * before it; it begins with the end of the last. One string, so that a hit reads memory in one place, and node:http sends head and body in one write.
 * Headers are validated here, once, as `writeHead` would for every answer.
 *
 * @param keepAlive ms
 * @param key the parameter `key` of Cache-Status, or ''
 * @throws TypeError for names and values that can't be sent
 */
export function render(entry: Entry, keepAlive: number, key: string): string {
  validateHeaderValue('reason', entry.statusMessage);
  let text = `${key}\r\n`;
  for (let i = 0; i < entry.headers.length; i += 2) {
    const name = entry.headers[i] as string;
    const value = entry.headers[i + 1] as string;
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (!isCacheStatus(name)) text += `${name}: ${value}\r\n`;
  }
  text += `Server-Timing: ${MEMORY_TIMING}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAlive / 1_000)}\r\n\r\n`;
  // By way of a Buffer, so that it's one flat string and not a tree of its parts.
  const head = Buffer.from(text, 'latin1');
  return (isText(entry.body.length) ? Buffer.concat([head, entry.body]) : head).toString('latin1');
}

/** Caches before this one have said theirs in it: that goes before our own (RFC 9211 section 2). */
export function isCacheStatus(name: string): boolean {
  return name.length === 12 && name.toLowerCase() === 'cache-status';
}

/** What node:http keeps of a response before it's sent; `writeHead` fills the same field. */
interface UnsentHead {
  _header: string;
}

/**
 * Sends what `render` made through node:http, which goes on to do all else: pipelining, back-pressure, keep-alive.
 * Setting its head spares building and validating it per request (docs/decisions/0003-hot-path.md).
 *
 * @param own status line, Age, X-Request-Id, Cache-Status but for what `rendered` begins with
 * @param length of the body, so that the entry is only read where it's needed
 */
export function sendRendered(
  res: ServerResponse,
  own: string,
  rendered: string,
  entry: Entry,
  length: number,
  stallMs: number,
): void {
  if (isText(length)) {
    (res as unknown as UnsentHead)._header = own;
    res.end(rendered, 'latin1');
  } else {
    (res as unknown as UnsentHead)._header = own + rendered;
    sendBody(res, entry.body, stallMs);
  }
}

/** The same answer on a connection that closes after it, or to HTTP/1.0: node:http writes the head. */
export function sendHeaders(res: ServerResponse, entry: Entry, own: readonly string[], stallMs: number): void {
  const headers = [...entry.headers, 'Server-Timing', MEMORY_TIMING, ...own];
  if (entry.statusMessage === '') res.writeHead(entry.status, headers);
  else res.writeHead(entry.status, entry.statusMessage, headers);
  sendBody(res, entry.body, stallMs);
}

function isText(length: number): boolean {
  return length <= MAX_TEXT;
}
