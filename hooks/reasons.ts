import type { ReasonShare } from '../lib/contracts/miss-reason';
import type { Sample } from '../lib/contracts/overview';
import { MISS_REASONS, type MissReason } from '../lib/contracts/traffic';

/** Reasons that a chart tells apart; the rest is "other". */
export const MOST_REASONS = 5;

/** The reasons that a chart shows, from the bottom up: the most frequent ones, and the one that is looked at. */
export function chartReasons(shares: readonly ReasonShare[], looked: MissReason | null): MissReason[] {
  const most = shares.slice(0, MOST_REASONS).map(({ reason }) => reason);
  if (looked === null || most.includes(looked)) return most;
  return [...most.slice(0, MOST_REASONS - 1), looked];
}

/** One place on the chart of reasons: requests per second by reason; null = unknown, a gap. */
export type ReasonPoint = { readonly at: number } & Readonly<Partial<Record<MissReason | 'other', number | null>>>;

export function toReasonPoints(samples: readonly Sample[], shown: readonly MissReason[]): ReasonPoint[] {
  return samples.map(({ at, known, reasons }) => {
    const point: Partial<Record<MissReason | 'other', number | null>> = {};
    let rest = MISS_REASONS.reduce((sum, reason) => sum + (reasons[reason] ?? 0), 0);
    for (const reason of shown) {
      const rate = reasons[reason] ?? 0;
      point[reason] = known ? rate : null;
      rest -= rate;
    }
    point.other = known ? Math.max(0, rest) : null;
    return { at, ...point };
  });
}
