'use client';

import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import type { Overview } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import { useCommandTable } from '@/hooks/use-commands';
import { ConsoleContext, type Console } from '@/hooks/use-console';
import { usePerformanceMetrics } from '@/hooks/use-performance-metrics';
import { useSession } from '@/hooks/use-session';
import { useShortcuts } from '@/hooks/use-shortcuts';
import { useSignOut } from '@/hooks/use-sign-out';
import { useKeptFlag } from '@/hooks/use-kept-flag';
import { nextTheme, useTheme } from '@/hooks/use-theme';
import { useToastList, useToasts } from '@/hooks/use-toasts';
import { togglePause } from '@/hooks/time-moves';
import { useView } from '@/hooks/use-view';
import { changeView, formatView, type View } from '@/hooks/view';
import { AccountButton } from './account-button';
import { Banners } from './banners';
import { GoHint } from './go-hint';
import { JobsButton } from './jobs-button';
import { LiveControl } from './live-control';
import { ModeSwitch } from './mode-switch';
import type { Overlay } from './overlays';
import { pageTitle } from './page-title';
import { PAGES } from './pages';
import { RangePicker } from './range-picker';
import { SearchButton } from './search-button';
import { ServicePicker } from './service-picker';
import { TopBar } from './top-bar';
import { useShellCommands } from './use-shell-commands';
import { useTimeCommands } from './use-time-commands';

const Overlays = dynamic(() => import('./overlays').then((module) => module.Overlays), { ssr: false });

/** ms after which the code of what may lie over the page is fetched, if nobody has asked for it before. */
const IDLE_MS = 1_500;

/** The newest clear that a worker knows of: when it moves, somebody cleared. Null before anything is known. */
function lastClear(overview: Overview | null): number | null {
  if (overview === null) return null;
  return overview.instances.reduce((newest, { clears }) => Math.max(newest, clears.number), 0);
}

function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIdle(true), IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
  return idle;
}

interface ShellProps {
  /** What stands under the banners while the gateway fronts the sample. */
  readonly firstMinute: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: what is looked at and when, what holds for all of it, and the keys. */
export function Shell({ firstMinute, children }: ShellProps) {
  const [view, change] = useView();
  const [theme, setTheme] = useTheme();
  const router = useRouter();
  const path = usePathname();
  const commands = useCommandTable();
  const [plainKeysOff, setPlainKeysOff] = useKeptFlag('pitwall:plain-keys-off');
  const { actor, refusal } = useSession();
  const signOut = useSignOut();
  const notices = useToasts();
  const refuse = useCallback(
    ({ refused }: { readonly refused?: string | null }) => {
      if (typeof refused === 'string') notices.show({ tone: 'watch', title: 'Not allowed', detail: refused });
    },
    [notices],
  );
  const pending = useShortcuts(commands, !plainKeysOff, refuse);
  const idle = useIdle();
  const toasts = useToastList();
  const [hovering, setHovering] = useState(false);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const { state, live, refresh } = usePerformanceMetrics(view, view.paused || hovering);
  const overview = state.status === 'ready' || state.status === 'empty' ? state.overview : null;
  const page = PAGES.find((each) => each.path === path);
  const away = live.status === 'reconnecting' || live.status === 'lost';

  const clearRefused = refusal('clear');
  const clear = useCallback<Console['clear']>(
    (draft) => (clearRefused === null ? setOverlay({ kind: 'clear', draft }) : refuse({ refused: clearRefused })),
    [clearRefused, refuse],
  );
  const doors = useMemo(
    () => ({
      clear,
      clearRefused,
      show(part: Partial<View>) {
        if (path === '/') change(part);
        else router.push(`/${formatView(changeView(view, part))}`);
      },
    }),
    [clear, clearRefused, change, path, router, view],
  );
  useTimeCommands(page?.timed === true, view, change);
  useShellCommands({
    theme,
    onTheme: setTheme,
    onHelp: () => setOverlay({ kind: 'help' }),
    onPalette: (kind) => setOverlay({ kind }),
    onClear: clear,
  });
  const shown = overview?.services.filter((each) => view.service === 'all' || each.service === view.service) ?? [];
  const shared = useMemo<Console>(
    () => ({ state, live, refresh, view, change, clear, hovering, setHovering }),
    [state, live, refresh, view, change, clear, hovering],
  );
  return (
    <ConsoleContext value={shared}>
      <title>{pageTitle(overview, page?.name)}</title>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <TopBar
        path={path}
        environment={overview?.environment ?? null}
        scope={
          <>
            <ServicePicker
              service={view.service}
              services={overview?.services ?? []}
              onChange={(service) => change({ service })}
            />
            <ModeSwitch services={shown} onOpen={() => setOverlay({ kind: 'mode' })} />
          </>
        }
        time={
          page?.timed === true && (
            <>
              <RangePicker time={view.time} onChange={(time) => change({ time })} />
              <LiveControl
                live={live}
                data={overview !== null ? 'shown' : state.status === 'failed' ? 'failed' : 'loading'}
                paused={view.paused}
                fixed={view.time.kind === 'window'}
                hovering={hovering}
                onToggle={() => change(togglePause(view))}
              />
            </>
          )
        }
        search={<SearchButton onOpen={() => setOverlay({ kind: 'search' })} />}
        jobs={<JobsButton news={lastClear(overview)} />}
        account={<AccountButton onSignOut={signOut} />}
        actor={actor}
        onSignOut={signOut}
        theme={theme}
        onTheme={() => setTheme(nextTheme(theme))}
        onPalette={() => setOverlay({ kind: 'palette' })}
        onHelp={() => setOverlay({ kind: 'help' })}
      />
      {overview !== null && <Banners overview={overview} live={live} onRefresh={refresh} />}
      {firstMinute}
      <main
        id="content"
        tabIndex={-1}
        className={classes(
          'mx-auto max-w-page px-4 pt-4 outline-none lg:px-6',
          away && overview !== null && 'grayscale',
        )}
      >
        {children}
      </main>
      {(idle || overlay !== null || toasts.length > 0) && (
        <Overlays
          overlay={overlay}
          services={shown}
          onMode={refresh}
          overview={overview}
          doors={doors}
          plainKeys={!plainKeysOff}
          onPlainKeys={(on) => setPlainKeysOff(!on)}
          onClose={() => setOverlay(null)}
        />
      )}
      {pending !== null && <GoHint pending={pending} commands={commands.list()} />}
    </ConsoleContext>
  );
}
