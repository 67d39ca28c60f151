'use client';

import { memo, useMemo } from 'react';
import type { Change } from '@/lib/contracts/changes';
import { ChartFrame } from '@/components/charts/chart-frame';
import { CrosshairProvider } from '@/components/charts/crosshair';
import { CrosshairTime } from '@/components/charts/crosshair-time';
import { Legend, type Series } from '@/components/charts/legend';
import { LinePanel } from '@/components/charts/line-panel';
import type { Mark } from '@/components/charts/marks';
import { StackedChart } from '@/components/charts/stacked-chart';
import { formatLatency, formatRate } from '@/components/ui/format';
import type { Point } from '@/hooks/series';

const ANSWERED: readonly Series<Point>[] = [
  { key: 'l1', name: 'L1', colour: 'var(--series-l1)' },
  { key: 'l2', name: 'L2', colour: 'var(--series-l2)' },
  { key: 'l3', name: 'L3', colour: 'var(--series-l3)' },
  { key: 'stale', name: 'Stale', colour: 'var(--series-stale)' },
  { key: 'coalesced', name: 'Coalesced', colour: 'var(--series-coalesced)' },
  { key: 'origin', name: 'Origin', colour: 'var(--series-origin)' },
  { key: 'error', name: 'Error', colour: 'var(--series-error)' },
];
const HIT: readonly Series<Point>[] = [
  { key: 'hitP95', name: 'Hit p95', colour: 'var(--series-strong)' },
  { key: 'hitP50', name: 'p50', colour: 'var(--series-soft)' },
];
const MISS: readonly Series<Point>[] = [
  { key: 'missP95', name: 'Miss p95', colour: 'var(--series-strong)' },
  { key: 'missP50', name: 'p50', colour: 'var(--series-soft)' },
];
const ORIGIN: readonly Series<Point>[] = [
  { key: 'requests', name: 'Asked', colour: 'var(--series-soft)' },
  { key: 'originCalls', name: 'Reached origin', colour: 'var(--series-strong)' },
];

const milliseconds = (value: number | null): string => {
  const { value: number, unit } = formatLatency(value);
  return unit === 'ms' ? number : `${number} ${unit}`;
};

interface ChartsPanelProps {
  readonly points: readonly Point[];
  readonly start: number;
  readonly end: number;
  /** What changed meanwhile: a mark each. */
  readonly changes: readonly Change[];
  /** The change that stands out. */
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** A change as a mark, in words. */
const markOf = ({ at, id, title, service, tone }: Change): Mark => ({
  at,
  id,
  label: service === null ? title : `${title} ${service}`,
  tone,
});

function ChartsPanelOf({ points, start, end, changes, chosen, onChoose }: ChartsPanelProps) {
  const marks = useMemo(() => changes.map(markOf), [changes]);
  const axis = { points, start, end, marks, chosen };
  return (
    <CrosshairProvider>
      <div className="relative grid gap-x-8 gap-y-6 py-4 lg:grid-cols-2 xl:grid-cols-[2fr_1fr_1fr]">
        <CrosshairTime />
        <div className="min-w-0 lg:col-span-2 xl:col-span-1">
          <ChartFrame
            title="Answered by"
            unit="req/s"
            legend={<Legend points={points} series={ANSWERED} format={formatRate} />}
          >
            <StackedChart
              {...axis}
              label="Answered by, requests per second"
              series={ANSWERED}
              height={184}
              onMark={onChoose}
            />
          </ChartFrame>
        </div>
        <ChartFrame
          title="Latency"
          unit="ms to the first byte"
          legend={
            <>
              <Legend points={points} series={HIT} format={milliseconds} />
              <LinePanel {...axis} label="Latency of hits, milliseconds" series={HIT} height={84} timed={false} />
            </>
          }
        >
          <Legend points={points} series={MISS} format={milliseconds} />
          <LinePanel {...axis} label="Latency of misses, milliseconds" series={MISS} height={100} />
        </ChartFrame>
        <ChartFrame
          title="Origin calls"
          unit="per second"
          legend={<Legend points={points} series={ORIGIN} format={formatRate} />}
        >
          <LinePanel {...axis} label="Origin calls per second" series={ORIGIN} height={184} />
        </ChartFrame>
      </div>
    </CrosshairProvider>
  );
}

/** Three charts, one time axis, one crosshair. */
export const ChartsPanel = memo(ChartsPanelOf);
