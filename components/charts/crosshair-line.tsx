'use client';

import { MARGIN } from './axis';
import { useCrosshair } from './crosshair';
import { placeOf, type TimeAxis } from './plot-area';

interface CrosshairLineProps {
  readonly axis: TimeAxis;
  /** px of the plot. */
  readonly height: number;
  /** Values at a moment that get a dot each: px from the plot's top. */
  readonly dotsAt?:
    ((at: number) => readonly { readonly key: string; readonly y: number; readonly colour: string }[]) | undefined;
}

/** The crosshair in one chart: where its moment is, and what the lines have there. */
export function CrosshairLine({ axis, height, dotsAt }: CrosshairLineProps) {
  const at = useCrosshair();
  if (at === null || at < axis.start || at > axis.end) return null;
  return (
    <div
      aria-hidden
      data-testid="crosshair"
      className="pointer-events-none absolute w-px -translate-x-1/2 bg-text-2"
      style={{ left: placeOf(at, axis), top: MARGIN.top, height }}
    >
      {dotsAt?.(at).map(({ key, y, colour }) => (
        <span
          key={key}
          className="absolute left-1/2 size-1.5 -translate-1/2 rounded-full"
          style={{ top: y, background: colour }}
        />
      ))}
    </div>
  );
}
