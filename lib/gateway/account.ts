import type { IncomingMessage } from 'node:http';
import type { RequestRecord } from '../contracts/control.ts';
import type { Result } from '../contracts/traffic.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import type { HotHit } from './hot-slot.ts';
import { shownKey, shownTarget } from './shown.ts';

/** Counts an exchange once its response has closed. */
export function account(context: GatewayContext, x: Exchange): void {
  count(context, x, x.res.headersSent ? x.res.statusCode : 0, !x.res.writableFinished);
}

/**
 * Counts an exchange, and writes its line if somebody wants it.
 *
 * @param status 0: no head was sent
 * @param aborted the client left before the answer was complete
 */
export function count(context: GatewayContext, x: Exchange, status: number, aborted: boolean): void {
  const { meter } = x.route;
  if (aborted) meter.aborted++;
  meter.countResult(x.result);
  if (x.reason !== undefined) meter.countReason(x.reason);
  meter.bytesSent += x.bytes;
  if (x.result !== 'origin' && x.result !== 'error') meter.bytesSaved += x.bytes;
  if (status > 0) meter.countStatus(status);
  if (status >= 500) {
    if (x.originFailed) meter.originErrors++;
    else meter.gatewayErrors++;
  }
  countKey(context, x);
  context.record?.(toRecord(context, x, status, aborted));
}

/** Answered from what was stored, so not missed: stale ones too. */
const STORED: ReadonlySet<Result> = new Set(['l1', 'l2', 'l3', 'stale']);

function countKey({ keys }: GatewayContext, { key, route, result, reason }: Exchange): void {
  if (key === undefined) return;
  const service = route.service.config.name;
  const shown = shownKey(route, key);
  keys.asked(shown, service, route.route.name, 1);
  if (reason !== undefined && !STORED.has(result)) keys.missed(shown, service, route.route.name, reason);
}

/** The line of an answer from L1 or its renewal. */
export function recordHit(context: GatewayContext, hit: HotHit, req: IncomingMessage, start: number): void {
  context.record?.({
    at: context.clock.wall(),
    id: context.l1.lastId,
    client: req.socket.remoteAddress ?? '',
    service: hit.route.service.config.name,
    route: hit.route.route.name,
    method: 'GET',
    host: req.headers.host ?? '',
    path: shownTarget(hit.route, req.url as string),
    status: hit.entry.status,
    result: context.l1.lastLevel,
    reason: undefined,
    bytes: hit.entry.body.length,
    ms: context.clock.mono() - start,
    aborted: false,
  });
}

function toRecord(context: GatewayContext, x: Exchange, status: number, aborted: boolean): RequestRecord {
  return {
    at: context.clock.wall(),
    id: x.id,
    client: x.client,
    service: x.route.service.config.name,
    route: x.route.route.name,
    method: x.method,
    host: x.host,
    path: shownTarget(x.route, x.path + x.query),
    status,
    result: x.result,
    // Of an error it says why nothing stored was used, which reads like the reason of the error.
    reason: x.result === 'error' ? undefined : x.reason,
    bytes: x.bytes,
    ms: context.clock.mono() - x.start,
    aborted,
  };
}
