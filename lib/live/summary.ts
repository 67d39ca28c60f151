import type { RouteRow, Summary } from '../contracts/overview.ts';
import { MISS_REASONS, RESULTS, type MissReason, type Result } from '../contracts/traffic.ts';
import { bucketMiddle } from '../kernel/sparse-histogram.ts';
import {
  ABORTED_AT,
  BYTES_SAVED_AT,
  GATEWAY_ERRORS_AT,
  ORIGIN_CALLS_AT,
  ORIGIN_ERRORS_AT,
  ORIGIN_TIME_AT,
  REASONS_AT,
  OBSERVED_AT,
  WOULD_HAVE_AT,
  requestsIn,
} from './field.ts';
import type { RouteSums, Sums } from './window.ts';

const resultAt = (fields: Float64Array, result: Result): number => fields[RESULTS.indexOf(result)] as number;
const reasonAt = (fields: Float64Array, reason: MissReason): number =>
  fields[REASONS_AT + MISS_REASONS.indexOf(reason)] as number;
const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** The values in ms that shares `qs` (ascending) of all values don't exceed; null when nothing was counted. */
export function quantilesOf(counts: Float64Array, qs: readonly number[]): number[] | null {
  let total = 0;
  let first = 0;
  for (let index = counts.length - 1; index >= 0; index--) {
    const count = counts[index] as number;
    if (count === 0) continue;
    total += count;
    first = index;
  }
  if (total === 0) return null;
  const found: number[] = [];
  let seen = 0;
  for (let index = first; found.length < qs.length; index++) {
    seen += counts[index] as number;
    while (found.length < qs.length && seen >= Math.max(1, Math.ceil((qs[found.length] as number) * total))) {
      found.push(bucketMiddle(index));
    }
  }
  return found;
}

/** p50, p95 and p99 in ms, as the contracts have them. */
export function quantileTriple(counts: Float64Array): Summary['hit'] {
  const found = quantilesOf(counts, [0.5, 0.95, 0.99]);
  if (found === null) return null;
  const [p50, p95, p99] = found as [number, number, number];
  return { p50, p95, p99 };
}

/**
 * Totals over a window as CONSOLE.md defines them; null where nothing was measured.
 *
 * @param seconds seconds with data
 */
export function summarize({ fields, hit, miss }: Sums, seconds: number): Summary {
  const requests = requestsIn(fields);
  const rate = (count: number): number | null => ratio(count, seconds);
  const calls = fields[ORIGIN_CALLS_AT] as number;
  const observed = fields[OBSERVED_AT] as number;
  // What is observed is forwarded, each with a call of its own: it saves nothing, and isn't there to.
  const saved = ratio(requests - calls, requests - observed);
  return {
    seconds,
    requestsPerSecond: rate(requests),
    originCallsPerSecond: rate(calls),
    originCallsSaved: saved,
    wouldHaveSaved: ratio(fields[WOULD_HAVE_AT] as number, observed),
    originErrorRatio: ratio(fields[ORIGIN_ERRORS_AT] as number, requests),
    gatewayErrorRatio: ratio(fields[GATEWAY_ERRORS_AT] as number, requests),
    abortedRatio: ratio(fields[ABORTED_AT] as number, requests),
    staleRatio: ratio(resultAt(fields, 'stale'), requests),
    bytesSavedPerSecond: rate(fields[BYTES_SAVED_AT] as number),
    coalescedPerSecond: rate(resultAt(fields, 'coalesced')),
    hit: quantileTriple(hit),
    miss: quantileTriple(miss),
  };
}

/** A row of the table of routes. "Hit" is answered fresh from the store (CONSOLE.md, "Hit ratio"). */
export function routeRow(
  service: string,
  route: string,
  unsafe: readonly string[],
  { fields, miss }: RouteSums,
  seconds: number,
): RouteRow {
  const requests = requestsIn(fields);
  const hits = resultAt(fields, 'l1') + resultAt(fields, 'l2') + resultAt(fields, 'l3');
  const errors = (fields[ORIGIN_ERRORS_AT] as number) + (fields[GATEWAY_ERRORS_AT] as number);
  const perSecond = (count: number): number => ratio(count, seconds) ?? 0;
  const missReasons: Partial<Record<MissReason, number>> = {};
  let topMissReason: MissReason | null = null;
  for (const reason of MISS_REASONS) {
    const count = reasonAt(fields, reason);
    if (count === 0) continue;
    missReasons[reason] = count;
    if (topMissReason === null || count > (missReasons[topMissReason] as number)) topMissReason = reason;
  }
  return {
    service,
    route,
    requestsPerSecond: perSecond(requests),
    hitRatio: ratio(hits, requests),
    originCallsPerSecond: perSecond(fields[ORIGIN_CALLS_AT] as number),
    p95MissMs: quantilesOf(miss, [0.95])?.[0] ?? null,
    errorRatio: ratio(errors, requests),
    topMissReason,
    missReasons,
    originSecondsPerMinute: perSecond((fields[ORIGIN_TIME_AT] as number) / 1e6) * 60,
    unsafe: [...unsafe],
  };
}
