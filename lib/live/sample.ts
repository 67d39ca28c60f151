import type { Sample } from '../contracts/overview.ts';
import { MISS_REASONS, RESULTS, type MissReason, type Result } from '../contracts/traffic.ts';
import {
  ABORTED_AT,
  BYTES_SAVED_AT,
  BYTES_SENT_AT,
  GATEWAY_ERRORS_AT,
  ORIGIN_CALLS_AT,
  ORIGIN_ERRORS_AT,
  REASONS_AT,
  WOULD_HAVE_AT,
} from './field.ts';
import type { Frame } from './frame.ts';
import type { Rows } from './scope.ts';
import { quantileTriple } from './summary.ts';
import { applyRows, emptySums, type Sums } from './window.ts';

/**
 * Makes one step of the charts out of the seconds that were added since the last, of some of the routes: the mean per
 * second, and quantiles of all that was measured in it. A reading after a gap covers several seconds, and counts for
 * them.
 */
export interface SampleMaker {
  add(frame: Frame, rows: Rows): void;
  /** @param at end of the step, wall ms */
  take(at: number): Sample;
}

/** One maker adds up in the same arrays again and again: an overview takes 180 samples at a time. */
export function createSampleMaker(): SampleMaker {
  const sums = emptySums();
  let seconds = 0;
  return {
    add(frame, rows) {
      seconds += frame.span;
      applyRows(sums, frame, 1, rows);
    },
    take(at) {
      const sample = sampleOf(sums, at, seconds);
      sums.fields.fill(0);
      sums.hit.fill(0);
      sums.miss.fill(0);
      seconds = 0;
      return sample;
    },
  };
}

function sampleOf({ fields, hit, miss }: Sums, at: number, seconds: number): Sample {
  const perSecond = (place: number): number => (fields[place] as number) / Math.max(1, seconds);
  const reasons: Partial<Record<MissReason, number>> = {};
  MISS_REASONS.forEach((reason, i) => {
    const count = perSecond(REASONS_AT + i);
    if (count > 0) reasons[reason] = count;
  });
  return {
    at,
    known: seconds > 0,
    answered: Object.fromEntries(RESULTS.map((result, i) => [result, perSecond(i)])) as Record<Result, number>,
    reasons,
    originCalls: perSecond(ORIGIN_CALLS_AT),
    originErrors: perSecond(ORIGIN_ERRORS_AT),
    gatewayErrors: perSecond(GATEWAY_ERRORS_AT),
    aborted: perSecond(ABORTED_AT),
    bytesSent: perSecond(BYTES_SENT_AT),
    bytesSaved: perSecond(BYTES_SAVED_AT),
    wouldHave: perSecond(WOULD_HAVE_AT),
    hit: quantileTriple(hit),
    miss: quantileTriple(miss),
  };
}
