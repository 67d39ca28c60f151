import type { IncomingMessage, ServerResponse } from 'node:http';
import { asPitwallError } from '../kernel/errors.ts';
import { PROBLEM_TYPE } from '../kernel/problem.ts';
import { problem } from './problem.ts';

/** Answers with a whole text; HEAD gets the head alone. Headers that are set already stay. */
export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Answers with problem details; closes the connection where a body may still be on its way. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, thrown: unknown, id: string): void {
  const error = asPitwallError(thrown);
  const document = problem(error, id);
  if (error.retryAfter !== undefined) response.setHeader('retry-after', Math.ceil(error.retryAfter));
  // RFC 9110 section 15.5.2.
  if (error.code === 'login_required') response.setHeader('www-authenticate', 'Bearer realm="pitwall"');
  if (request.method !== 'GET' && request.method !== 'HEAD') response.setHeader('connection', 'close');
  sendText(request, response, document.status, PROBLEM_TYPE, JSON.stringify(document));
}
