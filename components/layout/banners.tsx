import { FileWarning } from 'lucide-react';
import type { Overview } from '@/lib/contracts/overview';
import { Banner } from '@/components/ui/banner';
import type { LiveState } from '@/hooks/live-state';
import { ConnectionBanner } from './connection-banner';
import { HEALTH } from '@/components/ui/health-words';

interface BannersProps {
  readonly overview: Overview;
  readonly live: LiveState;
  readonly onRefresh: () => void;
}

const LIVE_WORDS: Readonly<Record<LiveState['status'], string>> = {
  connecting: '',
  live: '',
  reconnecting: 'Connection broken, reconnecting.',
  lost: 'Connection lost.',
};

/** What holds for the whole page; and, for screen readers, changes of state and nothing else. */
export function Banners({ overview, live, onRefresh }: BannersProps) {
  const { configError, health, sample } = overview;
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {HEALTH[health.state].word}. {LIVE_WORDS[live.status]}
      </p>
      {(live.status === 'reconnecting' || live.status === 'lost') && (
        <ConnectionBanner live={live} lastAt={sample.at} onRetry={onRefresh} />
      )}
      {configError !== null && (
        <Banner look="bad" label="Configuration refused">
          <span className="inline-flex items-center gap-2 font-medium text-bad">
            <FileWarning size={14} aria-hidden />
            New configuration refused
          </span>
          <span className="min-w-0 text-text-2">The old one keeps running.</span>
          <pre className="w-full overflow-x-auto pb-1 font-mono text-xs whitespace-pre-wrap text-text-2">
            {configError}
          </pre>
        </Banner>
      )}
    </>
  );
}
