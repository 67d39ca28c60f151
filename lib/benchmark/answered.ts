import type { GatewaySnapshot } from '../contracts/control.ts';
import { RESULTS, type Result } from '../contracts/traffic.ts';

export type Answered = Record<Result, number>;

export function noAnswers(): Answered {
  return Object.fromEntries(RESULTS.map((result) => [result, 0])) as Answered;
}

export function sumOf(answered: Answered): number {
  return RESULTS.reduce((sum, result) => sum + answered[result], 0);
}

const HITS: ReadonlySet<Result> = new Set<Result>(['l1', 'l2', 'l3', 'stale']);
export const isHit = (result: Result): boolean => HITS.has(result);

/**
 * How an answer came about, by its Cache-Status (RFC 9211): the last member is Pitwall's, nearest to us.
 * 'refused' = it has none: Pitwall refused the request before it knew a route for it.
 */
export function resultOf(cacheStatus: string | undefined): Result | 'refused' {
  if (cacheStatus === undefined) return 'refused';
  // A key may have anything in it, commas too.
  const ours = cacheStatus
    .replace(/;\s*key="(?:[^"\\]|\\.)*"/g, '')
    .split(',')
    .at(-1) as string;
  const detail = /;\s*detail="?([\w-]+)/.exec(ours)?.[1];
  if (/;\s*hit\b/.test(ours)) return RESULTS.find((result) => result === detail && isHit(result)) ?? 'l2';
  const status = Number(/;\s*fwd-status=(\d+)/.exec(ours)?.[1] ?? 599);
  if (status >= 500) return 'error';
  return /;\s*collapsed\b/.test(ours) ? 'coalesced' : 'origin';
}

/** What a gateway counted, over all services and routes. */
export interface GatewayCount {
  /** The sum of `answered` and `refused`. */
  readonly requests: number;
  /** Refused before a route was known. */
  readonly refused: number;
  readonly answered: Answered;
  readonly originCalls: number;
  readonly originErrors: number;
  readonly gatewayErrors: number;
  readonly bytesSent: number;
  readonly bytesSaved: number;
}

export function countOf(snapshot: GatewaySnapshot): GatewayCount {
  const answered = noAnswers();
  let originCalls = 0;
  let originErrors = 0;
  let gatewayErrors = 0;
  let bytesSent = 0;
  let bytesSaved = 0;
  for (const route of snapshot.services.flatMap((service) => service.routes)) {
    for (const result of RESULTS) answered[result] += route.results[result];
    originCalls += Object.values(route.originCalls).reduce((sum, calls) => sum + calls, 0);
    originErrors += route.originErrors;
    gatewayErrors += route.gatewayErrors;
    bytesSent += route.bytesSent;
    bytesSaved += route.bytesSaved;
  }
  const refused = Object.values(snapshot.refused).reduce((sum, times) => sum + times, 0);
  return {
    requests: sumOf(answered) + refused,
    refused,
    answered,
    originCalls,
    originErrors,
    gatewayErrors,
    bytesSent,
    bytesSaved,
  };
}
