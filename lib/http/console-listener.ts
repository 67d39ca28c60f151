import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { correlated } from '../kernel/correlation.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { sendProblem } from './answer.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { HostGuard } from './host-guard.ts';
import type { Endpoint } from './probes.ts';
import { REQUEST_ID } from './request-id.ts';

/** What answers requests once everything has started. */
export interface ConsoleParts {
  /** Asked before everything else. */
  readonly gatekeeper: Pick<Gatekeeper, 'admit'>;
  /** By path; they come before Next. */
  readonly probes: ReadonlyMap<string, Endpoint>;
  /** Pages and API: Next's handler. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export interface ConsoleListenerOptions {
  readonly guard: HostGuard;
  /** Puts the security headers on an answer. */
  readonly secure: (request: IncomingMessage, response: ServerResponse) => void;
  /** Undefined while the product starts: /healthz answers, the rest gets 503. */
  readonly parts: () => ConsoleParts | undefined;
  readonly newId: () => string;
  readonly logger: Logger;
}

/**
 * The console's way of a request: id, security headers, guard against other sites, who may come in, probes, then pages
 * and API.
 * The id that a client sends is replaced, so that an id in the log is always ours.
 */
export function createConsoleListener({
  guard,
  secure,
  parts,
  newId,
  logger,
}: ConsoleListenerOptions): RequestListener {
  async function answer(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const refusal = guard(request);
    if (refusal !== undefined) throw refusal;
    // Next would look for a function of this name, and write the name into our log.
    if (request.headers['next-action'] !== undefined) {
      throw new PitwallError('malformed_request', 'The console has no server actions.');
    }
    const path = pathOf(request.url ?? '/');
    const { gatekeeper, probes, pages } = parts() ?? starting;
    await gatekeeper.admit(request, path);
    const probe = probes.get(path);
    return probe === undefined ? pages(request, response) : probe(request, response, id);
  }

  return (request, response) => {
    const id = newId();
    request.headers[REQUEST_ID] = id;
    response.setHeader(REQUEST_ID, id);
    secure(request, response);
    // All that is logged on the way of the request carries its id.
    correlated(id, () => answer(request, response, id)).catch((thrown: unknown) => {
      const error = asPitwallError(thrown);
      if (error.code === 'login_required' && wantsPage(request)) return sendToLogIn(request, response);
      if (error.code === 'internal')
        logger.error(`The request ${id} failed: ${error.message}`, { correlationId: id, error });
      if (response.headersSent) response.destroy();
      else sendProblem(request, response, error, id);
    });
  };
}

/**
 * A request's path. What comes after us takes "..", "%2e", "\\" and absolute forms for another path than is written
 * there, and might be let through as the one and answered as the other: such a path is refused.
 * @throws PitwallError invalid_url
 */
function pathOf(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  if (path.startsWith('/') && URL.parse(`http://console${path}`)?.pathname === path) return path;
  throw new PitwallError('invalid_url', 'The path has to be in its normal form, without "." and ".." segments.');
}

/** Somebody who opens a page, rather than a program. */
function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.rsc === undefined && (headers.accept ?? '').includes('text/html');
}

function sendToLogIn(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(303, {
    location: `/login?next=${encodeURIComponent(request.url ?? '/')}`,
    'cache-control': 'no-store',
  });
  response.end();
}

const starting: ConsoleParts = {
  gatekeeper: { admit: () => Promise.resolve() },
  probes: new Map([['/healthz', (_request, response) => void response.end('{"status":"ok"}')]]),
  pages: () => Promise.reject(new PitwallError('gateway_unavailable', 'Pitwall is starting.', { retryAfter: 1 })),
};
