'use client';

import type { KeysQuery } from '@/lib/contracts/keys';
import type { MissReason } from '@/lib/contracts/traffic';
import { MISS_REASON } from '@/lib/contracts/miss-reason';
import { formatCount, formatTime } from '@/components/ui/format';
import { Problem } from '@/components/ui/problem';
import { CELL, HEAD_CELL, NUMBER_CELL } from '@/components/ui/table-cells';
import { useKeys } from '@/hooks/use-keys';

/** Rows that a person reads. */
const TOP = 10;

interface KeyTableProps {
  readonly by: KeysQuery['by'];
  readonly service: string;
  readonly route: string | null;
  /** Of missed keys: those that missed for this reason. */
  readonly reason: MissReason | null;
}

const titleOf = (by: KeysQuery['by'], reason: MissReason | null): string => {
  if (by === 'asked') return 'Most asked keys';
  return reason === null ? 'Most missed keys' : `Keys missed: ${MISS_REASON[reason].words}`;
};

/** The keys that are asked for, or missed, most. */
export function KeyTable({ by, service, route, reason }: KeyTableProps) {
  const { keys, from, error } = useKeys({ by, service, route, reason, top: TOP });
  const title = titleOf(by, reason);
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-sm font-medium">
        {title} {from !== undefined && <span className="font-normal text-text-3">since {formatTime(from, false)}</span>}
      </h3>
      {keys === undefined && error === null && <p className="text-text-2">Loading…</p>}
      {keys === undefined && <Problem error={error} />}
      {keys?.length === 0 && <p className="text-text-2">None has been counted.</p>}
      {keys !== undefined && keys.length > 0 && (
        <table className="mt-1 w-full table-fixed border-separate border-spacing-0">
          <thead>
            <tr>
              <th scope="col" className={`${HEAD_CELL} pl-0 text-left`}>
                Key
              </th>
              <th scope="col" className={`${HEAD_CELL} w-24 text-right`}>
                {by === 'asked' ? 'Asked' : 'Missed'}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((row) => (
              <tr key={`${row.service} ${row.key}`}>
                <th
                  scope="row"
                  className={`${CELL} max-w-0 truncate pl-0 text-left font-mono text-xs font-normal`}
                  title={row.key}
                >
                  {row.key}
                </th>
                <td className={NUMBER_CELL}>{formatCount(row.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
