'use client';

import { useCallback, useEffect, useState } from 'react';
import { HelpDialog } from '@/components/layout/help-dialog';
import { LiveControl } from '@/components/layout/live-control';
import { RangePicker } from '@/components/layout/range-picker';
import { ServicePicker } from '@/components/layout/service-picker';
import { ThemeToggle } from '@/components/layout/theme-toggle';
import { TopBar } from '@/components/layout/top-bar';
import { classes } from '@/components/ui/classes';
import { usePerformanceMetrics } from '@/hooks/use-performance-metrics';
import { useShortcuts } from '@/hooks/use-shortcuts';
import { useTheme } from '@/hooks/use-theme';
import { useView } from '@/hooks/use-view';
import { Banners } from './banners';
import { DashboardBody } from './dashboard-body';
import { ModeSwitch } from './mode-switch';
import { pageTitle } from './page-title';

/** `/`: is it healthy, does the cache earn its keep, which routes cost the origin most. */
export function PerformanceDashboard() {
  const [view, change] = useView();
  const [theme, nextTheme] = useTheme();
  const [hovering, setHovering] = useState(false);
  const [helping, setHelping] = useState(false);
  const { state, live, refresh } = usePerformanceMetrics(view, view.paused || hovering);
  const overview = state.status === 'ready' || state.status === 'empty' ? state.overview : null;
  const away = live.status === 'reconnecting' || live.status === 'lost';

  const togglePaused = useCallback(() => change({ paused: !view.paused }), [change, view.paused]);
  useShortcuts({
    p: togglePaused,
    ' ': togglePaused,
    t: nextTheme,
    '?': () => setHelping(true),
    '1': () => change({ range: '1m' }),
    '5': () => change({ range: '5m' }),
    f: () => change({ range: '15m' }),
  });
  const title = pageTitle(overview);
  useEffect(() => {
    document.title = title;
  }, [title]);

  const shown = overview?.services.filter((each) => view.service === 'all' || each.service === view.service) ?? [];
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <TopBar
        scope={
          <>
            <ServicePicker
              service={view.service}
              services={overview?.services ?? []}
              onChange={(service) => change({ service, open: null })}
            />
            <ModeSwitch services={shown} onChanged={refresh} />
          </>
        }
        time={
          <>
            <RangePicker range={view.range} onChange={(range) => change({ range })} />
            <LiveControl live={live} paused={view.paused} hovering={hovering} onToggle={togglePaused} />
          </>
        }
        theme={<ThemeToggle theme={theme} onNext={nextTheme} />}
        onHelp={() => setHelping(true)}
      />
      {overview !== null && <Banners overview={overview} live={live} onRefresh={refresh} />}
      <main
        id="content"
        tabIndex={-1}
        className={classes(
          'mx-auto max-w-[1680px] px-4 pt-4 outline-none lg:px-6',
          away && overview !== null && 'opacity-75 grayscale',
        )}
      >
        <DashboardBody state={state} view={view} onChange={change} onHover={setHovering} onRetry={refresh} />
      </main>
      <HelpDialog open={helping} onOpenChange={setHelping} />
    </>
  );
}
