import { ChevronRight, ShieldAlert } from 'lucide-react';
import type { RouteRow } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import { formatNumber, formatPercent, formatRate } from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { CELL, NUMBER_CELL } from '@/components/ui/table-cells';
import { MISS_REASON } from '@/lib/contracts/miss-reason';
import { ROUTE_COLUMNS, routeId } from './route-columns';
import { RouteDetail } from './route-detail';

interface RouteRowsProps {
  readonly row: RouteRow;
  /** Whether the service is named, since several are shown. */
  readonly named: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Reason({ row }: { row: RouteRow }) {
  if (row.topMissReason === null) return <span className="text-text-3">–</span>;
  const { words, remedy } = MISS_REASON[row.topMissReason];
  const never = row.hitRatio === 0;
  return (
    <span className="block truncate" title={never && remedy !== null ? remedy : undefined}>
      {words}
      {never && remedy !== null && <span className="text-text-3"> · {remedy}</span>}
    </span>
  );
}

/** A route's row and, when it's open, what lies behind its misses. */
export function RouteRows({ row, named, open, onToggle }: RouteRowsProps) {
  const detail = `route-${routeId(row)}`;
  return (
    <>
      <tr className="group hover:bg-hover" onClick={onToggle}>
        <th
          scope="row"
          className="sticky left-0 h-8 max-w-[200px] sm:max-w-[260px] border-b border-line bg-bg p-0 text-left font-normal group-hover:bg-hover xl:max-w-none"
        >
          <button
            type="button"
            aria-expanded={open}
            {...(open ? { 'aria-controls': detail } : {})}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
            className="flex h-8 w-full min-w-0 items-center gap-1.5 pr-3 text-left focus-visible:outline-offset-[-2px]"
          >
            <ChevronRight size={14} aria-hidden className={classes('shrink-0 text-text-3', open && 'rotate-90')} />
            <span className="truncate">
              {named && <span className="text-text-3">{row.service} </span>}
              <span className="font-mono text-xs">{row.route === '*' ? 'everything else' : row.route}</span>
            </span>
            {row.unsafe.length > 0 && (
              <Pill tone="watch" icon={ShieldAlert} className="ml-1">
                Unsafe
              </Pill>
            )}
          </button>
        </th>
        <td className={NUMBER_CELL}>{formatRate(row.requestsPerSecond)}</td>
        <td className={NUMBER_CELL}>{formatPercent(row.hitRatio)}</td>
        <td className={NUMBER_CELL}>{formatRate(row.originCallsPerSecond)}</td>
        <td className={NUMBER_CELL}>{formatNumber(row.p95MissMs)}</td>
        <td className={classes(NUMBER_CELL, (row.errorRatio ?? 0) >= 0.05 && 'font-medium text-bad')}>
          {(row.errorRatio ?? 0) >= 0.05 && <span className="sr-only">high: </span>}
          {formatPercent(row.errorRatio)}
        </td>
        <td className={NUMBER_CELL}>{formatNumber(row.originSecondsPerMinute)}</td>
        <td className={classes(CELL, 'max-w-0 min-w-[240px] pl-6')}>
          <Reason row={row} />
        </td>
      </tr>
      {open && (
        <tr id={detail}>
          <td colSpan={ROUTE_COLUMNS.length} className="border-b border-line p-0">
            <RouteDetail row={row} />
          </td>
        </tr>
      )}
    </>
  );
}
