import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS } from '../../../lib/kernel/sparse-histogram.ts';
import { FIELDS } from '../../../lib/live/field.ts';
import { addBuckets, addFields, packBuckets, packFields } from '../../../lib/live/packed.ts';

const counts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 46 - 1 })), {
  minLength: FIELDS,
  maxLength: FIELDS,
});
const histogram = fc
  .uniqueArray(fc.tuple(fc.nat(BUCKETS - 1), fc.integer({ min: 1, max: 10_000_000 })), { selector: ([index]) => index })
  .map((pairs) => pairs.sort(([a], [b]) => a - b).flat());

describe('packed', () => {
  it('fields come back exactly, and taking them away leaves nothing', () => {
    fc.assert(
      fc.property(counts, (values) => {
        const packed = Float64Array.from(packFields(Float64Array.from(values)));
        const sum = new Float64Array(FIELDS);
        addFields(sum, packed, 0, packed.length, 1);
        expect([...sum]).toEqual(values);
        addFields(sum, packed, 0, packed.length, -1);
        expect(sum.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('a counter past the largest that fits is clamped, its neighbours untouched', () => {
    const fields = new Float64Array(FIELDS);
    fields[3] = 2 ** 50;
    const packed = Float64Array.from(packFields(fields));
    const sum = new Float64Array(FIELDS);
    addFields(sum, packed, 0, packed.length, 1);
    expect(sum[3]).toBe(2 ** 46 - 1);
    expect(sum[4]).toBe(0);
  });

  it('buckets come back exactly, counts past 21 bits too', () => {
    fc.assert(
      fc.property(histogram, (sparse) => {
        const packed = Uint32Array.from(packBuckets(sparse));
        const sum = new Float64Array(BUCKETS);
        addBuckets(sum, packed, 0, packed.length, 1);
        const expected = new Float64Array(BUCKETS);
        for (let i = 0; i < sparse.length; i += 2) expected[sparse[i]!] = sparse[i + 1]!;
        expect(sum).toEqual(expected);
      }),
    );
  });
});
