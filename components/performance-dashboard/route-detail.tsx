import type { RouteRow } from '@/lib/contracts/overview';
import { MISS_REASONS } from '@/lib/contracts/traffic';
import { formatPercent } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';
import { MISS_REASON } from '@/lib/contracts/miss-reason';

/** Why requests of a route missed, by share, and what could be done about each. */
export function RouteDetail({ row }: { row: RouteRow }) {
  const reasons = MISS_REASONS.map((reason) => ({ reason, count: row.missReasons[reason] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="sticky left-0 w-[min(100%,calc(100vw-32px))] py-3 pl-5">
      {row.unsafe.length > 0 && (
        <p className="mb-2">
          <StateWord state="watch" word="Unsafe" />{' '}
          <span className="text-text-2">
            This route’s policy ignores {row.unsafe.join(', ')}: answers meant for one user may reach others.
          </span>
        </p>
      )}
      {reasons.length === 0 ? (
        <p className="text-text-2">No misses in this range.</p>
      ) : (
        <ul className="max-w-4xl space-y-2">
          {reasons.map(({ reason, count }) => (
            <li key={reason} className="grid grid-cols-[56px_1fr] gap-x-3 sm:grid-cols-[56px_136px_1fr]">
              <span className="text-right">{formatPercent(count / total)} %</span>
              <span className="font-medium">{MISS_REASON[reason].words}</span>
              <span className="text-text-2 max-sm:col-start-2">
                {MISS_REASON[reason].because} {MISS_REASON[reason].remedy}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
