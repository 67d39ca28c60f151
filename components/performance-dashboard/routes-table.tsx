'use client';

import { memo } from 'react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { RouteRow } from '@/lib/contracts/overview';
import { classes } from '@/components/ui/classes';
import type { View } from '@/hooks/view';
import { ROUTE_COLUMNS, routeId, sortRoutes, type RouteColumn } from './route-columns';
import { RouteLine } from './route-line';

interface RoutesTableProps {
  readonly rows: readonly RouteRow[];
  readonly view: View;
  readonly onChange: (change: Partial<View>) => void;
}

function HeaderCell({ column, view, onChange }: { column: RouteColumn } & Omit<RoutesTableProps, 'rows'>) {
  const sorted = view.sort === column.key;
  const Arrow = view.descending ? ArrowDown : ArrowUp;
  const sortBy = () => onChange({ sort: column.key, descending: sorted ? !view.descending : column.numeric });
  return (
    <th
      scope="col"
      aria-sort={sorted ? (view.descending ? 'descending' : 'ascending') : 'none'}
      style={{ width: column.width }}
      className={classes(
        'h-8 border-b border-line-strong p-0 text-xs font-medium whitespace-nowrap',
        column.key === 'route' && 'sticky left-0 z-10 bg-bg',
        column.key === 'reason' && 'max-sm:hidden',
      )}
    >
      <button
        type="button"
        onClick={sortBy}
        title={column.meaning}
        className={classes(
          'flex h-8 w-full items-center gap-1 px-3 hover:text-text',
          column.numeric && 'justify-end',
          column.key === 'route' && 'pl-5',
          column.key === 'reason' && 'pl-6',
          sorted ? 'text-text' : 'text-text-2',
        )}
      >
        {sorted && column.numeric && <Arrow size={12} aria-hidden />}
        {column.label}
        {sorted && !column.numeric && <Arrow size={12} aria-hidden />}
      </button>
    </th>
  );
}

function RoutesTableOf({ rows, view, onChange }: RoutesTableProps) {
  const sorted = sortRoutes(rows, view.sort, view.descending);
  const severalServices = new Set(rows.map((row) => row.service)).size > 1;
  return (
    <section aria-label="Routes">
      <h2 className="sr-only">Routes</h2>
      <div
        role="region"
        aria-label="Routes, scrollable"
        tabIndex={0}
        className="relative -mx-4 mt-1 overflow-x-auto px-4 lg:-mx-6 lg:px-6"
      >
        <table className="w-full min-w-[1064px] border-separate max-sm:min-w-[824px] border-spacing-0 xl:table-fixed">
          <thead>
            <tr>
              {ROUTE_COLUMNS.map((column) => (
                <HeaderCell key={column.key} column={column} view={view} onChange={onChange} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => {
              const id = routeId(row);
              return <RouteLine key={id} row={row} named={severalServices} view={view} onChange={onChange} />;
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Routes with what they cost the origin, and why their requests miss. */
export const RoutesTable = memo(RoutesTableOf);
