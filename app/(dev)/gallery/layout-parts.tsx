import { ConnectionBanner } from '@/components/layout/connection-banner';
import { LiveControl } from '@/components/layout/live-control';
import { ThemeToggle } from '@/components/layout/theme-toggle';
import type { Specimen } from './specimen';

const nothing = () => undefined;
const LAST = Date.now() - 12_000;

export const LAYOUT: readonly Specimen[] = [
  {
    name: 'LiveControl',
    note: 'Live, held, paused, a fixed window, connecting, offline',
    Show: () => (
      <>
        <LiveControl live={{ status: 'live' }} paused={false} fixed={false} hovering={false} onToggle={nothing} />
        <LiveControl live={{ status: 'live' }} paused={false} fixed={false} hovering onToggle={nothing} />
        <LiveControl live={{ status: 'live' }} paused fixed={false} hovering={false} onToggle={nothing} />
        <LiveControl live={{ status: 'live' }} paused={false} fixed hovering={false} onToggle={nothing} />
        <LiveControl live={{ status: 'connecting' }} paused={false} fixed={false} hovering={false} onToggle={nothing} />
        <LiveControl
          live={{ status: 'reconnecting', since: LAST }}
          paused={false}
          fixed={false}
          hovering={false}
          onToggle={nothing}
        />
      </>
    ),
  },
  {
    name: 'ConnectionBanner',
    Show: () => (
      <div className="w-full">
        <ConnectionBanner live={{ status: 'reconnecting', since: LAST }} lastAt={LAST} onRetry={nothing} />
        <ConnectionBanner
          live={{ status: 'lost', since: LAST, why: 'The server refused.' }}
          lastAt={LAST}
          onRetry={nothing}
        />
      </div>
    ),
  },
  {
    name: 'ThemeToggle',
    Show: () => (
      <>
        <ThemeToggle theme="system" onNext={nothing} />
        <ThemeToggle theme="light" onNext={nothing} />
        <ThemeToggle theme="dark" onNext={nothing} />
      </>
    ),
  },
];
