import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SCRIPT_HEADER } from './script.ts';

/** Largest body that is made up, bytes: a damaged size in a log must not keep us busy for hours. */
export const MAX_SIZE = 1_073_741_824;
const MAX_UNSCRIPTED_SIZE = 16_384;
const PIECE = 65_536;
const TEXT = Buffer.from('Pitwall replay: this body is made up, as long as the log says. ');
const NO_BODY: ReadonlySet<number> = new Set([204, 304]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An origin for replays, and how often it was asked. */
export interface ReplayOrigin {
  readonly server: Server;
  /** Requests that reached it. */
  calls(): number;
}

/**
 * An origin that answers each request with the status and size that the log has for it, as the request's script header tells.
 * The body is one text, repeated and cut to size; there is an ETag (and 304 for it) but no Cache-Control, so that an assumed TTL applies.
 * Without the header it answers 200 and a size that depends on the path. It keeps no state. Not listening yet.
 */
export function createReplayOrigin(): ReplayOrigin {
  let calls = 0;
  /** One repeated piece for all bodies: memory doesn't depend on their size. */
  const piece = Buffer.alloc(PIECE, TEXT);
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    answer(request, response, piece);
  });
  return { server, calls: () => calls };
}

/** The header section of an answer, flat, without Date and framing. The simulation judges the same. */
export function replayHeaders(path: string, status: number, size: number): string[] {
  const headers = ['Content-Type', 'application/octet-stream', 'ETag', etagOf(path, size)];
  // Where to isn't in the log: to another origin, so that no unsafe request clears what it didn't name.
  if (REDIRECTS.has(status)) headers.push('Location', 'http://elsewhere.invalid/');
  return headers;
}

function etagOf(path: string, size: number): string {
  return `"${size.toString(36)}-${createHash('sha1').update(path).digest('base64url')}"`;
}

function answer(request: IncomingMessage, response: ServerResponse, piece: Buffer): void {
  const path = request.url ?? '/';
  const { status, size } = readScript(request.headers[SCRIPT_HEADER]) ?? unscripted(path);
  const headers = replayHeaders(path, status, size);
  const etag = headers[3] as string;
  if (NO_BODY.has(status)) {
    response.writeHead(status, headers).end();
    return;
  }
  if (status === 200 && request.headers['if-none-match']?.includes(etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const range = status === 200 ? /^bytes=0-(\d{1,15})$/.exec(request.headers.range ?? '') : null;
  const length = range === null ? size : Math.min(size, Number(range[1]) + 1);
  if (range !== null && size > 0) {
    headers.push('Content-Range', `bytes 0-${length - 1}/${size}`, 'Content-Length', String(length));
    response.writeHead(206, headers);
  } else {
    response.writeHead(status, [...headers, 'Content-Length', String(length)]);
  }
  if (request.method === 'HEAD') response.end();
  else sendBody(response, length, piece);
}

/** undefined for what isn't a script of ours. */
function readScript(value: string | string[] | undefined): { status: number; size: number } | undefined {
  const match = /^status=([2-5]\d\d); size=(\d{1,15})$/.exec(String(value));
  return match === null ? undefined : { status: Number(match[1]), size: Math.min(Number(match[2]), MAX_SIZE) };
}

function unscripted(path: string): { status: number; size: number } {
  return { status: 200, size: createHash('sha1').update(path).digest().readUInt32LE(0) % MAX_UNSCRIPTED_SIZE };
}

function sendBody(response: ServerResponse, length: number, piece: Buffer): void {
  let left = length;
  const send = (): void => {
    while (left > PIECE) {
      left -= PIECE;
      if (!response.write(piece)) {
        response.once('drain', send);
        return;
      }
    }
    response.end(piece.subarray(0, left));
  };
  send();
}
