import type { IncomingMessage, ServerResponse } from 'node:http';
import { PitwallError } from '../kernel/errors.ts';
import { sendProblem, sendText } from './answer.ts';

export interface ProbeSources {
  /** What keeps the product from being ready, whole sentences; empty = ready. */
  missing(): Promise<readonly string[]>;
  metrics: { contentType(accept?: string): string; text(accept?: string): Promise<string> };
}

/** Answers one request; `id` is the request's. */
export type Endpoint = (request: IncomingMessage, response: ServerResponse, id: string) => void | Promise<void>;

/**
 * What machines ask, answered before Next: GET /healthz (200 while the event loop lives), /readyz (200 or
 * a 503 problem that names what's missing) and /metrics (Prometheus text or OpenMetrics, by Accept).
 */
export function createProbes(sources: ProbeSources): ReadonlyMap<string, Endpoint> {
  const readOnly =
    (answer: Endpoint): Endpoint =>
    async (request, response, id) => {
      if (request.method === 'GET' || request.method === 'HEAD') return answer(request, response, id);
      response.setHeader('allow', 'GET, HEAD');
      sendProblem(request, response, new PitwallError('method_not_allowed', 'This resource answers to GET, HEAD.'), id);
    };
  const status = (request: IncomingMessage, response: ServerResponse, word: string): void =>
    sendText(request, response, 200, 'application/json; charset=utf-8', JSON.stringify({ status: word }));

  return new Map<string, Endpoint>([
    ['/healthz', readOnly((request, response) => status(request, response, 'ok'))],
    [
      '/readyz',
      readOnly(async (request, response, id) => {
        const missing = await sources.missing();
        if (missing.length === 0) return status(request, response, 'ready');
        const code = missing.includes(DRAINING) ? 'draining' : 'gateway_unavailable';
        sendProblem(request, response, new PitwallError(code, missing.join(' '), { retryAfter: 1 }), id);
      }),
    ],
    [
      '/metrics',
      readOnly(async (request, response) => {
        const text = await sources.metrics.text(request.headers.accept);
        sendText(request, response, 200, sources.metrics.contentType(request.headers.accept), text);
      }),
    ],
  ]);
}

/** What `missing` says while the process shuts down. */
export const DRAINING = 'The server is shutting down.';
