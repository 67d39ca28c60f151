import { max } from 'd3-array';
import { area, line, stack } from 'd3-shape';
import type { Series } from './legend';
import type { TimeAxis } from './plot-area';

/** Width of every plot in units of its own: the browser stretches it to what there is, all but strokes and letters. */
export const PLOT_WIDTH = 1_000;
/** Decimals of a path: a tenth of a unit is less than a pixel. */
const DIGITS = 1;

/** What a plot shows: a stretch of time, and values from 0 to `top` over `height` px. */
export interface Scale extends TimeAxis {
  readonly top: number;
  readonly height: number;
}

interface Timed {
  readonly at: number;
}

const xOf = (at: number, { start, end }: TimeAxis): number => ((at - start) / (end - start)) * PLOT_WIDTH;

/** px from the top of the plot. */
export const yOf = (value: number, { top, height }: Pick<Scale, 'top' | 'height'>): number =>
  height * (1 - value / top);

/** A point's value of one series; null where nobody measured. */
export function valueOf<P extends object>(point: P | undefined, key: Series<P>['key']): number | null {
  const value = point?.[key];
  return typeof value === 'number' ? value : null;
}

/** The greatest value of these series; 0 where there is none. */
export const mostOf = <P extends Timed>(points: readonly P[], series: readonly Series<P>[]): number =>
  max(series, ({ key }) => max(points, (point) => valueOf(point, key))) ?? 0;

/** Paths of one series: its known stretches, and the values between two gaps, which have no line to show them. */
export interface LineShape {
  readonly line: string;
  readonly lone: string;
}

/** One series as a line; what isn't known is a gap. */
export function lineShape<P extends Timed>(points: readonly P[], key: Series<P>['key'], scale: Scale): LineShape {
  const known = (i: number): boolean => valueOf(points[i], key) !== null;
  const draw = line<P>(
    ({ at }) => xOf(at, scale),
    (point) => yOf(valueOf(point, key) ?? 0, scale),
  ).digits(DIGITS);
  return {
    line: draw.defined((_, i) => known(i))([...points]) ?? '',
    lone: draw.defined((_, i) => known(i) && !known(i - 1) && !known(i + 1))([...points]) ?? '',
  };
}

/** One series on top of those below it: from where to where at each point; not a number where nobody measured. */
export interface Layer<P> {
  readonly key: Series<P>['key'];
  readonly spans: readonly (readonly [bottom: number, top: number])[];
}

/** Series stacked from the bottom up; what isn't known adds nothing to those above it. */
export function layersOf<P extends Timed>(points: readonly P[], series: readonly Series<P>[]): Layer<P>[] {
  return stack<P, Series<P>['key']>()
    .keys(series.map(({ key }) => key))
    .value((point, key) => valueOf(point, key) ?? Number.NaN)(points)
    .map((spans) => ({ key: spans.key, spans: spans.map(([bottom, top]) => [bottom, top] as const) }));
}

/** Where the highest layer ends; 0 where there is none. */
export const mostOfLayers = <P>(layers: readonly Layer<P>[]): number =>
  max(layers, ({ spans }) => max(spans, ([, top]) => top)) ?? 0;

/** The path of a layer; what isn't known is a gap. */
export function areaShape<P extends Timed>(points: readonly P[], { spans }: Layer<P>, scale: Scale): string {
  const draw = area<P>()
    .x(({ at }) => xOf(at, scale))
    .y0((_, i) => yOf(spans[i]?.[0] ?? 0, scale))
    .y1((_, i) => yOf(spans[i]?.[1] ?? 0, scale))
    .defined((_, i) => Number.isFinite(spans[i]?.[1]))
    .digits(DIGITS);
  return draw([...points]) ?? '';
}
