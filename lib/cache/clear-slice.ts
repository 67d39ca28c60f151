import type { ClearRecord } from './clear-record.ts';
import { isClear, lengthOf } from './clear-scope.ts';

/** Records that are read or taken over without a pause, at most: a millisecond or so. */
export const SLICE_RECORDS = 256;
/** A slice ends with the record that brings what its clears name to so many characters. */
export const SLICE_LENGTH = 65_536;

/** Work in slices: each step does the next, and gives way to others. */
export type Slices = Generator<void, void, void>;

/** Where the slice that begins at `from` ends: the index of the first record of the next. */
export function endOfSlice(records: readonly ClearRecord[], from: number, most = SLICE_RECORDS): number {
  const last = Math.min(from + most, records.length);
  let length = 0;
  for (let at = from; at < last; at++) {
    const record = records[at] as ClearRecord;
    if (isClear(record)) length += lengthOf(record.scope);
    if (length >= SLICE_LENGTH) return at + 1;
  }
  return last;
}
