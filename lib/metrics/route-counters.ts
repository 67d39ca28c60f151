import type { RouteSnapshot } from '../contracts/control.ts';
import { MISS_REASONS, ORIGIN_CALLS, RESULTS } from '../contracts/traffic.ts';
import { BOUNDS_SECONDS, DURATION_COUNTERS, type DurationBuckets } from './duration-buckets.ts';
import { family, type Family, type Labels } from './family.ts';

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

const CALLS_AT = RESULTS.length;
const REASONS_AT = CALLS_AT + ORIGIN_CALLS.length;
const CLASSES_AT = REASONS_AT + MISS_REASONS.length;
const ORIGIN_ERRORS = CLASSES_AT + CLASSES.length;
const GATEWAY_ERRORS = ORIGIN_ERRORS + 1;
const ABORTED = GATEWAY_ERRORS + 1;
const SENT = ABORTED + 1;
const SAVED = SENT + 1;
const HIT_AT = SAVED + 1;
const MISS_AT = HIT_AT + DURATION_COUNTERS;
const LENGTH = MISS_AT + DURATION_COUNTERS;

/** A route's counters in one array, so that workers can be summed. */
export function routeCounters(route: RouteSnapshot, durations: DurationBuckets): Float64Array {
  const counters = new Float64Array(LENGTH);
  RESULTS.forEach((result, i) => (counters[i] = route.results[result]));
  ORIGIN_CALLS.forEach((call, i) => (counters[CALLS_AT + i] = route.originCalls[call]));
  MISS_REASONS.forEach((reason, i) => (counters[REASONS_AT + i] = route.reasons[reason] ?? 0));
  CLASSES.forEach((_, i) => (counters[CLASSES_AT + i] = route.statuses[i] ?? 0));
  counters[ORIGIN_ERRORS] = route.originErrors;
  counters[GATEWAY_ERRORS] = route.gatewayErrors;
  counters[ABORTED] = route.aborted;
  counters[SENT] = route.bytesSent;
  counters[SAVED] = route.bytesSaved;
  durations.write(counters, HIT_AT, route.hitLatency);
  durations.write(counters, MISS_AT, route.missLatency);
  return counters;
}

/** The families whose labels are service and route; both come from the configuration, never from a URL. */
export interface RouteFamilies {
  add(service: string, route: string, counters: Float64Array): void;
  readonly list: readonly Family[];
}

export function routeFamilies(): RouteFamilies {
  const requests = family('counter', 'pitwall_requests_total', 'Requests by how they were answered.');
  const durations = family(
    'histogram',
    'pitwall_request_duration_seconds',
    'Time to first byte of hits and of misses; streams left out.',
  );
  const calls = family('counter', 'pitwall_origin_calls_total', 'Calls to the origin by what made them.');
  const misses = family('counter', 'pitwall_misses_total', 'Requests not answered from the store, by the reason why.');
  const responses = family('counter', 'pitwall_responses_total', 'Responses by class of status.');
  const errors = family('counter', 'pitwall_errors_total', '5xx sent to clients, by who made them.');
  const aborted = family('counter', 'pitwall_aborted_total', 'Clients that left before the answer was complete.');
  const sent = family('counter', 'pitwall_sent_bytes_total', 'Bytes sent to clients.');
  const saved = family('counter', 'pitwall_saved_bytes_total', 'Body bytes answered without the origin.');

  return {
    list: [requests, durations, calls, misses, responses, errors, aborted, sent, saved],
    add(service, route, counters) {
      const labels = { service, route };
      const at = (index: number): number => counters[index] as number;
      RESULTS.forEach((result, i) => requests.values.push({ labels: { ...labels, result }, value: at(i) }));
      ORIGIN_CALLS.forEach((call, i) => calls.values.push({ labels: { ...labels, call }, value: at(CALLS_AT + i) }));
      MISS_REASONS.forEach((reason, i) => {
        const value = at(REASONS_AT + i);
        if (value > 0) misses.values.push({ labels: { ...labels, reason }, value });
      });
      CLASSES.forEach((name, i) => {
        responses.values.push({ labels: { ...labels, class: name }, value: at(CLASSES_AT + i) });
      });
      errors.values.push({ labels: { ...labels, source: 'origin' }, value: at(ORIGIN_ERRORS) });
      errors.values.push({ labels: { ...labels, source: 'gateway' }, value: at(GATEWAY_ERRORS) });
      aborted.values.push({ labels, value: at(ABORTED) });
      sent.values.push({ labels, value: at(SENT) });
      saved.values.push({ labels, value: at(SAVED) });
      addHistogram(durations, { ...labels, kind: 'hit' }, counters, HIT_AT);
      addHistogram(durations, { ...labels, kind: 'miss' }, counters, MISS_AT);
    },
  };
}

function addHistogram(to: Family, labels: Labels, counters: Float64Array, at: number): void {
  let count = 0;
  for (let i = 0; i <= BOUNDS_SECONDS.length; i++) {
    count += counters[at + i] as number;
    const le = BOUNDS_SECONDS[i] ?? '+Inf';
    to.values.push({ metricName: `${to.name}_bucket`, labels: { ...labels, le }, value: count });
  }
  const sum = counters[at + BOUNDS_SECONDS.length + 1] as number;
  to.values.push({ metricName: `${to.name}_sum`, labels, value: sum });
  to.values.push({ metricName: `${to.name}_count`, labels, value: count });
}
