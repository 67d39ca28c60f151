'use client';

import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import { MARGIN, TICK, VALUE_AXIS, timeAxisHeight, timeLabel, timeTicks, valueLabel } from './axis';
import { CrosshairSource } from './crosshair';
import type { Series } from './legend';
import { Marks, type MarkedProps } from './marks';
import { PlotArea, type TimeAxis } from './plot-area';

interface StackProps<P> extends TimeAxis {
  readonly label: string;
  readonly points: readonly P[];
  /** From the bottom up. */
  readonly series: readonly Series<P>[];
  readonly height: number;
}

function StackOf<P extends { readonly at: number }>(props: StackProps<P>) {
  const { label, points, series, start, end, height } = props;
  return (
    <AreaChart
      responsive
      data={points}
      syncId="pitwall"
      syncMethod="value"
      margin={MARGIN}
      style={{ width: '100%', height }}
      role="application"
      aria-label={label}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="at"
        type="number"
        domain={[start, end]}
        allowDataOverflow
        ticks={timeTicks(start, end)}
        tickFormatter={timeLabel(end - start)}
        tick={TICK}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        interval={0}
        height={timeAxisHeight(true)}
      />
      <YAxis
        width={VALUE_AXIS}
        tick={TICK}
        tickFormatter={valueLabel}
        tickLine={false}
        axisLine={false}
        tickCount={4}
        interval={0}
      />
      {series.map(({ key, name, colour }) => (
        <Area
          key={key}
          dataKey={key}
          name={name}
          stackId="all"
          type="linear"
          fill={colour}
          fillOpacity={0.9}
          stroke="var(--bg)"
          strokeWidth={0.5}
          activeDot={false}
          isAnimationActive={false}
        />
      ))}
      <Tooltip content={() => null} cursor={{ stroke: 'var(--text-2)', strokeWidth: 1 }} isAnimationActive={false} />
      <CrosshairSource />
    </AreaChart>
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
  const bottom = timeAxisHeight(true);
  return (
    <PlotArea start={plot.start} end={plot.end} bottom={bottom}>
      <Stack {...plot} />
      {marks !== undefined && (
        <Marks marks={marks} start={plot.start} end={plot.end} bottom={bottom} chosen={chosen} onChoose={onMark} />
      )}
    </PlotArea>
  );
}
