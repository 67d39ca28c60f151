import { RANGES, rangeSchema, type Range } from '../lib/contracts/overview';

/** Columns by which the routes table can be sorted. */
export const SORT_KEYS = ['route', 'requests', 'hit', 'origin', 'p95', 'errors', 'reason', 'time'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** What the page shows; all of it is in the URL, so that a link shows a colleague the same thing. */
export interface View {
  /** "all" or a service. */
  readonly service: string;
  readonly range: Range;
  readonly paused: boolean;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** The route whose row is open, as "service/route". */
  readonly open: string | null;
}

export const DEFAULT_VIEW: View = {
  service: 'all',
  range: '5m',
  paused: false,
  sort: 'time',
  descending: true,
  open: null,
};

/** Reads a view from a query string; whatever it doesn't understand falls back to the default. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const range = rangeSchema.safeParse(params.get('from')?.replace(/^now-/, ''));
  const service = params.get('service') ?? '';
  const sort = params.get('sort') ?? '';
  const key = SORT_KEYS.find((candidate) => candidate === sort.replace(/^-/, ''));
  return {
    service: service === '' || service.length > 63 ? DEFAULT_VIEW.service : service,
    range: range.success ? range.data : DEFAULT_VIEW.range,
    paused: params.get('live') === 'off',
    sort: key ?? DEFAULT_VIEW.sort,
    descending: key === undefined ? DEFAULT_VIEW.descending : sort.startsWith('-'),
    open: params.get('open'),
  };
}

/** The query string of a view, defaults left out; "" or "?…". */
export function formatView(view: View): string {
  const params = new URLSearchParams();
  if (view.service !== DEFAULT_VIEW.service) params.set('service', view.service);
  if (view.range !== DEFAULT_VIEW.range) {
    params.set('from', `now-${view.range}`);
    params.set('to', 'now');
  }
  if (view.paused) params.set('live', 'off');
  if (view.sort !== DEFAULT_VIEW.sort || view.descending !== DEFAULT_VIEW.descending) {
    params.set('sort', (view.descending ? '-' : '') + view.sort);
  }
  if (view.open !== null) params.set('open', view.open);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** "5 min", as it is said in sentences. */
export const rangeWords = (range: Range): string => `${RANGES[range] / 60} min`;
