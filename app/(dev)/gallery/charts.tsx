import { useState } from 'react';
import { ChartFrame } from '@/components/charts/chart-frame';
import { CrosshairProvider } from '@/components/charts/crosshair';
import { CrosshairTime } from '@/components/charts/crosshair-time';
import { Legend, type Series } from '@/components/charts/legend';
import { LinePanel } from '@/components/charts/line-panel';
import type { Mark } from '@/components/charts/marks';
import { StackedChart } from '@/components/charts/stacked-chart';
import { ZoomProvider, type Stretch } from '@/components/charts/zoom';
import { formatRate, formatTime } from '@/components/ui/format';
import type { Specimen } from './specimen';

interface Place {
  readonly at: number;
  readonly l1: number | null;
  readonly l2: number | null;
  readonly l3: number | null;
  readonly stale: number | null;
  readonly coalesced: number | null;
  readonly origin: number | null;
  readonly error: number | null;
}
type Layer = Exclude<keyof Place, 'at'>;

const END = Math.floor(Date.now() / 60_000) * 60_000;
const START = END - 300_000;
const MEANS: Readonly<Record<Layer, number>> = { l1: 12, l2: 28, l3: 6, stale: 4, coalesced: 3, origin: 5, error: 2 };
const LAYERS = Object.keys(MEANS) as Layer[];

const place = (i: number, known: boolean): Place => {
  const value = (layer: Layer, salt: number) => (known ? MEANS[layer] * (1 + 0.2 * Math.sin(i / 9 + salt)) : null);
  return Object.fromEntries([
    ['at', START + i * 2_000],
    ...LAYERS.map((layer, salt) => [layer, value(layer, salt)]),
  ]) as unknown as Place;
};
const BUSY = Array.from({ length: 151 }, (_, i) => place(i, true));
/** A stretch that nobody measured, with one value alone in it. */
const GAPPED = BUSY.map((point, i) => (i > 60 && i < 90 && i !== 75 ? place(i, false) : point));

const STACK: readonly Series<Place>[] = LAYERS.map((key) => ({ key, name: key, colour: `var(--series-${key})` }));
const LINES: readonly Series<Place>[] = [
  { key: 'l2', name: 'p95', colour: 'var(--series-strong)' },
  { key: 'l1', name: 'p50', colour: 'var(--series-soft)' },
];
const AXIS = { start: START, end: END, height: 160 } as const;

function Frame({ name, points, series }: { name: string; points: readonly Place[]; series: readonly Series<Place>[] }) {
  return (
    <CrosshairProvider>
      <div className="relative w-full">
        <CrosshairTime />
        <ChartFrame title={name} unit="req/s" legend={<Legend points={points} series={series} format={formatRate} />}>
          {series === STACK ? (
            <StackedChart {...AXIS} label={name} points={points} series={series} />
          ) : (
            <LinePanel {...AXIS} label={name} points={points} series={series} />
          )}
        </ChartFrame>
      </div>
    </CrosshairProvider>
  );
}

const MARKS: readonly Mark[] = [
  { at: START + 60_000, id: 'clear', label: 'Marked tag chat:42 stale', tone: 'neutral' },
  { at: START + 120_000, id: 'open', label: 'Breaker open', tone: 'bad' },
  { at: START + 180_000, id: 'half', label: 'Breaker half-open', tone: 'watch' },
  { at: START + 200_000, id: 'closed', label: 'Breaker closed', tone: 'good' },
];

function Marked() {
  const [chosen, setChosen] = useState<string | null>('open');
  const [stretch, setStretch] = useState<Stretch | null>(null);
  return (
    <ZoomProvider onZoom={setStretch}>
      <CrosshairProvider>
        <div className="w-full">
          <StackedChart
            {...AXIS}
            label="Answered by, with marks"
            points={BUSY}
            series={STACK}
            marks={MARKS}
            chosen={chosen}
            onMark={setChosen}
          />
          <p className="text-xs text-text-3">
            {stretch === null
              ? 'Nothing marked out.'
              : `Marked out: ${formatTime(stretch.from)} to ${formatTime(stretch.to)}.`}
          </p>
        </div>
      </CrosshairProvider>
    </ZoomProvider>
  );
}

export const CHARTS: readonly Specimen[] = [
  {
    name: 'StackedChart',
    note: 'Arrows or pointer: one crosshair',
    Show: () => <Frame name="Answered by" points={BUSY} series={STACK} />,
  },
  {
    name: 'StackedChart',
    note: 'With a gap',
    Show: () => <Frame name="Answered by, with a gap" points={GAPPED} series={STACK} />,
  },
  { name: 'StackedChart', note: 'With marks, one chosen; dragging marks out a stretch', Show: Marked },
  { name: 'LinePanel', Show: () => <Frame name="Latency" points={BUSY} series={LINES} /> },
  {
    name: 'LinePanel',
    note: 'With a gap and one value in it',
    Show: () => <Frame name="Latency, with a gap" points={GAPPED} series={LINES} />,
  },
  {
    name: 'LinePanel',
    note: 'Nothing known',
    Show: () => <Frame name="Latency, nothing known" points={[]} series={LINES} />,
  },
];
