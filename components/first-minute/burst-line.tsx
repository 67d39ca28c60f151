import type { BurstAnswer } from '@/lib/contracts/sample';
import { formatCount, formatCounted, formatLatency, withUnit } from '@/components/ui/format';
import type { Burst } from '@/hooks/use-sample';
import { StoryLine, StoryProblem } from './story-line';

/** "1,000 answered, 1 origin call"; failures are said, if there were any. */
export function burstWord({ answered, failed, originCalls }: BurstAnswer): string {
  const bad = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  return `${formatCount(answered)} answered${bad}, ${formatCounted(originCalls, 'origin call')}`;
}

export function BurstLine({ burst }: { burst: Burst }) {
  const { answer, error, pending } = burst;
  if (pending) {
    return <p className="mt-2 flex min-h-8 items-center text-text-2">Sending, for an answer that nobody has yet…</p>;
  }
  if (answer === null) return <StoryProblem error={error} />;
  return (
    <StoryLine state={answer.failed > 0 ? 'watch' : 'good'} word={burstWord(answer)}>
      In {withUnit(formatLatency(answer.ms))} over {formatCounted(answer.connections, 'connection')}:{' '}
      {formatCount(answer.coalesced)} waited for a call that was under way, {formatCount(answer.stored)} came from the
      store.
    </StoryLine>
  );
}
