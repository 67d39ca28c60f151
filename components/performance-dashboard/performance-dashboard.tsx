'use client';

import { useEffect, type PointerEvent } from 'react';
import dynamic from 'next/dynamic';
import { useConsole } from '@/hooks/use-console';
import { Empty } from './empty';
import { Failed } from './failed';
import { Footer } from './footer';
import { HealthLine } from './health-line';
import { Hero } from './hero';
import { InstancesTable } from './instances-table';
import { LevelsStrip } from './levels-strip';
import { NeedsYou } from './needs-you';
import { RoutesTable } from './routes-table';
import { ChartsSkeleton, Skeleton } from './skeleton';
import { Tiles } from './tiles';

const loadCharts = () => import('./charts-panel').then((module) => module.ChartsPanel);
const ChartsPanel = dynamic(loadCharts, { ssr: false, loading: ChartsSkeleton });

/** `/`: is it healthy, does the cache earn its keep, which routes cost the origin most. Four faces. */
export function PerformanceDashboard() {
  const { state, view, change, setHovering, refresh } = useConsole();
  // The charts' code is fetched beside the data rather than after it.
  useEffect(() => void loadCharts(), []);
  if (state.status === 'loading') return <Skeleton />;
  if (state.status === 'failed') {
    const showAll = view.service === 'all' ? null : () => change({ service: 'all', open: null });
    return <Failed error={state.error} retrying={state.retrying} onRetry={refresh} onShowAll={showAll} />;
  }
  const { overview } = state;
  const hover = (hovering: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setHovering(hovering);
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
        <Empty overview={overview} />
      ) : (
        <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
          <ChartsPanel points={state.points} start={overview.from} end={overview.to} />
        </div>
      )}
      <LevelsStrip levels={overview.levels} />
      <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
        <InstancesTable instances={overview.instances} now={overview.sample.at} />
      </div>
      {state.status === 'ready' && (
        <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
          <RoutesTable rows={overview.routes} view={view} onChange={change} />
        </div>
      )}
      <Footer gateway={overview.gateway} />
    </>
  );
}
