import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrdering } from '../../../lib/benchmark/in-order.ts';
import { spreadWithinSeconds } from '../../../lib/benchmark/spread.ts';
import { batchesOf, collect, line } from './lines.ts';

describe('ordering', () => {
  it('puts lines in order when they are less than a minute late', async () => {
    const offset = fc.integer({ min: 0, max: 29_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(offset, { maxLength: 20 }), { maxLength: 20 }), async (batches) => {
        // Time goes on by 10 s a batch; none is ever a minute late.
        const lines = batches.map((offsets, index) => offsets.map((late) => line(index * 10_000 - late)));
        const sorted = await collect(createOrdering().inOrder(batchesOf(...lines)));
        const times = sorted.map(({ at }) => at);
        expect(times).toEqual(
          lines
            .flat()
            .map(({ at }) => at)
            .sort((a, b) => a - b),
        );
      }),
    );
  });

  it('loses nothing, keeps the order of equals, and counts what stood late', async () => {
    const ordering = createOrdering();
    const input = [
      line(5_000, '/a'),
      line(500_000, '/b'),
      line(500_000, '/c'),
      line(4_000, '/too-late'),
      line(499_000, '/d'),
    ];
    const sorted = await collect(ordering.inOrder(batchesOf(...input.map((one) => [one]))));
    expect(sorted.map(({ path }) => path)).toEqual(['/a', '/too-late', '/d', '/b', '/c']);
    expect(ordering.reordered()).toBe(2);
  });

  it('holds back no more than it may', async () => {
    let given = 0;
    let taken = 0;
    let most = 0;
    async function* busy() {
      for (let i = 0; i < 300; i++) {
        given += 1_000;
        yield Array.from({ length: 1_000 }, () => line(1_000));
      }
    }
    for await (const batch of createOrdering().inOrder(busy())) {
      most = Math.max(most, given - taken);
      taken += batch.length;
    }
    expect(taken).toBe(300_000);
    expect(most).toBeLessThanOrEqual(201_000);
  });
});

describe('spreading', () => {
  it('gives the lines of a second even distances, across batches', async () => {
    const spread = await collect(
      spreadWithinSeconds(
        batchesOf([line(1_000), line(1_000)], [line(1_000), line(1_000), line(2_000)], [], [line(4_000)]),
      ),
    );
    expect(spread.map(({ at }) => at)).toEqual([1_000, 1_250, 1_500, 1_750, 2_000, 4_000]);
    expect(await collect(spreadWithinSeconds(batchesOf()))).toEqual([]);
  });

  it('never leaves the second, nor holds a busy one whole', async () => {
    const many = Array.from({ length: 120_000 }, () => line(7_000));
    const spread = await collect(spreadWithinSeconds(batchesOf(many)));
    expect(spread).toHaveLength(120_000);
    for (const { at } of spread) if (at < 7_000 || at >= 8_000) expect(at).toBe(7_000);
  });
});
