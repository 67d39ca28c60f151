import { formatSi, formatTime } from '@/components/ui/format';

const STEPS = [1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000];

/** ms between two marks of the time axis, by the length of the axis. */
function stepFor(span: number): number {
  // At most six marks: labels of a narrow chart mustn't touch.
  return STEPS.find((step) => span / step <= 6) ?? 900_000;
}

/** Marks of the time axis at round times of the reader's clock. */
export function timeTicks(start: number, end: number): number[] {
  const step = stepFor(end - start);
  const ticks: number[] = [];
  // A label at the very edge would be cut.
  const edge = (end - start) * 0.05;
  for (let at = Math.ceil((start + edge) / step) * step; at <= end - edge; at += step) ticks.push(at);
  return ticks;
}

/** How a mark of the time axis reads: seconds only where the axis is that fine. */
export const timeLabel = (span: number) => (at: number) => formatTime(at, stepFor(span) < 60_000);

export const valueLabel = (value: number): string => formatSi(value);

/** Height of a time axis, px: with labels, or without. */
export const timeAxisHeight = (timed: boolean): number => (timed ? 20 : 4);
/** Width of every value axis, px: equal, so that all plots share their time axis. */
export const VALUE_AXIS = 40;
export const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 } as const;
export const TICK = { fill: 'var(--text-3)', fontSize: 11 } as const;
