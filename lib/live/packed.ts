import type { Sparse } from '../kernel/sparse-histogram.ts';

/** A count with its place, in one number that a double holds exactly: six bits of place above 46 of count. */
const FIELD_UNIT = 2 ** 46;
/** A bucket with its count in 32 bits: 11 bits of index above 21 of count; larger counts take several. */
const BUCKET_BITS = 21;
const BUCKET_MOST = 2 ** BUCKET_BITS - 1;

/** The fields that aren't zero. Counts past 2^46 − 1 (70 TB in a second) are clamped. */
export function packFields(fields: Float64Array): number[] {
  const packed: number[] = [];
  for (let place = 0; place < fields.length; place++) {
    const count = fields[place] as number;
    if (count > 0) packed.push(place * FIELD_UNIT + Math.min(count, FIELD_UNIT - 1));
  }
  return packed;
}

/** Adds (`sign` 1) or takes away (−1) packed fields in `from` … `to` of `packed`. */
export function addFields(sum: Float64Array, packed: Float64Array, from: number, to: number, sign: 1 | -1): void {
  for (let i = from; i < to; i++) {
    const value = packed[i] as number;
    const place = Math.floor(value / FIELD_UNIT);
    sum[place] = (sum[place] as number) + sign * (value - place * FIELD_UNIT);
  }
}

export function packBuckets(histogram: Sparse): number[] {
  const packed: number[] = [];
  for (let i = 0; i < histogram.length; i += 2) {
    const index = histogram[i] as number;
    let count = histogram[i + 1] as number;
    for (; count > BUCKET_MOST; count -= BUCKET_MOST) packed.push(index * (BUCKET_MOST + 1) + BUCKET_MOST);
    packed.push(index * (BUCKET_MOST + 1) + count);
  }
  return packed;
}

/** Adds or takes away packed buckets in `from` … `to` of `packed`. */
export function addBuckets(counts: Float64Array, packed: Uint32Array, from: number, to: number, sign: 1 | -1): void {
  for (let i = from; i < to; i++) {
    const value = packed[i] as number;
    const index = value >>> BUCKET_BITS;
    counts[index] = (counts[index] as number) + sign * (value & BUCKET_MOST);
  }
}
