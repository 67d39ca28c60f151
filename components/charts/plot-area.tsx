'use client';

import { useEffect, useRef, type PointerEvent, type ReactNode } from 'react';
import { bisector } from 'd3-array';
import { MARGIN, VALUE_AXIS } from './axis';
import { classes } from '@/components/ui/classes';
import { useCrosshairStore } from './crosshair';
import { useStretch, useZoom } from './zoom';

/** px that a pointer moves before it marks something out. */
const LEAST_DRAG = 4;

export interface TimeAxis {
  /** Ends of the time axis, ms since the epoch. */
  readonly start: number;
  readonly end: number;
}

/** Where a moment lies within a chart's box, as a CSS length from the left. */
export function placeOf(at: number, { start, end }: TimeAxis): string {
  const share = Math.min(Math.max((at - start) / (end - start), 0), 1);
  return `calc(${VALUE_AXIS}px + (100% - ${VALUE_AXIS + MARGIN.right}px) * ${share})`;
}

/** The moment under a pointer. @param box of the chart, px */
export function momentAt(x: number, box: Pick<DOMRect, 'left' | 'width'>, { start, end }: TimeAxis): number {
  const share = (x - box.left - VALUE_AXIS) / (box.width - VALUE_AXIS - MARGIN.right);
  return start + Math.min(Math.max(share, 0), 1) * (end - start);
}

/** What is being marked out, on every chart. */
function Band({ axis, bottom }: { axis: TimeAxis; bottom: number }) {
  const stretch = useStretch();
  if (stretch === null) return null;
  const [from, to] = [placeOf(stretch.from, axis), placeOf(stretch.to, axis)];
  return (
    <div
      aria-hidden
      data-testid="band"
      className="pointer-events-none absolute border-x border-accent bg-accent/15"
      style={{ left: from, width: `calc(${to} - ${from})`, top: MARGIN.top, bottom }}
    />
  );
}

interface Timed {
  readonly at: number;
}

const byTime = bisector((point: Timed) => point.at);

/** The moment of the point that is nearest to this one; null where there's no point. @param points oldest first */
export const nearestMoment = (points: readonly Timed[], at: number): number | null =>
  points[byTime.center(points, at)]?.at ?? null;

interface PlotAreaProps extends TimeAxis {
  /** What the crosshair stands on, oldest first. */
  readonly points: readonly Timed[];
  /** px below the plot. */
  readonly bottom: number;
  /** The chart, and what lies over it. */
  readonly children: ReactNode;
}

/**
 * The box of a chart: the crosshair follows the pointer; dragging marks out a stretch of time where that zooms, and
 * Escape gives it up.
 */
export function PlotArea({ start, end, points, bottom, children }: PlotAreaProps) {
  const zoom = useZoom();
  const crosshair = useCrosshairStore();
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly x: number; readonly at: number; moving: boolean } | null>(null);
  const axis = { start, end };

  useEffect(() => {
    if (zoom === null) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || drag.current === null) return;
      drag.current = null;
      zoom.mark(null);
      event.stopPropagation();
    };
    window.addEventListener('keydown', pressed, true);
    return () => window.removeEventListener('keydown', pressed, true);
  }, [zoom]);

  const under = (event: PointerEvent) => momentAt(event.clientX, box.current?.getBoundingClientRect() ?? NO_BOX, axis);
  const finish = (take: boolean) => () => {
    const taken = drag.current?.moving === true && take;
    drag.current = null;
    if (taken) zoom?.take();
    else if (zoom !== null && zoom.get() !== null) zoom.mark(null);
  };
  return (
    <div
      ref={box}
      className={classes('relative', zoom !== null && 'cursor-crosshair touch-pan-y select-none')}
      onPointerDown={(event) => {
        if (zoom === null || event.button !== 0 || !event.isPrimary) return;
        drag.current = { x: event.clientX, at: under(event), moving: false };
      }}
      onPointerMove={(event) => {
        const at = under(event);
        crosshair.set(nearestMoment(points, at));
        const begun = drag.current;
        if (begun === null) return;
        if (!begun.moving) {
          if (Math.abs(event.clientX - begun.x) < LEAST_DRAG) return;
          begun.moving = true;
          box.current?.setPointerCapture(event.pointerId);
        }
        zoom?.mark({ from: Math.min(begun.at, at), to: Math.max(begun.at, at) });
      }}
      onPointerLeave={() => crosshair.set(null)}
      onPointerUp={finish(true)}
      onPointerCancel={finish(false)}
    >
      {children}
      <Band axis={axis} bottom={bottom} />
    </div>
  );
}

const NO_BOX = { left: 0, width: 0 };
