import type { Job } from '@/lib/contracts/job';
import { formatCount, formatDuration, formatRate } from '@/components/ui/format';
import { paceOf, shareOf, type JobBoard } from '@/hooks/job-board';

/** How far a job is, how fast it goes, and how long it takes yet. */
export function JobProgress({ job, board }: { job: Job; board: JobBoard }) {
  const { done, total, unit } = job.progress;
  const share = shareOf(job);
  const pace = paceOf(board, job);
  if (job.state === 'queued' && done === 0) return null;
  const facts = [
    total === null ? `${formatCount(done)} ${unit}` : `${formatCount(done)} of ${formatCount(total)} ${unit}`,
    pace === null ? null : `${formatRate(pace.perSecond)} ${unit}/s`,
    pace === null || pace.leftMs === null ? null : `about ${formatDuration(pace.leftMs)} left`,
  ].filter((fact) => fact !== null);
  return (
    <div className="py-1">
      <div
        role="progressbar"
        aria-label={job.title}
        aria-valuetext={facts[0]}
        {...(share === null
          ? {}
          : { 'aria-valuenow': Math.floor(share * 100), 'aria-valuemin': 0, 'aria-valuemax': 100 })}
        className="h-1 overflow-hidden rounded-full bg-line-strong"
      >
        <div className="h-full bg-accent" style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-text-2">
        {facts.map((fact, i) => (
          <span key={i}>{fact}</span>
        ))}
      </p>
    </div>
  );
}
