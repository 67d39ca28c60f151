import type { ServerResponse } from 'node:http';
import type { ScriptedOrigin } from './scripted-origin.ts';

type Headers = Record<string, string>;

/** What a response may be stored and its parts joined by. */
export const RANGED: Headers = { 'Cache-Control': 'max-age=60', ETag: '"v1"', 'Content-Type': 'text/plain' };

/** From now on the origin has this body, and knows ranges, If-None-Match and If-Range. */
export function serveRanges(origin: ScriptedOrigin, body: string, headers: Headers = RANGED): void {
  origin.script((request, response) => {
    const etag = headers.ETag ?? 'none';
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
    else if ((request.headers['if-range'] ?? etag) !== etag) response.writeHead(200, headers).end(body);
    else sendRange(response, body, headers, request.headers.range);
  });
}

/** The range as 206; the whole where there is none that it knows. */
export function sendRange(response: ServerResponse, body: string, headers: Headers, range: string | undefined): void {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') {
    response.writeHead(200, headers).end(body);
    return;
  }
  const start = first === '' ? body.length - Number(last) : Number(first);
  const end = first === '' || last === '' ? body.length - 1 : Math.min(Number(last), body.length - 1);
  const part = body.slice(start, end + 1);
  const own = { 'Content-Range': `bytes ${start}-${end}/${body.length}`, 'Content-Length': String(part.length) };
  response.writeHead(206, { ...headers, ...own }).end(part);
}
