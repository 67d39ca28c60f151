'use client';

import type { Outage } from '@/lib/contracts/sample';
import { formatCount, formatDuration } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import { useNow } from '@/hooks/use-now';
import type { OutageControl } from '@/hooks/use-sample';
import { StoryLine, StoryProblem } from './story-line';

function breakerWord({ breaker, phase }: Outage): string {
  if (breaker.opened === 0 && !breaker.open) return 'Breaker stayed closed';
  const length = formatDuration(breaker.openMs);
  return phase === 'over' && !breaker.open ? `Breaker open for ${length}` : `Breaker open, for ${length} so far`;
}

/** "Breaker open for 14 s; served stale 612; failed 9 (never stored)". */
export function outageWord(outage: Outage): string {
  return `${breakerWord(outage)}; served stale ${formatCount(outage.stale)}; failed ${formatCount(outage.failed)} (never stored)`;
}

/** What is worth saying aloud: the begin, the turn and the end. */
export function outageNews(outage: Outage): string {
  if (outage.phase === 'failing') return `The sample origin is broken for ${outage.seconds} s`;
  return outage.phase === 'recovering' ? 'The sample origin answers again' : outageWord(outage);
}

export function OutageLine({ control }: { control: OutageControl }) {
  const { outage, error, pending, stop } = control;
  const failing = outage?.phase === 'failing';
  const now = useNow(failing);
  if (outage === null) return <StoryProblem error={error} />;
  const left = Math.max(0, outage.endsAt - now);
  const { requests, hits } = outage;
  return (
    <>
      <StoryProblem error={error} />
      <StoryLine
        state={outage.phase === 'over' ? 'good' : 'watch'}
        word={outageWord(outage)}
        action={
          failing && (
            <GuardedButton needs="sample" onClick={stop} disabled={pending}>
              Stop now
            </GuardedButton>
          )
        }
      >
        {failing && <Countdown left={left} total={outage.seconds * 1_000} />}
        {outage.phase === 'recovering' && 'The origin answers again; the breaker tries it before it closes. '}
        {outage.stoppedEarly && outage.phase === 'over' && 'Stopped early. '}
        {formatCount(requests)} requests meanwhile, {formatCount(hits)} answered fresh from the store.
      </StoryLine>
    </>
  );
}

/** How much longer it's broken, in words and as a bar. */
function Countdown({ left, total }: { left: number; total: number }) {
  return (
    <span className="mr-2 inline-flex items-center gap-2">
      <progress
        aria-label="Time until the origin answers again"
        max={total}
        value={total - left}
        className="h-1.5 w-24 appearance-none overflow-hidden rounded-full bg-line-strong [&::-moz-progress-bar]:bg-watch [&::-webkit-progress-bar]:bg-line-strong [&::-webkit-progress-value]:bg-watch"
      />
      {formatDuration(left)} left.
    </span>
  );
}
