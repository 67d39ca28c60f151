import { MISS_REASON, type ReasonShare } from '@/lib/contracts/miss-reason';
import { classes } from '@/components/ui/classes';
import { formatCounted, formatPercent } from '@/components/ui/format';
import type { View } from '@/hooks/view';
import { ViewLink } from './view-link';

interface ReasonListProps {
  readonly shares: readonly ReasonShare[];
  readonly view: View;
  readonly onChange: (part: Partial<View>) => void;
}

/** Why requests missed, by share, and what could be done about each; a reason opens what it concerns. */
export function ReasonList({ shares, view, onChange }: ReasonListProps) {
  if (shares.length === 0) return <p className="text-text-2">No misses in this range.</p>;
  return (
    <ul className="divide-y divide-line border-y border-line">
      {shares.map(({ reason, count, share }) => {
        const { words, because, remedy } = MISS_REASON[reason];
        const looked = view.reason === reason;
        return (
          <li
            key={reason}
            className={classes(
              'grid grid-cols-[64px_minmax(0,1fr)] gap-x-3 py-1.5 sm:grid-cols-[64px_144px_minmax(0,1fr)]',
              looked && 'bg-hover',
            )}
          >
            <span className="text-right" title={formatCounted(count, 'request')}>
              {formatPercent(share)} %
            </span>
            <ViewLink
              view={view}
              part={{ reason: looked ? null : reason }}
              onChange={onChange}
              aria-current={looked ? 'true' : undefined}
              className="w-fit font-medium underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {words}
            </ViewLink>
            <span className="text-text-2 max-sm:col-start-2">
              {because} {remedy}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
