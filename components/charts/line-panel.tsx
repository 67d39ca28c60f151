'use client';

import { memo } from 'react';
import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts';
import { MARGIN, TICK, VALUE_AXIS, timeLabel, timeTicks, valueLabel } from './axis';
import { CrosshairSource } from './crosshair';
import type { Series } from './legend';

interface LinePanelProps<P> {
  readonly label: string;
  readonly points: readonly P[];
  readonly series: readonly Series<P>[];
  readonly start: number;
  readonly end: number;
  readonly height: number;
}

function LinePanelOf<P extends { readonly at: number }>(props: LinePanelProps<P>) {
  const { label, points, series, start, end, height } = props;
  return (
    <LineChart
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
      />
      {series.map(({ key, name, colour }) => (
        <Line
          key={key}
          dataKey={key}
          name={name}
          type="linear"
          stroke={colour}
          strokeWidth={1.25}
          dot={false}
          activeDot={{ r: 3, strokeWidth: 0 }}
          isAnimationActive={false}
        />
      ))}
      <Tooltip content={() => null} cursor={{ stroke: 'var(--text-2)', strokeWidth: 1 }} isAnimationActive={false} />
      <CrosshairSource />
    </LineChart>
  );
}

/** Lines over time; null is a gap, never bridged. */
export const LinePanel = memo(LinePanelOf) as typeof LinePanelOf;
