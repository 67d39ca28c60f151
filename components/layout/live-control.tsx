import { Pause, Play } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import type { LiveState } from '@/hooks/live-state';

interface LiveControlProps {
  readonly live: LiveState;
  readonly paused: boolean;
  /** The pointer rests on what would move. */
  readonly hovering: boolean;
  readonly onToggle: () => void;
}

function wordFor({ live, paused, hovering }: Omit<LiveControlProps, 'onToggle'>): string {
  if (paused) return 'Paused';
  if (live.status === 'connecting') return 'Connecting';
  if (live.status !== 'live') return 'Offline';
  return hovering ? 'Held' : 'Live';
}

/** Whether the page moves, and the button that stops it or jumps back to now. */
export function LiveControl(props: LiveControlProps) {
  const { live, paused, hovering, onToggle } = props;
  const moving = live.status === 'live' && !paused && !hovering;
  return (
    <div className="flex items-center gap-2">
      <span
        className="inline-flex w-[76px] items-center justify-end gap-1.5 text-text-2 max-sm:w-auto"
        title={hovering && !paused ? 'Held while the pointer rests on the data' : undefined}
      >
        <span aria-hidden className={classes('size-2 rounded-full', moving ? 'bg-good' : 'border border-text-3')} />
        {wordFor(props)}
      </span>
      <Button onClick={onToggle} aria-keyshortcuts="p" title={paused ? 'Go on with now (p)' : 'Hold this moment (p)'}>
        {paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        {paused ? 'Live' : 'Pause'}
      </Button>
    </div>
  );
}
