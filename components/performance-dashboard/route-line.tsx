import { ChevronRight, ShieldAlert } from 'lucide-react';
import type { RouteRow } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import { formatNumber, formatPercent, formatRate } from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { CELL, NUMBER_CELL } from '@/components/ui/table-cells';
import { MISS_REASON } from '@/lib/contracts/miss-reason';
import type { View } from '@/hooks/view';
import { ViewLink } from './view-link';

/** A reason may take several lines: numbers stay beside the route's name. */
const TOP = `${NUMBER_CELL} align-top leading-8`;

interface RouteLineProps {
  readonly row: RouteRow;
  /** Whether the service is named, since several are shown. */
  readonly named: boolean;
  readonly view: View;
  readonly onChange: (part: Partial<View>) => void;
}

/** Why most of its misses missed: opens the route at that reason; of one that never hits, what could be done. */
function Reason({ row, view, onChange }: Omit<RouteLineProps, 'named'>) {
  const { service, route, topMissReason: reason } = row;
  if (reason === null) return <span className="text-text-3">–</span>;
  const { words, remedy } = MISS_REASON[reason];
  const never = row.hitRatio === 0;
  return (
    <span className="block leading-5 whitespace-normal">
      <ViewLink
        view={view}
        part={{ service, route, reason }}
        onChange={onChange}
        className="hover:underline max-sm:inline-block max-sm:leading-6"
      >
        {words}
      </ViewLink>
      {never && remedy !== null && <span className="text-text-3"> · {remedy}</span>}
    </span>
  );
}

/** A route's row; its name opens it. */
export function RouteLine({ row, named, view, onChange }: RouteLineProps) {
  const { service, route } = row;
  return (
    <tr className="group hover:bg-hover">
      <th
        scope="row"
        className="sticky left-0 h-8 max-w-[200px] border-b border-line bg-bg p-0 text-left align-top font-normal group-hover:bg-hover sm:max-w-[260px] xl:max-w-none"
      >
        <ViewLink
          view={view}
          part={{ service, route }}
          onChange={onChange}
          className="flex h-8 w-full min-w-0 items-center gap-1.5 pr-3 focus-visible:outline-offset-[-2px]"
        >
          <ChevronRight size={14} aria-hidden className="shrink-0 text-text-3 group-hover:text-text" />
          <span className="truncate">
            {named && <span className="text-text-3">{service} </span>}
            <span className="font-mono text-xs">{route === '*' ? 'everything else' : route}</span>
          </span>
          {row.unsafe.length > 0 && (
            <Pill tone="watch" icon={ShieldAlert} className="ml-1">
              Unsafe
            </Pill>
          )}
        </ViewLink>
        <span className="block pr-3 pb-1.5 pl-5 text-xs text-text-2 sm:hidden">
          <Reason row={row} view={view} onChange={onChange} />
        </span>
      </th>
      <td className={TOP}>{formatRate(row.requestsPerSecond)}</td>
      <td className={TOP}>{formatPercent(row.hitRatio)}</td>
      <td className={TOP}>{formatRate(row.originCallsPerSecond)}</td>
      <td className={TOP}>{formatNumber(row.p95MissMs)}</td>
      <td className={classes(TOP, (row.errorRatio ?? 0) >= 0.05 && 'font-medium text-bad')}>
        {(row.errorRatio ?? 0) >= 0.05 && <span className="sr-only">high: </span>}
        {formatPercent(row.errorRatio)}
      </td>
      <td className={TOP}>{formatNumber(row.originSecondsPerMinute)}</td>
      <td className={classes(CELL, 'max-w-0 min-w-[240px] py-1.5 pl-6 max-sm:hidden')}>
        <Reason row={row} view={view} onChange={onChange} />
      </td>
    </tr>
  );
}
