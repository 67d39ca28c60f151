import { wholeLength, type Entry } from '../cache/entry.ts';
import { currentAge } from '../http-cache/freshness.ts';
import { header, withoutHeaders } from '../http-cache/header-list.ts';
import { isNotModified } from '../http-cache/validators.ts';
import type { Result } from '../contracts/traffic.ts';
import type { PitwallError } from '../kernel/errors.ts';
import { PROBLEM_TYPE, toProblem } from '../kernel/problem.ts';
import { bytesOf, rangeOf } from './asked-range.ts';
import { failedStatus, hitStatus, keyParameter } from './cache-status.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { MEMORY_TIMING } from './rendered-response.ts';
import { sendBody } from './send-body.ts';
import { redactSteps } from './redact-explanation.ts';
import { redactKey } from './redact-key.ts';
import { traceFields } from './trace.ts';

/** Headers of a 304 and a 416 that speak of a body they don't have. */
const BODY_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-range',
  'content-type',
]);
const LENGTH: ReadonlySet<string> = new Set(['content-length', 'content-range']);

/**
 * Step "answer": the head, with Pitwall's own headers behind the origin's.
 * Sets what is final about the exchange and counts it.
 */
export function sendHead(
  context: GatewayContext,
  x: Exchange,
  status: number,
  statusMessage: string,
  headers: readonly string[],
  cacheStatus: string,
  timing: string,
): void {
  const { trace } = x;
  const tellsKey = trace !== undefined || x.route.route.policy.cacheStatusKey;
  const told = tellsKey ? cacheStatus + keyParameter(x.key && redactKey(context.redactor, x.key)) : cacheStatus;
  const all = [...headers, 'Cache-Status', told, 'Server-Timing', timing, 'X-Request-Id', x.id];
  if (trace !== undefined) all.push(...traceFields(redactSteps(context.redactor, trace)));
  if (context.draining) all.push('Connection', 'close');
  if (statusMessage === '') x.res.writeHead(status, all);
  else x.res.writeHead(status, statusMessage, all);

  if (status >= 500) x.result = 'error';
  if (x.stream) return;
  const ms = context.clock.mono() - x.start;
  const { meter } = x.route;
  if (x.result === 'l2' || x.result === 'l3' || x.result === 'stale') meter.hitLatency.record(ms);
  else if (x.result === 'origin' || x.result === 'coalesced') meter.missLatency.record(ms);
}

/**
 * Answers from a stored entry: whole, as 304 to a matching conditional (RFC 9110 section 13),
 * or a byte range of it (section 14). HEAD gets the head.
 */
export function sendEntry(
  context: GatewayContext,
  x: Exchange,
  entry: Entry,
  result: Result,
  cacheStatus?: string,
): void {
  const now = context.clock.mono();
  x.result = result;
  const age = ['Age', String(Math.floor(currentAge(entry, now) / 1_000))];
  const status = cacheStatus ?? hitStatus(context.pseudonym, entry, now, result);
  const timing = x.originMs === undefined ? MEMORY_TIMING : originTiming(x.originMs);
  const send = (code: number, headers: readonly string[], body: Buffer | undefined): void => {
    sendHead(context, x, code, code === entry.status ? entry.statusMessage : '', headers, status, timing);
    if (body === undefined || x.method === 'HEAD') x.res.end();
    else end(context, x, body);
  };

  const validators = {
    etag: entry.etag,
    lastModified: entry.lastModified,
    date: header(entry.headers, 'date'),
  };
  if (entry.status === 200 && x.has('conditional') && isNotModified(x.headers, validators)) {
    send(304, [...withoutHeaders(entry.headers, BODY_HEADERS), ...age], undefined);
    return;
  }
  const range = rangeOf(entry, x);
  if (range === undefined) {
    send(entry.status, [...entry.headers, ...age], entry.body);
  } else if (range === 'unsatisfiable') {
    const headers = [...withoutHeaders(entry.headers, BODY_HEADERS), 'Content-Range', `bytes */${wholeLength(entry)}`];
    send(416, [...headers, 'Content-Length', '0', ...age], undefined);
  } else {
    const part = bytesOf(entry, range);
    const headers = [...withoutHeaders(entry.headers, LENGTH), 'Content-Length', String(part.length)];
    headers.push('Content-Range', `bytes ${range.start}-${range.end}/${wholeLength(entry)}`, ...age);
    send(206, headers, part);
  }
}

/** Answers with problem details (RFC 9457), Retry-After where it's known. After the head: resets the client. */
export function sendProblem(context: GatewayContext, x: Exchange, error: PitwallError): void {
  if (x.gone) return;
  if (x.res.headersSent) {
    x.res.destroy();
    return;
  }
  x.result = 'error';
  const problem = toProblem(error.code, error.message, x.id);
  const body = Buffer.from(JSON.stringify(problem));
  const headers = ['Content-Type', PROBLEM_TYPE, 'Content-Length', String(body.length), 'Cache-Control', 'no-store'];
  if (error.retryAfter !== undefined) headers.push('Retry-After', String(error.retryAfter));
  else if (problem.status === 503) headers.push('Retry-After', '1');
  if (!x.req.complete && x.has('body')) headers.push('Connection', 'close');
  const status = failedStatus(context.pseudonym, x.reason, error.code);
  sendHead(context, x, problem.status, '', headers, status, 'cache;desc="error"');
  if (x.method === 'HEAD') x.res.end();
  else end(context, x, body);
}

function end(context: GatewayContext, x: Exchange, body: Buffer): void {
  x.bytes += body.length;
  sendBody(x.res, body, context.settings.timeouts.send);
}

/** Server-Timing of an answer that waited for the origin; ms until its head. */
export function originTiming(ms: number): string {
  return `origin;dur=${ms.toFixed(1)}`;
}
