import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISS_REASONS, type MissReason } from '../../../lib/contracts/traffic.ts';
import { mergeCounts } from '../../../lib/metrics/merge-counts.ts';
import { SpaceSaving } from '../../../lib/metrics/space-saving.ts';

type Count = readonly [key: number, count: number, reason: MissReason];

const counts = fc.array(
  fc.tuple(
    // A few keys that come often among many that don't.
    fc.oneof(fc.nat(3), fc.nat(40)),
    fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 50 })),
    fc.constantFrom(...MISS_REASONS.slice(0, 3)),
  ),
  { maxLength: 200 },
);
const capacities = fc.integer({ min: 1, max: 12 });

function sketchOf(capacity: number, stream: readonly Count[]): SpaceSaving {
  const sketch = new SpaceSaving(capacity, true);
  for (const [key, count, reason] of stream) sketch.add(`k${key}`, 's', 'r', count, reason);
  return sketch;
}

function truthOf(stream: readonly Count[]): Map<string, number> {
  const truth = new Map<string, number>();
  for (const [key, count] of stream) truth.set(`k${key}`, (truth.get(`k${key}`) ?? 0) + count);
  return truth;
}

describe('Space-Saving', () => {
  it('never counts too little, and too much by the error at most', () => {
    fc.assert(
      fc.property(capacities, counts, (capacity, stream) => {
        const sketch = sketchOf(capacity, stream);
        const truth = truthOf(stream);
        expect(sketch.keys).toHaveLength(Math.min(capacity, truth.size));
        for (const [index, key] of sketch.keys.entries()) {
          const row = sketch.row(key);
          if (row === undefined) throw new Error(`${key} has no row`);
          expect(row.count).toBe(sketch.countAt(index));
          expect(row.count).toBeGreaterThanOrEqual(truth.get(key) ?? 0);
          expect(row.count - row.error).toBeLessThanOrEqual(truth.get(key) ?? 0);
          const reasons = Object.values(row.reasons).reduce((sum, each) => sum + each, 0);
          expect(reasons).toBe(row.count - row.error);
        }
      }),
    );
  });

  it('has every key that came more often than all counts / capacity', () => {
    fc.assert(
      fc.property(capacities, counts, (capacity, stream) => {
        const sketch = sketchOf(capacity, stream);
        const total = stream.reduce((sum, [, count]) => sum + count, 0);
        expect(sketch.floor).toBeLessThanOrEqual(total / capacity);
        for (const [key, count] of truthOf(stream)) {
          if (sketch.row(key) === undefined) expect(count).toBeLessThanOrEqual(sketch.floor);
        }
      }),
    );
  });

  it('keeps its bounds where several are merged, and again where merged lists are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(capacities, counts), { maxLength: 4 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 20 }),
        (workers, top) => {
          const lists = workers.map((hours) => {
            const { rows, unlisted } = mergeCounts(
              hours.map(([capacity, stream]) => sketchOf(capacity, stream)),
              top,
            );
            return {
              keys: rows.map(({ key }) => key),
              floor: unlisted,
              countAt: (index: number) => rows[index]?.count ?? Number.NaN,
              row: (wanted: string) => rows.find(({ key }) => key === wanted),
            };
          });
          const { rows, unlisted } = mergeCounts(lists, top);
          const truth = truthOf(workers.flatMap((hours) => hours.flatMap(([, stream]) => stream)));
          expect(rows.length).toBeLessThanOrEqual(top);
          expect(rows.map(({ count }) => count)).toEqual(rows.map(({ count }) => count).toSorted((a, b) => b - a));
          for (const { key, count, error } of rows) {
            expect(count).toBeGreaterThanOrEqual(truth.get(key) ?? 0);
            expect(count - error).toBeLessThanOrEqual(truth.get(key) ?? 0);
          }
          for (const [key, count] of truth) {
            if (!rows.some((row) => row.key === key)) expect(count).toBeLessThanOrEqual(unlisted);
          }
        },
      ),
    );
  });

  it('counts exactly while there is room, and says who was seen last', () => {
    const sketch = sketchOf(3, [
      [1, 5, 'cold'],
      [2, 1, 'cold'],
      [1, 2, 'expired'],
      [3, 1, 'vary'],
    ]);
    sketch.add('k1', 'other', 'route', 1, 'cold');
    expect(sketch.row('k1')).toEqual({
      key: 'k1',
      service: 'other',
      route: 'route',
      count: 8,
      error: 0,
      reasons: { cold: 6, expired: 2 },
    });
    expect(sketch.floor).toBe(1);
    sketch.add('k4', 's', 'r', 1, 'cold');
    expect(sketch.row('k4')).toMatchObject({ count: 2, error: 1, reasons: { cold: 1 } });
    expect(sketch.keys).toHaveLength(3);
  });

  it('counts no reasons where none are wanted, and keeps a key of any characters', () => {
    const sketch = new SpaceSaving(1, false);
    sketch.add('ключ \ud800', 's', 'r', 2);
    expect(sketch.row('ключ \ud800')).toMatchObject({ count: 2, reasons: {} });
    expect(sketch.keys).toEqual(['ключ \ud800']);
  });
});
