import type { RouteRow } from '@/lib/contracts/overview';
import type { SortKey } from '@/hooks/view';
import { MISS_REASON } from '@/lib/contracts/miss-reason';

export interface RouteColumn {
  readonly key: SortKey;
  readonly label: string;
  /** What the numbers count. */
  readonly meaning: string;
  readonly numeric: boolean;
  /** Width in px; the reason's column takes what is left. */
  readonly width?: number;
  readonly value: (row: RouteRow) => number | string | null;
}

export const ROUTE_COLUMNS: readonly RouteColumn[] = [
  {
    key: 'route',
    label: 'Route',
    meaning: 'The pattern of requests that shares one policy',
    numeric: false,
    width: 320,
    value: (row) => `${row.service} ${row.route}`,
  },
  {
    key: 'requests',
    label: 'Req/s',
    meaning: 'Requests from clients per second, counted when their answer is complete: a stream when it ends',
    numeric: true,
    width: 80,
    value: (row) => row.requestsPerSecond,
  },
  {
    key: 'hit',
    label: 'Hit %',
    meaning: 'Requests answered fresh from the store',
    numeric: true,
    width: 80,
    value: (row) => row.hitRatio,
  },
  {
    key: 'origin',
    label: 'Origin calls/s',
    meaning:
      'All calls to the origin per second, counted when they begin: retries, refreshes and open streams included',
    numeric: true,
    width: 120,
    value: (row) => row.originCallsPerSecond,
  },
  {
    key: 'p95',
    label: 'p95 miss ms',
    meaning: '95 of 100 requests that needed the origin had their first byte within this time',
    numeric: true,
    width: 112,
    value: (row) => row.p95MissMs,
  },
  {
    key: 'errors',
    label: 'Errors %',
    meaning: 'Requests answered with a 5xx status',
    numeric: true,
    width: 88,
    value: (row) => row.errorRatio,
  },
  {
    key: 'time',
    label: 'Origin time s/min',
    meaning: 'Seconds that the origin worked for this route in each minute',
    numeric: true,
    width: 144,
    value: (row) => row.originSecondsPerMinute,
  },
  {
    key: 'reason',
    label: 'Top miss reason',
    meaning: 'Why most misses missed',
    numeric: false,
    value: (row) => (row.topMissReason === null ? null : MISS_REASON[row.topMissReason].words),
  },
];

export const routeId = (row: RouteRow): string => `${row.service}/${row.route}`;

/** Rows in the order of a column; what is unknown comes last either way, and equals keep an order of their own. */
export function sortRoutes(rows: readonly RouteRow[], key: SortKey, descending: boolean): RouteRow[] {
  const value = ROUTE_COLUMNS.find((column) => column.key === key)?.value ?? (() => null);
  return [...rows].sort((a, b) => {
    const x = value(a);
    const y = value(b);
    const byName = routeId(a) < routeId(b) ? -1 : 1;
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
    if (x === y) return byName;
    return (x < y ? -1 : 1) * (descending ? -1 : 1);
  });
}
