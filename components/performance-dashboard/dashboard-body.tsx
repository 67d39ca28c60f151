'use client';

import type { PointerEvent } from 'react';
import dynamic from 'next/dynamic';
import { axisOf, type PerformanceState } from '@/hooks/use-performance-metrics';
import type { View } from '@/hooks/view';
import { Empty } from './empty';
import { Failed } from './failed';
import { Footer } from './footer';
import { HealthLine } from './health-line';
import { Hero } from './hero';
import { LevelsStrip } from './levels-strip';
import { NeedsYou } from './needs-you';
import { RoutesTable } from './routes-table';
import { ChartsSkeleton, Skeleton } from './skeleton';
import { Tiles } from './tiles';

const ChartsPanel = dynamic(() => import('./charts-panel').then((module) => module.ChartsPanel), {
  ssr: false,
  loading: ChartsSkeleton,
});

interface DashboardBodyProps {
  readonly state: PerformanceState;
  readonly view: View;
  readonly onChange: (change: Partial<View>) => void;
  /** Whether a mouse rests on what would move. */
  readonly onHover: (hovering: boolean) => void;
  readonly onRetry: () => void;
}

/** Loading, failed, no requests, or the numbers: four faces. */
export function DashboardBody({ state, view, onChange, onHover, onRetry }: DashboardBodyProps) {
  if (state.status === 'loading') return <Skeleton />;
  if (state.status === 'failed') {
    const showAll = view.service === 'all' ? null : () => onChange({ service: 'all', open: null });
    return <Failed error={state.error} retrying={state.retrying} onRetry={onRetry} onShowAll={showAll} />;
  }
  const { overview } = state;
  const [start, end] = axisOf(overview);
  const hover = (hovering: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') onHover(hovering);
  };
  return (
    <>
      <HealthLine overview={overview} />
      <NeedsYou overview={overview} />
      <section
        aria-label="Now"
        className="mt-4 grid grid-cols-2 gap-px border-y border-line bg-line sm:grid-cols-4 xl:grid-cols-[264px_repeat(7,minmax(0,1fr))] [&>*:first-child]:col-span-2 sm:[&>*:first-child]:col-span-4 xl:[&>*:first-child]:col-span-1 max-xl:[&>*:last-child]:col-span-2 max-sm:[&>*:nth-child(even)]:pl-0 sm:max-xl:[&>*:nth-child(4n+2)]:pl-0"
      >
        <Hero overview={overview} />
        <Tiles overview={overview} />
      </section>
      {state.status === 'empty' ? (
        <Empty range={overview.range} gatewayUrl={overview.gateway.url} />
      ) : (
        <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
          <ChartsPanel points={state.points} start={start} end={end} />
        </div>
      )}
      <LevelsStrip levels={overview.levels} />
      {state.status === 'ready' && (
        <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
          <RoutesTable rows={overview.routes} view={view} onChange={onChange} />
        </div>
      )}
      <Footer gateway={overview.gateway} />
    </>
  );
}
