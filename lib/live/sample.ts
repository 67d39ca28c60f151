import type { Sample } from '../contracts/overview.ts';
import { RESULTS, type Result } from '../contracts/traffic.ts';
import {
  ABORTED_AT,
  BYTES_SAVED_AT,
  BYTES_SENT_AT,
  GATEWAY_ERRORS_AT,
  ORIGIN_CALLS_AT,
  ORIGIN_ERRORS_AT,
  WOULD_HAVE_AT,
} from './field.ts';
import type { Frame } from './frame.ts';
import { addBuckets, addFields } from './packed.ts';
import { quantileTriple } from './summary.ts';
import { eachRow, emptySums } from './window.ts';

/**
 * One second of the charts, for the routes that `includes` names. After a gap a reading covers several seconds:
 * then its counts are the mean per second.
 */
export function sampleOf(frame: Frame, includes: (id: number) => boolean): Sample {
  const { fields, hit, miss } = emptySums();
  eachRow(frame, (id, fieldsFrom, fieldsTo, hitFrom, hitTo, missTo) => {
    if (!includes(id)) return;
    addFields(fields, frame.fields, fieldsFrom, fieldsTo, 1);
    addBuckets(hit, frame.buckets, hitFrom, hitTo, 1);
    addBuckets(miss, frame.buckets, hitTo, missTo, 1);
  });
  const perSecond = (at: number): number => (fields[at] as number) / Math.max(1, frame.span);
  return {
    at: frame.at,
    known: frame.span > 0,
    answered: Object.fromEntries(RESULTS.map((result, i) => [result, perSecond(i)])) as Record<Result, number>,
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
