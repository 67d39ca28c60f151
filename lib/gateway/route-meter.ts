import {
  MISS_REASONS,
  ORIGIN_CALLS,
  RESULTS,
  type MissReason,
  type OriginCall,
  type Result,
} from '../contracts/traffic.ts';
import type { RouteSnapshot } from '../contracts/control.ts';
import { Histogram } from '../metrics/histogram.ts';

const RESULT_INDEX = indexOf(RESULTS);
const REASON_INDEX = indexOf(MISS_REASONS);
const CALL_INDEX = indexOf(ORIGIN_CALLS);

/** Slots of `RouteMeter.results` that the hot path counts without a look-up. */
export const L1 = RESULT_INDEX.l1;
export const L2 = RESULT_INDEX.l2;

/** One route's counters: preallocated, only growing, read at snapshot. */
export class RouteMeter {
  readonly results = new Float64Array(RESULTS.length);
  readonly reasons = new Float64Array(MISS_REASONS.length);
  readonly originCalls = new Float64Array(ORIGIN_CALLS.length);
  /** By class of status, 1xx to 5xx. */
  readonly statuses = new Float64Array(5);
  readonly hitLatency = new Histogram();
  readonly missLatency = new Histogram();
  originErrors = 0;
  gatewayErrors = 0;
  aborted = 0;
  bytesSent = 0;
  bytesSaved = 0;
  originMs = 0;
  wouldHave = 0;
  observed = 0;

  countResult(result: Result): void {
    (this.results[RESULT_INDEX[result]] as number)++;
  }

  countReason(reason: MissReason): void {
    (this.reasons[REASON_INDEX[reason]] as number)++;
  }

  countCall(call: OriginCall): void {
    (this.originCalls[CALL_INDEX[call]] as number)++;
  }

  /** @param status 100 to 599 */
  countStatus(status: number): void {
    (this.statuses[((status / 100) | 0) - 1] as number)++;
  }

  snapshot(route: string, unsafe: readonly string[]): RouteSnapshot {
    return {
      route,
      unsafe,
      results: named(RESULTS, this.results),
      reasons: nonZero(MISS_REASONS, this.reasons),
      originCalls: named(ORIGIN_CALLS, this.originCalls),
      originErrors: this.originErrors,
      gatewayErrors: this.gatewayErrors,
      aborted: this.aborted,
      statuses: [...this.statuses],
      bytesSent: this.bytesSent,
      bytesSaved: this.bytesSaved,
      originMs: this.originMs,
      wouldHave: this.wouldHave,
      observed: this.observed,
      hitLatency: this.hitLatency.sparse(),
      missLatency: this.missLatency.sparse(),
    };
  }
}

function indexOf<N extends string>(names: readonly N[]): Readonly<Record<N, number>> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<N, number>;
}

function named<N extends string>(names: readonly N[], counts: Float64Array): Record<N, number> {
  return Object.fromEntries(names.map((name, index) => [name, counts[index] as number])) as Record<N, number>;
}

function nonZero<N extends string>(names: readonly N[], counts: Float64Array): Partial<Record<N, number>> {
  const entries = names.map((name, index) => [name, counts[index] as number] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0)) as Partial<Record<N, number>>;
}
