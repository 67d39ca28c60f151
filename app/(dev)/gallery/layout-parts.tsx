import { ConnectionBanner } from '@/components/layout/connection-banner';
import { LiveControl, type LiveControlProps } from '@/components/layout/live-control';
import { ThemeToggle } from '@/components/layout/theme-toggle';
import type { Specimen } from './specimen';

const nothing = () => undefined;
const LAST = Date.now() - 12_000;

const LIVE: LiveControlProps = {
  live: { status: 'live' },
  data: 'shown',
  paused: false,
  fixed: false,
  hovering: false,
  onToggle: nothing,
};
const CONTROLS: readonly Partial<LiveControlProps>[] = [
  {},
  { hovering: true },
  { paused: true },
  { fixed: true },
  { live: { status: 'connecting' } },
  { live: { status: 'reconnecting', since: LAST } },
  { data: 'loading' },
  { data: 'failed' },
];

export const LAYOUT: readonly Specimen[] = [
  {
    name: 'LiveControl',
    note: 'Live, held, paused, a fixed window, connecting, offline, loading, failed',
    Show: () => CONTROLS.map((given, i) => <LiveControl key={i} {...LIVE} {...given} />),
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
