import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import { PROBLEM_TYPE } from '../kernel/problem.ts';
import { getContainer } from '../runtime.ts';
import { entityTag, noneMatchFails } from './entity-tag.ts';
import type { Operation } from './operation.ts';
import { problem } from './problem.ts';
import { REQUEST_ID } from './request-id.ts';
import type { Route } from './route.ts';

const VERBS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Verb = (typeof VERBS)[number];

/** What Next calls for a request to app/api/…/route.ts. */
export interface RouteHandler {
  (request: Request, context: { params: Promise<unknown> }): Promise<Response>;
  /** How the API's reference describes it; undefined for HEAD, OPTIONS and verbs that get a 405. */
  readonly operation?: Operation;
}

/**
 * All methods of one resource, for `export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({ … })`.
 * HEAD follows from GET; what isn't there answers 405 with Allow. Errors become problem details (RFC 9457)
 * whose `instance` is the request's id; GET answers carry a weak ETag and honour If-None-Match.
 */
export function resource(
  routes: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Route>>,
): Record<Verb, RouteHandler> {
  const allow = VERBS.filter((verb) => verb === 'OPTIONS' || routes[verb === 'HEAD' ? 'GET' : verb] !== undefined).join(
    ', ',
  );

  async function answer(verb: Verb, request: Request, params: Promise<unknown>): Promise<Response> {
    if (verb === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
    const found = routes[verb === 'HEAD' ? 'GET' : verb];
    if (found === undefined) throw new PitwallError('method_not_allowed', `This resource answers to ${allow}.`);
    const { text, headers } = await found.run(verb, request, await params);
    if (verb !== 'GET' && verb !== 'HEAD') {
      headers.set('cache-control', 'no-store');
      return json(text, headers);
    }
    const tag = entityTag(text);
    headers.set('etag', tag);
    headers.set('cache-control', 'no-cache');
    if (noneMatchFails(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
    return verb === 'HEAD' ? json(null, headers) : json(text, headers);
  }

  function refuse(thrown: unknown, request: Request): Response {
    const id = request.headers.get(REQUEST_ID) ?? crypto.randomUUID();
    const error = asPitwallError(thrown);
    if (error.code === 'internal') report(error, id, request);
    const document = problem(error, id);
    const headers = new Headers({ 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' });
    if (error.code === 'method_not_allowed') headers.set('allow', allow);
    if (error.retryAfter !== undefined) headers.set('retry-after', String(Math.ceil(error.retryAfter)));
    if (error.code === 'body_too_large') headers.set('connection', 'close');
    return new Response(JSON.stringify(document), { status: document.status, headers });
  }

  function handler(verb: Verb): RouteHandler {
    const handle: RouteHandler = (request, context) =>
      answer(verb, request, context.params).catch((thrown: unknown) => refuse(thrown, request));
    const operation = verb === 'HEAD' || verb === 'OPTIONS' ? undefined : routes[verb]?.operation;
    return operation === undefined ? handle : Object.assign(handle, { operation });
  }

  return {
    GET: handler('GET'),
    HEAD: handler('HEAD'),
    POST: handler('POST'),
    PUT: handler('PUT'),
    PATCH: handler('PATCH'),
    DELETE: handler('DELETE'),
    OPTIONS: handler('OPTIONS'),
  };
}

function json(text: string | null, headers: Headers): Response {
  if (!headers.has('content-type')) headers.set('content-type', 'application/json; charset=utf-8');
  return new Response(text, { status: 200, headers });
}

function report(error: PitwallError, id: string, request: Request): void {
  getContainer().logger.error(`The request ${id} failed: ${error.message}`, {
    correlationId: id,
    method: request.method,
    path: new URL(request.url).pathname,
    error,
  });
}
