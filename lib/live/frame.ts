import type { Sparse } from '../kernel/sparse-histogram.ts';
import { packBuckets, packFields } from './packed.ts';

/** One second of traffic, packed: a row per route that had any. */
export interface Frame {
  /** End of the second, wall ms: a whole second. */
  readonly at: number;
  /** Seconds that the counts stand for: more than 1 after a gap, 0 in a gap. */
  readonly span: number;
  /** Per row, ascending by the first: route id; ends in `fields`, of the hits in `buckets` and of the misses that follow them. */
  readonly rows: Uint32Array;
  readonly fields: Float64Array;
  readonly buckets: Uint32Array;
  /** By level: l1, l2, l3. */
  readonly evictions: readonly number[];
}

export interface FrameRow {
  readonly id: number;
  readonly fields: Float64Array;
  readonly hit: Sparse;
  readonly miss: Sparse;
}

/** Numbers per row in `Frame.rows`. */
export const ROW = 4;

export function packFrame(at: number, span: number, rows: readonly FrameRow[], evictions: readonly number[]): Frame {
  const table: number[] = [];
  const fields: number[] = [];
  const buckets: number[] = [];
  for (const row of rows.toSorted((a, b) => a.id - b.id)) {
    for (const packed of packFields(row.fields)) fields.push(packed);
    for (const packed of packBuckets(row.hit)) buckets.push(packed);
    const hitTo = buckets.length;
    for (const packed of packBuckets(row.miss)) buckets.push(packed);
    table.push(row.id, fields.length, hitTo, buckets.length);
  }
  return {
    at,
    span,
    rows: Uint32Array.from(table),
    fields: Float64Array.from(fields),
    buckets: Uint32Array.from(buckets),
    evictions,
  };
}

/** A second in which no worker answered. */
export function gapFrame(at: number): Frame {
  return packFrame(at, 0, [], []);
}
