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
import { eachRow, emptySums, type Sums } from './window.ts';

/**
 * Makes one second of the charts, of the routes that `includes` names. After a gap a reading covers several seconds:
 * then its counts are the mean per second.
 */
export type SampleMaker = (frame: Frame, includes: (id: number) => boolean) => Sample;

/** One maker adds up in the same arrays again and again: an overview takes 900 samples at a time. */
export function createSampleMaker(): SampleMaker {
  const sums = emptySums();
  return (frame, includes) => makeSample(sums, frame, includes);
}

function makeSample({ fields, hit, miss }: Sums, frame: Frame, includes: (id: number) => boolean): Sample {
  fields.fill(0);
  hit.fill(0);
  miss.fill(0);
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
