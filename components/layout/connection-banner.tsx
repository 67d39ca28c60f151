'use client';

import { RotateCw, Unplug } from 'lucide-react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { formatDuration, formatTime } from '@/components/ui/format';
import type { LiveState } from '@/hooks/live-state';
import { useNow } from '@/hooks/use-now';

interface ConnectionBannerProps {
  readonly live: Extract<LiveState, { status: 'reconnecting' | 'lost' }>;
  /** End of the last second that is shown, ms since the epoch. */
  readonly lastAt: number;
  readonly onRetry: () => void;
}

/** The page no longer moves: says so, how old it is, and that it comes back by itself. */
export function ConnectionBanner({ live, lastAt, onRetry }: ConnectionBannerProps) {
  const age = useNow(true) - lastAt;
  const lost = live.status === 'lost';
  const Icon = lost ? Unplug : RotateCw;
  return (
    <Banner look="watch" label="Connection" actions={lost ? <Button onClick={onRetry}>Load once</Button> : undefined}>
      <span className="inline-flex items-center gap-2 font-medium text-watch">
        <Icon size={14} aria-hidden />
        {lost ? 'Connection lost' : 'Reconnecting'}
      </span>
      <span className="text-text-2">
        {lost ? `${live.why} Still trying. ` : ''}What you see is from {formatTime(lastAt)}, {formatDuration(age)} ago.
      </span>
    </Banner>
  );
}
