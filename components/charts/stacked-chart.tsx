'use client';

import { memo } from 'react';
import { MARGIN, timeAxisHeight, valueTop } from './axis';
import { CrosshairLine } from './crosshair-line';
import type { Series } from './legend';
import { Marks, type MarkedProps } from './marks';
import { Plot } from './plot';
import { PlotArea, type TimeAxis } from './plot-area';
import { areaShape, layersOf, mostOfLayers } from './shapes';

interface StackProps<P> extends TimeAxis {
  readonly label: string;
  readonly points: readonly P[];
  /** From the bottom up. */
  readonly series: readonly Series<P>[];
  readonly height: number;
}

function StackOf<P extends { readonly at: number }>(props: StackProps<P>) {
  const { label, points, series, start, end, height } = props;
  const tall = height - MARGIN.top - timeAxisHeight(true);
  const layers = layersOf(points, series);
  const scale = { start, end, height: tall, top: valueTop(mostOfLayers(layers), tall) };
  return (
    <Plot
      label={label}
      points={points}
      series={series}
      scale={scale}
      height={height}
      timed
      over={<CrosshairLine axis={scale} height={tall} />}
    >
      {layers.map((layer, i) => (
        <path
          key={layer.key}
          data-series={layer.key}
          d={areaShape(points, layer, scale)}
          fill={series[i]?.colour}
          fillOpacity={0.9}
          stroke="var(--bg)"
          strokeWidth={0.25}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </Plot>
  );
}

/** Drawn anew only when its data is. */
const Stack = memo(StackOf) as typeof StackOf;

/** Series on top of each other; a point of nulls is a gap. */
export function StackedChart<P extends { readonly at: number }>({
  marks,
  chosen,
  onMark,
  ...plot
}: StackProps<P> & MarkedProps) {
  const { start, end, points } = plot;
  const bottom = timeAxisHeight(true);
  return (
    <PlotArea start={start} end={end} points={points} bottom={bottom}>
      <Stack {...plot} />
      {marks !== undefined && (
        <Marks marks={marks} start={start} end={end} bottom={bottom} chosen={chosen} onChoose={onMark} />
      )}
    </PlotArea>
  );
}
