'use client';

import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { Overview } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import { ConsoleContext, type Console } from '@/hooks/use-console';
import { usePerformanceMetrics } from '@/hooks/use-performance-metrics';
import { useShortcuts } from '@/hooks/use-shortcuts';
import { useTheme } from '@/hooks/use-theme';
import { useView } from '@/hooks/use-view';
import { Banners } from './banners';
import { HelpDialog } from './help-dialog';
import { JobsButton } from './jobs-button';
import { LiveControl } from './live-control';
import { ModeSwitch } from './mode-switch';
import { pageTitle } from './page-title';
import { RangePicker } from './range-picker';
import { ServicePicker } from './service-picker';
import { ThemeToggle } from './theme-toggle';
import { TopBar } from './top-bar';

/** The newest clear that a worker knows of: when it moves, somebody cleared. Null before anything is known. */
function lastClear(overview: Overview | null): number | null {
  if (overview === null) return null;
  return overview.instances.reduce((newest, { clears }) => Math.max(newest, clears.number), 0);
}

interface ShellProps {
  /** What stands under the banners while the gateway fronts the sample. */
  readonly firstMinute: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: what is looked at and when, what holds for all of it, and the keys. */
export function Shell({ firstMinute, children }: ShellProps) {
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
    '1': () => change({ time: { kind: 'live', range: '1m' } }),
    '5': () => change({ time: { kind: 'live', range: '5m' } }),
    f: () => change({ time: { kind: 'live', range: '15m' } }),
  });
  const shown = overview?.services.filter((each) => view.service === 'all' || each.service === view.service) ?? [];
  const shared = useMemo<Console>(
    () => ({ state, live, refresh, view, change, hovering, setHovering }),
    [state, live, refresh, view, change, hovering],
  );
  return (
    <ConsoleContext value={shared}>
      <title>{pageTitle(overview)}</title>
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
            <RangePicker
              range={view.time.kind === 'live' ? view.time.range : null}
              onChange={(range) => change({ time: { kind: 'live', range } })}
            />
            <LiveControl live={live} paused={view.paused} hovering={hovering} onToggle={togglePaused} />
          </>
        }
        jobs={<JobsButton news={lastClear(overview)} />}
        theme={<ThemeToggle theme={theme} onNext={nextTheme} />}
        onHelp={() => setHelping(true)}
      />
      {overview !== null && <Banners overview={overview} live={live} onRefresh={refresh} />}
      {firstMinute}
      <main
        id="content"
        tabIndex={-1}
        className={classes(
          'mx-auto max-w-[1680px] px-4 pt-4 outline-none lg:px-6',
          away && overview !== null && 'grayscale',
        )}
      >
        {children}
      </main>
      <HelpDialog open={helping} onOpenChange={setHelping} />
    </ConsoleContext>
  );
}
