'use client';

import { memo } from 'react';
import { useCrosshair } from './crosshair';

/** One line of a chart: what it is called, and the colour token it's drawn in. */
export interface Series<P> {
  readonly key: Extract<keyof P, string>;
  readonly name: string;
  readonly colour: string;
}

interface LegendProps<P> {
  readonly points: readonly P[];
  readonly series: readonly Series<P>[];
  readonly format: (value: number | null) => string;
  /** Makes the names buttons, but for the one of `unpickable`. */
  readonly onPick?: (key: string) => void;
  readonly unpickable?: string;
}

/** The point under the crosshair, or the last one. */
export function pointAt<P extends { readonly at: number }>(points: readonly P[], at: number | null): P | undefined {
  if (at === null) return points.at(-1);
  return points.find((point) => point.at === at) ?? points.at(-1);
}

function LegendOf<P extends { readonly at: number }>({ points, series, format, onPick, unpickable }: LegendProps<P>) {
  const point = pointAt(points, useCrosshair());
  return (
    <ul className="flex flex-wrap gap-x-3 text-xs text-text-2">
      {series.map(({ key, name, colour }) => {
        const value = point?.[key];
        return (
          <li key={key} className="inline-flex items-center gap-1.5 leading-5">
            <span aria-hidden className="size-2.5 rounded-xs" style={{ background: colour }} />
            {onPick === undefined || key === unpickable ? (
              name
            ) : (
              <button type="button" onClick={() => onPick(key)} className="h-6 hover:text-text hover:underline">
                {name}
              </button>
            )}
            <span className="min-w-7 font-medium text-text">{format(typeof value === 'number' ? value : null)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Names the lines of a chart in words, each with its value under the crosshair. */
export const Legend = memo(LegendOf) as typeof LegendOf;
