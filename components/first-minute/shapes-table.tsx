import { MISS_REASON, reasonShares } from '@/lib/contracts/miss-reason';
import type { ShapeRow } from '@/lib/contracts/onboarding';
import { formatCount, formatNumber, formatPercent } from '@/components/ui/format';
import { HEAD_CELL } from '@/components/ui/table-cells';

/** "no Cache-Control 12, first request 3": why requests went to the origin, most frequent first. */
function reasonsText({ reasons }: Pick<ShapeRow, 'reasons'>): string {
  return reasonShares([reasons])
    .map(({ reason, count }) => `${MISS_REASON[reason].words} ${formatCount(count)}`)
    .join(', ');
}

/** Paths and reasons may take several lines. */
const CELL = 'border-b border-line px-3 py-1.5 align-top';

/** Requests by shape of their path: what would have been saved, and why not the rest. */
export function ShapesTable({ shapes }: { shapes: readonly ShapeRow[] }) {
  return (
    <div className="max-h-72 overflow-auto" tabIndex={0} role="region" aria-label="Requests by path">
      <table className="w-full border-collapse">
        <thead>
          <tr>
            <th scope="col" className={`${HEAD_CELL} text-left`}>
              Path
            </th>
            <th scope="col" className={`${HEAD_CELL} text-right`}>
              Requests
            </th>
            <th scope="col" className={`${HEAD_CELL} text-right`}>
              Saved %
            </th>
            <th scope="col" className={`${HEAD_CELL} text-right max-sm:hidden`}>
              Mean ms
            </th>
            <th scope="col" className={`${HEAD_CELL} text-left max-sm:hidden`}>
              Why not the rest
            </th>
          </tr>
        </thead>
        <tbody>
          {shapes.map((row) => (
            <tr key={`${row.method} ${row.shape}`}>
              <th scope="row" className={`${CELL} text-left font-normal`}>
                <span className="font-mono text-xs break-all">
                  {row.method !== 'GET' && <span className="text-text-2">{row.method} </span>}
                  {row.shape}
                </span>
                <span className="block text-text-2 sm:hidden">{reasonsText(row) || 'all saved'}</span>
              </th>
              <td className={`${CELL} text-right tabular-nums`}>{formatCount(row.requests)}</td>
              <td className={`${CELL} text-right tabular-nums`}>{formatPercent(row.saved / row.requests)}</td>
              <td className={`${CELL} text-right tabular-nums max-sm:hidden`}>{formatNumber(row.meanMs)}</td>
              <td className={`${CELL} min-w-32 text-text-2 max-sm:hidden`}>{reasonsText(row) || 'all saved'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
