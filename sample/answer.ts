import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PitwallError } from '../lib/kernel/errors.ts';

/** A strong validator of a body. */
export function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/** Sends bytes; with an ETag in `headers`, a matching If-None-Match gets 304 without them (RFC 9110 section 13.1.2). */
export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  const etag = headers['ETag'];
  const wanted = request.headers['if-none-match'];
  if (
    etag !== undefined &&
    wanted !== undefined &&
    wanted.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag)
  ) {
    const { 'Content-Type': _type, ...kept } = headers;
    response.writeHead(304, kept).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Length': body.length });
  response.end(body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers });
  response.end(body);
}

/** Reads a whole body; past `limit` bytes the rest is read and dropped, then `body_too_large` thrown, so that the client hears it. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  if (bytes > limit) throw new PitwallError('body_too_large', `The sample origin reads at most ${limit} bytes`);
  return Buffer.concat(chunks);
}

/** Waits `ms`; false if the client left meanwhile. */
export function pause(response: ServerResponse, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const left = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      response.off('close', left);
      resolve(!response.destroyed);
    }, ms);
    response.once('close', left);
  });
}
