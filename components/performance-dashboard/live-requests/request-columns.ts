import type { RequestLine } from '@/lib/contracts/tail';
import { missReasonText } from '@/lib/contracts/miss-reason';
import { formatNumber, formatTime } from '@/components/ui/format';
import type { FilterList } from '@/hooks/tail-params';
import { resultWord } from './result-words';

/** "03:04:05.006" */
export const formatMoment = (at: number): string =>
  `${formatTime(at)}.${String(Math.floor(at) % 1_000).padStart(3, '0')}`;

export interface RequestColumn {
  readonly key: string;
  readonly label: string;
  readonly text: (line: RequestLine) => string;
  /** The list of the filter that a press on a cell adds to, and the value. */
  readonly filter?: { readonly list: FilterList; readonly value: (line: RequestLine) => string | null };
  /** Where it's shown: everywhere, on tablets, at desks. */
  readonly from: 'phone' | 'tablet' | 'desk';
  readonly numeric?: boolean;
  readonly mono?: boolean;
}

/** The columns of live requests, in their order; widths stand in TRACKS. */
export const REQUEST_COLUMNS: readonly RequestColumn[] = [
  { key: 'time', label: 'Time', text: ({ at }) => formatMoment(at), from: 'phone', mono: true },
  {
    key: 'status',
    label: 'Status',
    text: ({ status }) => String(status),
    filter: { list: 'statuses', value: ({ status }) => String(status) },
    from: 'phone',
  },
  {
    key: 'result',
    label: 'Result',
    text: ({ result }) => resultWord(result),
    filter: { list: 'results', value: ({ result }) => result },
    from: 'phone',
  },
  {
    key: 'reason',
    label: 'Reason',
    text: ({ reason }) => missReasonText(reason)?.words ?? reason ?? '',
    filter: { list: 'reasons', value: ({ reason }) => reason ?? null },
    from: 'tablet',
  },
  {
    key: 'method',
    label: 'Method',
    text: ({ method }) => method,
    filter: { list: 'methods', value: ({ method }) => method },
    from: 'tablet',
    mono: true,
  },
  { key: 'path', label: 'Path', text: ({ path }) => path, from: 'phone', mono: true },
  {
    key: 'route',
    label: 'Route',
    text: ({ service, route }) => `${service} ${route}`,
    filter: { list: 'routes', value: ({ route }) => route },
    from: 'desk',
  },
  {
    key: 'client',
    label: 'Client',
    text: ({ client }) => client,
    filter: { list: 'clients', value: ({ client }) => client },
    from: 'desk',
    mono: true,
  },
  { key: 'ms', label: 'ms', text: ({ ms }) => formatNumber(ms), from: 'phone', numeric: true },
  { key: 'bytes', label: 'KiB', text: ({ bytes }) => formatNumber(bytes / 1_024), from: 'desk', numeric: true },
];

/** Widths of the columns that are shown at each width of the table; heads and rows share them. */
export const TRACKS =
  'grid grid-cols-[60px_40px_64px_minmax(0,1fr)_46px] gap-x-2 @2xl:gap-x-3 ' +
  '@2xl:grid-cols-[92px_48px_84px_116px_60px_minmax(0,1fr)_64px] ' +
  '@6xl:grid-cols-[92px_48px_84px_124px_60px_minmax(0,1.6fr)_minmax(0,1fr)_124px_64px_80px]';

export const SHOWN_FROM = { phone: '', tablet: '@max-2xl:hidden', desk: '@max-6xl:hidden' } as const;
