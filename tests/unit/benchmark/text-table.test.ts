import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createProgress } from '../../../lib/benchmark/progress.ts';
import { createSkipCounter, describeSkipped } from '../../../lib/benchmark/skipped.ts';
import {
  alignColumns,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatShare,
} from '../../../lib/benchmark/text-table.ts';
import { collect, line } from './lines.ts';

describe('text', () => {
  it('formats what people read', () => {
    expect([formatCount(1_234_567.4), formatShare(1, 3), formatShare(0, 0)]).toEqual(['1,234,567', '33.3 %', '–']);
    expect([0, 1_023, 1_024, 1_048_575, 2.5 * 2 ** 30].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.0 MiB',
      '2.5 GiB',
    ]);
    expect([0.123, 9.87, 42.42, 1_234].map(formatMs)).toEqual(['0.12', '9.87', '42.4', '1,234']);
    expect([250, 4_200, 42_000, 185_000, 7_800_000].map(formatDuration)).toEqual([
      '250 ms',
      '4.2 s',
      '42 s',
      '3 min 5 s',
      '2 h 10 min',
    ]);
  });

  it('aligns columns: the first to the left, the others to the right', () => {
    expect(alignColumns([['a', '1'], ['long', '1,000', 'x'], []])).toEqual(['a          1', 'long   1,000   x', '']);
  });

  it('never prints NaN', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
        for (const text of [
          formatBytes(Math.round(value)),
          formatDuration(value),
          formatMs(value),
          formatShare(value, value),
        ]) {
          expect(text).not.toMatch(/NaN|Infinity|undefined/);
        }
      }),
    );
  });
});

describe('skipped lines', () => {
  it('are counted by reason, and the first three shown without control characters', async () => {
    const counter = createSkipCounter();
    expect(describeSkipped(counter.skipped())).toEqual(['Skipped lines     none']);
    async function* batches() {
      yield { lines: [line(0)], skipped: [{ number: 2, reason: 'empty line', excerpt: '' }] };
      const odd = [3, 4, 5].map((number) => ({ number, reason: 'odd', excerpt: '\u001b[31mred' }));
      yield { lines: [], skipped: odd };
    }
    expect(await collect(counter.pass(batches()))).toHaveLength(1);
    expect(counter.passed()).toBe(1);
    expect(describeSkipped(counter.skipped())).toEqual([
      'Skipped lines     4: 3 × odd, 1 × empty line',
      '  line 2: empty line: ',
      '  line 3: odd: ·[31mred',
      '  line 4: odd: ·[31mred',
    ]);
  });
});

describe('progress', () => {
  function shown(isTTY: boolean) {
    const written: string[] = [];
    const clock = manualClock();
    const progress = createProgress({ stream: { isTTY, write: (text) => written.push(text) }, clock });
    return { written, clock, progress };
  }

  it('is a bar on a terminal, redrawn ten times a second and cleared at the end', () => {
    const { written, clock, progress } = shown(true);
    progress.end();
    progress.show(0, 0);
    expect(written).toEqual([]);
    clock.advance(1_000);
    progress.show(0.25, 500);
    progress.show(0.26, 501);
    expect(written).toEqual(['\r\u001b[K[######..................] 25 % 500 requests, 500/s, 3.0 s left']);
    progress.end();
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('is a plain line every 5 s elsewhere', () => {
    const { written, clock, progress } = shown(false);
    for (let second = 1; second <= 12; second++) {
      clock.advance(1_000);
      progress.show(second / 10, second * 1_000);
    }
    progress.end();
    expect(written).toEqual(['50 %: 5,000 requests, 1,000/s, 5.0 s left\n', '100 %: 10,000 requests, 1,000/s\n']);
  });
});
