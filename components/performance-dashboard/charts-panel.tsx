'use client';

import { memo, useCallback, useMemo } from 'react';
import type { Change } from '@/lib/contracts/changes';
import { MISS_REASON } from '@/lib/contracts/miss-reason';
import type { Sample } from '@/lib/contracts/overview';
import type { MissReason } from '@/lib/contracts/traffic';
import { ChartFrame } from '@/components/charts/chart-frame';
import { CrosshairProvider } from '@/components/charts/crosshair';
import { CrosshairTime } from '@/components/charts/crosshair-time';
import { Legend, type Series } from '@/components/charts/legend';
import { LinePanel } from '@/components/charts/line-panel';
import type { Mark } from '@/components/charts/marks';
import { StackedChart } from '@/components/charts/stacked-chart';
import { ZoomProvider, type Stretch } from '@/components/charts/zoom';
import { formatLatency, formatRate } from '@/components/ui/format';
import { toReasonPoints, type ReasonPoint } from '@/hooks/reasons';
import type { Point } from '@/hooks/series';

/** px of a chart with its time axis. */
const HEIGHT = 160;

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

/** A change as a mark, in words. */
const markOf = ({ at, id, title, service, tone }: Change): Mark => ({
  at,
  id,
  label: service === null ? title : `${title} ${service}`,
  tone,
});

const REASON_COLOURS = ['l1', 'l2', 'l3', 'stale', 'coalesced'] as const;

/** The reasons' layers; one that is looked at stands out from the rest. */
function reasonSeries(shown: readonly MissReason[], looked: MissReason | null): Series<ReasonPoint>[] {
  const layers = shown.map((reason, i): Series<ReasonPoint> => {
    const colour = looked === null ? REASON_COLOURS[i] : reason === looked ? 'strong' : 'origin';
    return { key: reason, name: MISS_REASON[reason].words, colour: `var(--series-${colour})` };
  });
  return [...layers, { key: 'other', name: 'other', colour: 'var(--series-origin)' }];
}

interface ChartsPanelProps {
  readonly points: readonly Point[];
  readonly samples: readonly Sample[];
  readonly start: number;
  readonly end: number;
  readonly changes: readonly Change[];
  /** The change that stands out. */
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  /** Reasons of misses that are told apart, from the bottom up; a list with the same reasons is the same. */
  readonly reasons: string;
  readonly reason: MissReason | null;
  readonly onReason: (reason: MissReason) => void;
  readonly onZoom: (stretch: Stretch) => void;
  /** Why there are no hits, where there are none. */
  readonly noHits: string;
}

function ChartsPanelOf(props: ChartsPanelProps) {
  const { points, samples, start, end, changes, chosen, onChoose, reasons, reason, onReason, onZoom, noHits } = props;
  const marks = useMemo(() => changes.map(markOf), [changes]);
  const shown = useMemo(() => (reasons === '' ? [] : reasons.split(' ')) as MissReason[], [reasons]);
  const missPoints = useMemo(() => toReasonPoints(samples, shown), [samples, shown]);
  const missSeries = useMemo(() => reasonSeries(shown, reason), [shown, reason]);
  const pick = useCallback((key: string) => onReason(key as MissReason), [onReason]);
  const axis = { points, start, end, marks, chosen };
  return (
    <CrosshairProvider>
      <ZoomProvider onZoom={onZoom}>
        <div className="relative grid gap-x-8 gap-y-6 py-4 lg:grid-cols-2">
          <CrosshairTime />
          <ChartFrame
            title="Answered by"
            unit="req/s"
            legend={<Legend points={points} series={ANSWERED} format={formatRate} />}
          >
            <StackedChart
              {...axis}
              label="Answered by, requests per second"
              series={ANSWERED}
              height={HEIGHT}
              onMark={onChoose}
            />
          </ChartFrame>
          <ChartFrame
            title="Latency"
            unit="ms to the first byte"
            legend={
              <>
                <Legend points={points} series={HIT} format={milliseconds} />
                {points.some(({ hitP95 }) => hitP95 !== null) ? (
                  <LinePanel {...axis} label="Latency of hits, milliseconds" series={HIT} height={72} timed={false} />
                ) : (
                  <p className="grid h-[72px] place-items-center text-xs text-text-3">{noHits}</p>
                )}
              </>
            }
          >
            <Legend points={points} series={MISS} format={milliseconds} />
            <LinePanel {...axis} label="Latency of misses, milliseconds" series={MISS} height={88} />
          </ChartFrame>
          <ChartFrame
            title="Origin calls"
            unit="per second"
            legend={<Legend points={points} series={ORIGIN} format={formatRate} />}
          >
            <LinePanel {...axis} label="Origin calls per second" series={ORIGIN} height={HEIGHT} />
          </ChartFrame>
          <ChartFrame
            title="Misses by reason"
            unit="req/s"
            legend={
              <Legend points={missPoints} series={missSeries} format={formatRate} onPick={pick} unpickable="other" />
            }
          >
            <StackedChart
              {...axis}
              points={missPoints}
              label="Misses by reason, requests per second"
              series={missSeries}
              height={HEIGHT}
            />
          </ChartFrame>
        </div>
      </ZoomProvider>
    </CrosshairProvider>
  );
}

/** Four charts, one time axis, one crosshair, the same marks; dragging over any zooms all. */
export const ChartsPanel = memo(ChartsPanelOf);
