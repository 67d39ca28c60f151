import type { ReactNode } from 'react';
import Link from 'next/link';
import { CircleQuestionMark } from 'lucide-react';
import { Button } from '@/components/ui/button';

interface TopBarProps {
  /** Service and mode. */
  readonly scope: ReactNode;
  /** Time range, Live/Pause. */
  readonly time: ReactNode;
  /** Jobs under way; may be nothing. */
  readonly jobs: ReactNode;
  readonly theme: ReactNode;
  readonly onHelp: () => void;
}

/** On top of every page: where one is, what is looked at, and when. */
export function TopBar({ scope, time, jobs, theme, onHelp }: TopBarProps) {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-bg">
      <div className="mx-auto flex min-h-12 max-w-[1680px] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 lg:px-6">
        <nav aria-label="Pages" className="flex items-center gap-2 text-[13px]">
          <span className="font-semibold tracking-tight">Pitwall</span>
          <span aria-hidden className="text-line-strong">
            /
          </span>
          <Link href="/" aria-current="page" className="font-medium text-text-2 hover:text-text">
            Performance
          </Link>
        </nav>
        <div className="flex min-w-0 items-center gap-2 max-md:order-3 max-md:w-full">{scope}</div>
        <div className="ml-auto flex items-center gap-2 max-md:order-4 max-md:ml-0 max-md:w-full max-md:justify-between">
          {time}
        </div>
        <div className="flex items-center max-md:order-2 max-md:ml-auto">
          {jobs}
          {theme}
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
        </div>
      </div>
    </header>
  );
}
