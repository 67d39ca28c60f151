import { nice, ticks } from 'd3-array';
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
  const marks: number[] = [];
  // A label at the very edge would be cut.
  const edge = (end - start) * 0.05;
  for (let at = Math.ceil((start + edge) / step) * step; at <= end - edge; at += step) marks.push(at);
  return marks;
}

/** How a mark of the time axis reads: seconds only where the axis is that fine. */
export const timeLabel = (span: number) => (at: number) => formatTime(at, stepFor(span) < 60_000);

/** About how many steps a value axis has. @param height of the plot, px */
const stepsFor = (height: number): number => (height < 100 ? 2 : 3);

/** Where a value axis that begins at 0 ends: round, at or above `most`; 1 where there's nothing to show. */
export function valueTop(most: number, height: number): number {
  return most > 0 ? nice(0, most, stepsFor(height))[1] : 1;
}

/** Marks of a value axis from 0 to `top`, 1, 2 or 5 times a power of ten apart. */
export const valueTicks = (top: number, height: number): number[] => ticks(0, top, stepsFor(height));

export const valueLabel = (value: number): string => formatSi(value);

/** Height of a time axis, px: with labels, or without. */
export const timeAxisHeight = (timed: boolean): number => (timed ? 20 : 4);
/** Width of every value axis, px: equal, so that all plots share their time axis. */
export const VALUE_AXIS = 40;
export const MARGIN = { top: 8, right: 8 } as const;
