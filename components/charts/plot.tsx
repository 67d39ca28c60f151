'use client';

import type { KeyboardEvent, ReactNode } from 'react';
import { formatTime } from '@/components/ui/format';
import { TimeLabels, ValueAxis } from './axes';
import { MARGIN, VALUE_AXIS, valueLabel } from './axis';
import { useCrosshair, useCrosshairStore } from './crosshair';
import type { Series } from './legend';
import { PLOT_WIDTH, valueOf, type Scale } from './shapes';

interface PlotProps<P> {
  /** Names the chart and its unit. */
  readonly label: string;
  readonly points: readonly P[];
  readonly series: readonly Series<P>[];
  readonly scale: Scale;
  /** px with both axes. */
  readonly height: number;
  readonly timed: boolean;
  /** What is drawn, within PLOT_WIDTH and the scale's height. */
  readonly children: ReactNode;
  /** What lies over it, in the chart's box. */
  readonly over: ReactNode;
}

/** Points that a key moves the crosshair by; Home and End go to the ends. */
const STEP: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/** One chart as a control: arrows move the crosshair over its points, and each point is read out. */
function Reader<P extends { readonly at: number }>(props: Omit<PlotProps<P>, 'scale' | 'timed' | 'over'>) {
  const { label, points, series, height, children } = props;
  const crosshair = useCrosshairStore();
  const at = useCrosshair();
  const last = points.length - 1;
  const found = at === null ? -1 : points.findIndex((point) => point.at === at);
  const point = points[found];
  const values = series.map(({ key, name }) => {
    const value = valueOf(point, key);
    return `${name} ${value === null ? 'unknown' : valueLabel(value)}`;
  });
  const pressed = (event: KeyboardEvent) => {
    const step = STEP[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || last < 0) return;
    event.preventDefault();
    // The first key shows what the legend has been telling: the last point.
    const next = found < 0 && Number.isFinite(step) ? last : Math.min(Math.max(found + step, 0), last);
    crosshair.set(points[next]?.at ?? null);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(last, 0)}
      aria-valuenow={found < 0 ? Math.max(last, 0) : found}
      aria-valuetext={point === undefined ? 'No moment chosen' : `${formatTime(point.at)}: ${values.join(', ')}`}
      className="relative text-2xs text-text-3"
      style={{ height }}
      onKeyDown={pressed}
      onBlur={() => crosshair.set(null)}
    >
      {children}
    </div>
  );
}

/** Axes, grid, what is drawn, crosshair: all that the charts have alike. Nothing in it is measured: CSS stretches it. */
export function Plot<P extends { readonly at: number }>({ scale, timed, children, over, ...read }: PlotProps<P>) {
  return (
    <Reader {...read}>
      <ValueAxis top={scale.top} height={scale.height} />
      <svg
        aria-hidden
        data-testid="plot"
        viewBox={`0 0 ${PLOT_WIDTH} ${scale.height}`}
        preserveAspectRatio="none"
        className="absolute overflow-hidden"
        style={{
          left: VALUE_AXIS,
          top: MARGIN.top,
          width: `calc(100% - ${VALUE_AXIS + MARGIN.right}px)`,
          height: scale.height,
        }}
      >
        {children}
      </svg>
      {timed && <TimeLabels start={scale.start} end={scale.end} />}
      {over}
    </Reader>
  );
}
