'use client';

import { memo } from 'react';
import { MARGIN, timeAxisHeight, valueTop } from './axis';
import { CrosshairLine } from './crosshair-line';
import type { Series } from './legend';
import { Marks, type MarkedProps } from './marks';
import { Plot } from './plot';
import { PlotArea, type TimeAxis } from './plot-area';
import { lineShape, mostOf, valueOf, yOf } from './shapes';

interface LinesProps<P> extends TimeAxis {
  readonly label: string;
  readonly points: readonly P[];
  readonly series: readonly Series<P>[];
  readonly height: number;
  /** Whether the time axis is labelled; off where the panel below it has the same axis. */
  readonly timed?: boolean;
}

function LinesOf<P extends { readonly at: number }>(props: LinesProps<P>) {
  const { label, points, series, start, end, height, timed = true } = props;
  const tall = height - MARGIN.top - timeAxisHeight(timed);
  const scale = { start, end, height: tall, top: valueTop(mostOf(points, series), tall) };
  const dotsAt = (at: number) => {
    const point = points.find((each) => each.at === at);
    return series.flatMap(({ key, colour }) => {
      const value = valueOf(point, key);
      return value === null ? [] : [{ key, colour, y: yOf(value, scale) }];
    });
  };
  return (
    <Plot
      label={label}
      points={points}
      series={series}
      scale={scale}
      height={height}
      timed={timed}
      over={<CrosshairLine axis={scale} height={tall} dotsAt={dotsAt} />}
    >
      {series.map(({ key, colour }) => {
        const { line, lone } = lineShape(points, key, scale);
        return (
          <g key={key} fill="none" stroke={colour} strokeLinejoin="round">
            <path data-series={key} d={line} strokeWidth={1.25} vectorEffect="non-scaling-stroke" />
            {lone !== '' && <path d={lone} strokeWidth={3} strokeLinecap="round" vectorEffect="non-scaling-stroke" />}
          </g>
        );
      })}
    </Plot>
  );
}

/** Drawn anew only when its data is. */
const Lines = memo(LinesOf) as typeof LinesOf;

/** Lines over time; null is a gap, never bridged. */
export function LinePanel<P extends { readonly at: number }>({
  marks,
  chosen,
  onMark,
  ...plot
}: LinesProps<P> & MarkedProps) {
  const { start, end, points, timed = true } = plot;
  const bottom = timeAxisHeight(timed);
  return (
    <PlotArea start={start} end={end} points={points} bottom={bottom}>
      <Lines {...plot} />
      {marks !== undefined && (
        <Marks marks={marks} start={start} end={end} bottom={bottom} chosen={chosen} onChoose={onMark} />
      )}
    </PlotArea>
  );
}
