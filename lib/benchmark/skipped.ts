import type { AccessLine } from './access-log.ts';
import type { LogBatch, SkippedLine } from './log-file.ts';

const SHOWN = 3;

/** The lines that couldn't be used: how many, why, and the first three. */
export interface Skipped {
  readonly count: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly first: readonly SkippedLine[];
}

export interface SkipCounter {
  /** Passes the good lines on and counts the others. */
  pass(batches: AsyncIterable<LogBatch>): AsyncIterable<readonly AccessLine[]>;
  /** Good lines passed on so far. */
  passed(): number;
  skipped(): Skipped;
}

export function createSkipCounter(): SkipCounter {
  let count = 0;
  let passed = 0;
  const reasons: Record<string, number> = {};
  const first: SkippedLine[] = [];
  return {
    async *pass(batches) {
      for await (const batch of batches) {
        for (const line of batch.skipped) {
          count += 1;
          reasons[line.reason] = (reasons[line.reason] ?? 0) + 1;
          if (first.length < SHOWN) first.push(line);
        }
        passed += batch.lines.length;
        if (batch.lines.length > 0) yield batch.lines;
      }
    },
    passed: () => passed,
    skipped: () => ({ count, reasons: { ...reasons }, first: [...first] }),
  };
}

/** For people: the count, the reasons and the first lines. */
export function describeSkipped({ count, reasons, first }: Skipped): string[] {
  if (count === 0) return ['Skipped lines     none'];
  const byReason = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  return [
    `Skipped lines     ${count}: ${byReason.map(([reason, times]) => `${times} × ${reason}`).join(', ')}`,
    ...first.map((line) => `  line ${line.number}: ${line.reason}: ${printable(line.excerpt)}`),
  ];
}

/** A log may hold anything, terminal control sequences included. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '·');
}
