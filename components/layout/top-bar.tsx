import type { ReactNode } from 'react';
import Link from 'next/link';
import { CircleQuestionMark } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import type { Actor } from '@/lib/contracts/session';
import type { Theme } from '@/hooks/use-theme';
import { EnvironmentBadge } from './environment-badge';
import { PageMenu } from './page-menu';
import { PAGES } from './pages';
import { ThemeToggle } from './theme-toggle';

interface TopBarProps {
  readonly path: string;
  /** Null before it's known. */
  readonly environment: string | null;
  /** Service and mode. */
  readonly scope: ReactNode;
  readonly search: ReactNode;
  /** Time range, Live/Pause; nothing on a page without a time. */
  readonly time: ReactNode;
  /** Jobs under way; may be nothing. */
  readonly jobs: ReactNode;
  /** Who one is, and the way out. */
  readonly account: ReactNode;
  /** Undefined until it's known. */
  readonly actor: Actor | undefined;
  readonly onSignOut: () => void;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
  readonly onPalette: () => void;
}

/** On top of every page: where one is, what is looked at; in a second row when. */
export function TopBar(props: TopBarProps) {
  const { path, environment, scope, search, time, jobs, theme, onTheme, onHelp, onPalette } = props;
  const { account, actor, onSignOut } = props;
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-bg">
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 max-md:gap-x-2 lg:px-6">
        <div className="flex max-w-36 min-w-0 shrink-0 md:hidden">
          <PageMenu
            path={path}
            environment={environment}
            actions={[
              { title: 'Find or do anything', run: onPalette },
              { title: `Theme: ${theme}`, run: onTheme },
              { title: 'Keyboard help', run: onHelp },
              ...(actor?.kind === 'person' ? [{ title: 'Log out', run: onSignOut }] : []),
            ]}
            actor={actor}
          />
        </div>
        <div className="flex min-w-0 items-center gap-4 text-sm max-md:hidden">
          <span className="flex min-w-0 items-center gap-2">
            <span className="font-semibold tracking-tight">Pitwall</span>
            {environment !== null && <EnvironmentBadge environment={environment} />}
          </span>
          <nav aria-label="Pages" className="flex items-center gap-3">
            {PAGES.map((page) => (
              <Link
                key={page.path}
                href={page.path}
                prefetch={page.prefetch ?? null}
                aria-current={page.path === path ? 'page' : undefined}
                className={classes(
                  'font-medium whitespace-nowrap hover:text-text',
                  page.path === path ? 'text-text' : 'text-text-2',
                )}
              >
                {page.name}
              </Link>
            ))}
          </nav>
        </div>
        <div className="flex min-w-0 items-center gap-2 max-md:flex-1">{scope}</div>
        {search}
        <div className="ml-auto flex shrink-0 items-center max-md:-mr-2 max-md:empty:hidden">
          {jobs}
          <span className="flex max-md:hidden">
            <ThemeToggle theme={theme} onNext={onTheme} />
            <Button
              kind="quiet"
              square
              onClick={onHelp}
              aria-label="Keyboard help"
              aria-keyshortcuts="?"
              title="Help (?)"
            >
              <CircleQuestionMark size={16} aria-hidden />
            </Button>
            {account}
          </span>
        </div>
        <div className="flex w-full min-w-0 items-center justify-between gap-2 empty:hidden">{time}</div>
      </div>
    </header>
  );
}
