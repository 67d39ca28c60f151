'use client';

import { memo, useCallback, useDeferredValue, useEffect, useRef, type PointerEvent } from 'react';
import { reasonShares } from '@/lib/contracts/miss-reason';
import type { MissReason } from '@/lib/contracts/traffic';
import type { Stretch } from '@/components/charts/zoom';
import { chartReasons } from '@/hooks/reasons';
import { useConsole, type Console } from '@/hooks/use-console';
import { windowTime, type View } from '@/hooks/view';
import { Breadcrumb } from './breadcrumb';
import { ChartsPanel } from './charts-panel';
import { Empty } from './empty';
import { Failed } from './failed';
import { Footer } from './footer';
import { HealthLine } from './health-line';
import { effectOf, Hero, type Effect } from './hero';
import { presentOf } from './instance-columns';
import { InstancesTable } from './instances-table';
import { LevelsStrip } from './levels-strip';
import { NeedsYou } from './needs-you';
import { ReasonPanel } from './reason-panel';
import { RouteView } from './route-view';
import { RoutesTable } from './routes-table';
import { Skeleton } from './skeleton';
import { Tiles } from './tiles';
import { TrafficTabs } from './traffic-tabs';
import { WhatChanged } from './what-changed';

const NO_HITS: Readonly<Record<Effect, string>> = {
  saves: 'No hits in this range',
  observes: 'No hits: observe forwards everything',
  bypasses: 'No hits: bypass forwards everything',
};

/** Another route is read from its top: the focus goes where its content begins. */
function useArrival({ route }: View): void {
  const last = useRef(route);
  useEffect(() => {
    if (last.current === route) return;
    last.current = route;
    document.getElementById('content')?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [route]);
}

/** The page as of one state of the console. */
const Dashboard = memo(function Dashboard({ console }: { console: Console }) {
  const { state, view, change, setHovering, refresh } = console;
  const zoom = useCallback(({ from, to }: Stretch) => change({ time: windowTime(from, to) }), [change]);
  const openChange = useCallback((id: string | null) => change({ change: id }), [change]);
  const openReason = useCallback((reason: MissReason) => change({ reason }), [change]);
  useArrival(view);
  if (state.status === 'loading') return <Skeleton />;
  if (state.status === 'failed') {
    const showAll = view.service === 'all' ? null : () => change({ service: 'all' });
    return <Failed error={state.error} retrying={state.retrying} onRetry={refresh} onShowAll={showAll} />;
  }
  const { overview } = state;
  const { route, reason } = view;
  const shares = reasonShares(overview.routes.map(({ missReasons }) => missReasons));
  const hover = (hovering: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setHovering(hovering);
  };
  return (
    <>
      <Breadcrumb view={view} onChange={change} />
      <HealthLine overview={overview} />
      <div className="mt-4 grid grid-cols-1 gap-y-4 xl:grid-cols-[minmax(0,1fr)_304px] xl:grid-rows-[auto_auto_1fr] xl:gap-x-8">
        <div className="xl:col-start-2 xl:row-start-2 xl:pt-4">
          <NeedsYou overview={overview} onChange={change} onChoose={openChange} />
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
                samples={overview.samples}
                start={overview.from}
                end={overview.to}
                changes={overview.changes}
                chosen={view.change}
                onChoose={openChange}
                reasons={chartReasons(shares, reason).join(' ')}
                reason={reason}
                onReason={openReason}
                onZoom={zoom}
                noHits={NO_HITS[effectOf(overview)]}
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
              to={overview.range === null ? overview.to : null}
              chosen={view.change}
              onChoose={openChange}
            />
          </div>
        </div>
      </div>
      {reason !== null && (
        <ReasonPanel
          reason={reason}
          shares={shares}
          service={view.service}
          route={route}
          onClose={() => change({ reason: null })}
        />
      )}
      {route === null && (
        <>
          <LevelsStrip levels={overview.levels} />
          <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
            <InstancesTable instances={overview.instances} now={presentOf(overview)} />
          </div>
        </>
      )}
      <TrafficTabs
        tab={view.tab}
        onTab={(tab) => change({ tab })}
        routes={route === null ? overview.routes.length : null}
      >
        {route === null ? (
          <div onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
            <RoutesTable rows={overview.routes} view={view} onChange={change} />
          </div>
        ) : (
          <RouteView route={route} shares={shares} view={view} onChange={change} />
        )}
      </TrafficTabs>
      <Footer gateway={overview.gateway} />
    </>
  );
});

/** ms by which what is shown may be behind what is known. */
const MOST_BEHIND = 2_000;

/** Whether the page may wait with this until nothing is pressed; it may not for ever, where the browser is busy. */
function mayWait({ state: shown }: Console, { state: next }: Console): boolean {
  if (shown.status !== 'ready' || next.status !== 'ready') return false;
  return presentOf(next.overview) - presentOf(shown.overview) <= MOST_BEHIND;
}

/**
 * `/`: is it healthy, does the cache earn its keep, which routes cost the origin most. Four faces. The frame answers
 * at once to what is pressed, and the page follows it.
 */
export function PerformanceDashboard() {
  const next = useConsole();
  const shown = useDeferredValue(next);
  return <Dashboard console={mayWait(shown, next) ? shown : next} />;
}
