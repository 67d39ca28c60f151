'use client';

import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import { MARGIN, TICK, VALUE_AXIS, timeLabel, timeTicks, valueLabel } from './axis';
import { CrosshairSource } from './crosshair';
import type { Series } from './legend';

interface StackedChartProps<P> {
  readonly label: string;
  readonly points: readonly P[];
  /** From the bottom up. */
  readonly series: readonly Series<P>[];
  readonly start: number;
  readonly end: number;
  readonly height: number;
}

function StackedChartOf<P extends { readonly at: number }>(props: StackedChartProps<P>) {
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
        height={20}
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

/** Series on top of each other; a point of nulls is a gap. */
export const StackedChart = memo(StackedChartOf) as typeof StackedChartOf;
