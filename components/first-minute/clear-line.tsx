import type { Job } from '@/lib/contracts/job';
import { formatCounted } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import type { SoftClear } from '@/hooks/use-soft-clear';
import { StoryLine, StoryProblem } from './story-line';

/** Who has followed: "confirmed by 2 of 2 workers". */
export function followed({ outcomes, endedAt }: Job): string {
  if (endedAt === null) return 'being confirmed';
  const confirmed = outcomes.filter(({ state }) => state === 'confirmed').length;
  return `confirmed by ${confirmed} of ${formatCounted(outcomes.length, 'worker')}`;
}

export function clearWord({ job, undone }: Pick<SoftClear, 'job' | 'undone'>, tag: string): string {
  if (undone) return `${tag} is fresh again`;
  return job === null ? '' : `${tag} is stale, ${followed(job)}`;
}

export function ClearLine({ clear, tag }: { clear: SoftClear; tag: string }) {
  const { job, undone, pending, error, undo } = clear;
  if (job === null) return <StoryProblem error={error} />;
  const bad = job.state === 'failed' || job.outcomes.some(({ state }) => state !== 'confirmed');
  return (
    <>
      <StoryProblem error={error} />
      <StoryLine
        state={bad ? 'watch' : 'good'}
        word={clearWord(clear, tag)}
        action={
          !undone &&
          job.endedAt !== null && (
            <GuardedButton needs="clear" onClick={undo} disabled={pending}>
              Undo
            </GuardedButton>
          )
        }
      >
        {undone
          ? `“${job.title}” is undone: what it marked counts as before.`
          : `Job “${job.title}”. Whoever asks next gets the old answer while it’s fetched anew: a dip, a refill, a mark on the charts.`}
      </StoryLine>
    </>
  );
}
