import type { RouteSnapshot } from '../contracts/control.ts';
import { MISS_REASONS, RESULTS } from '../contracts/traffic.ts';

/** Places of a route's counters in an array of FIELDS numbers: all integers, so that sums can be undone exactly. */
export const REASONS_AT = RESULTS.length;
export const ORIGIN_CALLS_AT = REASONS_AT + MISS_REASONS.length;
export const ORIGIN_ERRORS_AT = ORIGIN_CALLS_AT + 1;
export const GATEWAY_ERRORS_AT = ORIGIN_CALLS_AT + 2;
export const ABORTED_AT = ORIGIN_CALLS_AT + 3;
export const BYTES_SENT_AT = ORIGIN_CALLS_AT + 4;
export const BYTES_SAVED_AT = ORIGIN_CALLS_AT + 5;
/** Microseconds. */
export const ORIGIN_TIME_AT = ORIGIN_CALLS_AT + 6;
export const WOULD_HAVE_AT = ORIGIN_CALLS_AT + 7;
export const OBSERVED_AT = ORIGIN_CALLS_AT + 8;
export const FIELDS = ORIGIN_CALLS_AT + 9;

/** A route's counters since the worker's start. */
export function readFields(route: RouteSnapshot): Float64Array {
  const fields = new Float64Array(FIELDS);
  RESULTS.forEach((result, i) => (fields[i] = route.results[result]));
  MISS_REASONS.forEach((reason, i) => (fields[REASONS_AT + i] = route.reasons[reason] ?? 0));
  fields[ORIGIN_CALLS_AT] = Object.values(route.originCalls).reduce((sum, calls) => sum + calls, 0);
  fields[ORIGIN_ERRORS_AT] = route.originErrors;
  fields[GATEWAY_ERRORS_AT] = route.gatewayErrors;
  fields[ABORTED_AT] = route.aborted;
  fields[BYTES_SENT_AT] = route.bytesSent;
  fields[BYTES_SAVED_AT] = route.bytesSaved;
  fields[ORIGIN_TIME_AT] = Math.round(route.originMs * 1_000);
  fields[WOULD_HAVE_AT] = route.wouldHave;
  fields[OBSERVED_AT] = route.observed;
  return fields;
}

/** All requests: the sum of the results. */
export function requestsIn(fields: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < RESULTS.length; i++) sum += fields[i] as number;
  return sum;
}
