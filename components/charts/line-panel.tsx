'use client';

import { memo } from 'react';
import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis, type DotItemDotProps } from 'recharts';
import { MARGIN, TICK, VALUE_AXIS, timeAxisHeight, timeLabel, timeTicks, valueLabel } from './axis';
import { CrosshairSource } from './crosshair';
import type { Series } from './legend';
import { Marks, type MarkedProps } from './marks';
import { PlotArea, type TimeAxis } from './plot-area';

interface LinesProps<P> extends TimeAxis {
  readonly label: string;
  readonly points: readonly P[];
  readonly series: readonly Series<P>[];
  readonly height: number;
  /** Whether the time axis is labelled; off where the panel below it has the same axis. */
  readonly timed?: boolean;
}

interface LoneDotProps<P> {
  readonly dot: DotItemDotProps;
  readonly name: Extract<keyof P, string>;
  readonly points: readonly P[];
}

/** A value between two gaps has no line to show it: it gets a dot. */
function LoneDot<P extends object>({ dot, name, points }: LoneDotProps<P>) {
  const known = (i: number) => points[i] !== undefined && points[i][name] !== null;
  if (dot.cy === undefined || !known(dot.index) || known(dot.index - 1) || known(dot.index + 1)) return null;
  return <circle cx={dot.cx} cy={dot.cy} r={1.5} fill={dot.stroke} />;
}

function LinesOf<P extends { readonly at: number }>(props: LinesProps<P>) {
  const { label, points, series, start, end, height, timed = true } = props;
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
        tick={timed && TICK}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        interval={0}
        height={timeAxisHeight(timed)}
      />
      <YAxis
        width={VALUE_AXIS}
        tick={TICK}
        tickFormatter={valueLabel}
        tickLine={false}
        axisLine={false}
        tickCount={height < 120 ? 3 : 4}
        interval={0}
      />
      {series.map(({ key, name, colour }) => (
        <Line
          key={key}
          dataKey={key}
          name={name}
          type="linear"
          stroke={colour}
          strokeWidth={1.25}
          dot={(dot: DotItemDotProps) => <LoneDot key={dot.index} dot={dot} name={key} points={points} />}
          activeDot={{ r: 3, strokeWidth: 0 }}
          isAnimationActive={false}
        />
      ))}
      <Tooltip content={() => null} cursor={{ stroke: 'var(--text-2)', strokeWidth: 1 }} isAnimationActive={false} />
      <CrosshairSource />
    </LineChart>
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
  const bottom = timeAxisHeight(plot.timed ?? true);
  return (
    <PlotArea start={plot.start} end={plot.end} bottom={bottom}>
      <Lines {...plot} />
      {marks !== undefined && (
        <Marks marks={marks} start={plot.start} end={plot.end} bottom={bottom} chosen={chosen} onChoose={onMark} />
      )}
    </PlotArea>
  );
}
