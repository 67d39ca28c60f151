import { Pause, Play } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import type { LiveState } from '@/hooks/live-state';

export interface LiveControlProps {
  readonly live: LiveState;
  /** Whether there is something to show yet. */
  readonly data: 'loading' | 'failed' | 'shown';
  readonly paused: boolean;
  /** A window of the past is shown: nothing moves. */
  readonly fixed: boolean;
  /** The pointer rests on what would move. */
  readonly hovering: boolean;
  readonly onToggle: () => void;
}

function wordFor({ live, data, paused, fixed, hovering }: Omit<LiveControlProps, 'onToggle'>): string {
  if (data !== 'shown') return data === 'loading' ? 'Loading' : 'No data';
  if (fixed) return 'Fixed';
  if (paused) return 'Paused';
  if (live.status === 'connecting') return 'Connecting';
  if (live.status !== 'live') return 'Offline';
  return hovering ? 'Held' : 'Live';
}

function meaningFor({ paused, fixed, hovering }: LiveControlProps): string | undefined {
  if (fixed) return 'A window of the past: it stands still';
  return hovering && !paused ? 'Held while the pointer rests on the data' : undefined;
}

/** Whether the page moves, and the button that stops it or jumps back to now. */
export function LiveControl(props: LiveControlProps) {
  const { live, data, paused, fixed, hovering, onToggle } = props;
  const still = paused || fixed;
  const moving = data === 'shown' && live.status === 'live' && !still && !hovering;
  return (
    <div className="flex items-center gap-2">
      <span
        className="inline-flex w-[76px] items-center justify-end gap-1.5 text-text-2 max-sm:w-auto"
        title={meaningFor(props)}
      >
        <span aria-hidden className={classes('size-2 rounded-full', moving ? 'bg-good' : 'border border-text-3')} />
        {wordFor(props)}
      </span>
      <Button onClick={onToggle} aria-keyshortcuts="p" title={still ? 'Go on with now (p)' : 'Hold this moment (p)'}>
        {still ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        {still ? 'Live' : 'Pause'}
      </Button>
    </div>
  );
}
