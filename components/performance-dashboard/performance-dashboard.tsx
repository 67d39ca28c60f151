'use client';

import { useEffect, useState, type PointerEvent } from 'react';
import dynamic from 'next/dynamic';
import { useConsole } from '@/hooks/use-console';
import { Empty } from './empty';
import { Failed } from './failed';
import { Footer } from './footer';
import { HealthLine } from './health-line';
import { Hero } from './hero';
import { presentOf } from './instance-columns';
import { InstancesTable } from './instances-table';
import { LevelsStrip } from './levels-strip';
import { NeedsYou } from './needs-you';
import { RoutesTable } from './routes-table';
import { ChartsSkeleton, Skeleton } from './skeleton';
import { Tiles } from './tiles';
import { TrafficTabs } from './traffic-tabs';
import { WhatChanged } from './what-changed';

const loadCharts = () => import('./charts-panel').then((module) => module.ChartsPanel);
const ChartsPanel = dynamic(loadCharts, { ssr: false, loading: ChartsSkeleton });

/** `/`: is it healthy, does the cache earn its keep, which routes cost the origin most. Four faces. */
export function PerformanceDashboard() {
  const { state, view, change, setHovering, refresh } = useConsole();
  // The charts' code is fetched beside the data rather than after it.
  useEffect(() => void loadCharts(), []);
  /** The change that is open, and stands out on the charts. */
  const [chosen, setChosen] = useState<string | null>(null);
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
      <div className="mt-4 grid grid-cols-1 gap-y-4 xl:grid-cols-[minmax(0,1fr)_304px] xl:grid-rows-[auto_auto_1fr] xl:gap-x-8">
        <div className="xl:col-start-2 xl:row-start-2 xl:pt-4">
          <NeedsYou overview={overview} onChange={change} onChoose={setChosen} />
        </div>
        <section
          aria-label="Now"
          className="grid grid-cols-2 gap-px border-y border-line bg-line sm:grid-cols-4 xl:col-span-2 xl:row-start-1 xl:grid-cols-[264px_repeat(7,minmax(0,1fr))] [&>*:first-child]:col-span-2 sm:[&>*:first-child]:col-span-4 xl:[&>*:first-child]:col-span-1 max-xl:[&>*:last-child]:col-span-2 max-sm:[&>*:nth-child(even)]:pl-0 sm:max-xl:[&>*:nth-child(4n+2)]:pl-0"
        >
          <Hero overview={overview} />
          <Tiles overview={overview} />
        </section>
        <div className="min-w-0 xl:col-start-1 xl:row-span-2 xl:row-start-2">
          {state.status === 'empty' ? (
            <Empty overview={overview} />
          ) : (
            <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
              <ChartsPanel
                points={state.points}
                start={overview.from}
                end={overview.to}
                changes={overview.changes}
                chosen={chosen}
                onChoose={setChosen}
              />
            </div>
          )}
        </div>
        <div className="relative xl:col-start-2 xl:row-start-3 xl:min-h-52">
          <div tabIndex={-1} className="xl:absolute xl:inset-0 xl:overflow-y-auto">
            <WhatChanged
              changes={overview.changes}
              service={overview.service}
              from={overview.from}
              chosen={chosen}
              onChoose={setChosen}
            />
          </div>
        </div>
      </div>
      <LevelsStrip levels={overview.levels} />
      <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
        <InstancesTable instances={overview.instances} now={presentOf(overview)} />
      </div>
      <TrafficTabs tab={view.tab} onTab={(tab) => change({ tab })} routes={overview.routes.length}>
        <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
          <RoutesTable rows={overview.routes} view={view} onChange={change} />
        </div>
      </TrafficTabs>
      <Footer gateway={overview.gateway} />
    </>
  );
}
