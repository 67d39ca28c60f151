import { changeIdSchema } from '../lib/contracts/changes';
import { LONGEST_WINDOW_MS, rangeSchema, type Range } from '../lib/contracts/overview';
import { ANY_REQUEST, type TailFilter } from '../lib/contracts/tail';
import { MISS_REASONS, type MissReason } from '../lib/contracts/traffic';
import { formatTail, parseTail } from './tail-params';

/** Columns by which the routes table can be sorted. */
export const SORT_KEYS = ['route', 'requests', 'hit', 'origin', 'p95', 'errors', 'reason', 'time'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** A range that moves with now, or a window that stands still; its ends are whole seconds, ms since the epoch. */
export type Time =
  | { readonly kind: 'live'; readonly range: Range }
  | { readonly kind: 'window'; readonly from: number; readonly to: number };

/** What the lower half of the page shows. */
export const TABS = ['routes', 'requests'] as const;
export type Tab = (typeof TABS)[number];

/** What the page shows; all of it is in the URL, so that a link shows a colleague the same thing. */
export interface View {
  /** "all" or a service. */
  readonly service: string;
  /** A route of that service. */
  readonly route: string | null;
  /** Why requests missed: the reason that is looked at. */
  readonly reason: MissReason | null;
  /** The id of the change that is open, and stands out on the charts. */
  readonly change: string | null;
  readonly time: Time;
  readonly paused: boolean;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly tab: Tab;
  /** Which live requests. */
  readonly tail: TailFilter;
}

export const DEFAULT_VIEW: View = {
  service: 'all',
  route: null,
  reason: null,
  change: null,
  time: { kind: 'live', range: '5m' },
  paused: false,
  sort: 'time',
  descending: true,
  tab: 'routes',
  tail: ANY_REQUEST,
};

const SECOND = 1_000;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

/** A window between two moments: whole seconds, at least one, at most an hour that ends at `to`. */
export function windowTime(from: number, to: number): Time {
  const end = Math.ceil(to / SECOND) * SECOND;
  const start = Math.floor(from / SECOND) * SECOND;
  return { kind: 'window', from: Math.min(Math.max(start, end - LONGEST_WINDOW_MS), end - SECOND), to: end };
}

function parseTime(params: URLSearchParams): Time {
  const [from, to] = [params.get('from') ?? '', params.get('to') ?? ''];
  const range = rangeSchema.safeParse(from.replace(/^now-/, ''));
  if (range.success) return { kind: 'live', range: range.data };
  const [start, end] = [from, to].map((text) => (ISO.test(text) ? Date.parse(text) : Number.NaN)) as [number, number];
  // Not a number fails every comparison.
  return start >= 0 && start < end && end - start <= LONGEST_WINDOW_MS ? windowTime(start, end) : DEFAULT_VIEW.time;
}

const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** Reads a view from a query string; whatever it doesn't understand falls back to the default. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const named = params.get('service') ?? '';
  const service = named === '' || named.length > 63 ? DEFAULT_VIEW.service : named;
  const route = params.get('route') ?? '';
  const opened = changeIdSchema.safeParse(params.get('change'));
  const sort = params.get('sort') ?? '';
  const key = SORT_KEYS.find((candidate) => candidate === sort.replace(/^-/, ''));
  return {
    service,
    route: service === DEFAULT_VIEW.service || route === '' || route.length > 2_048 ? null : route,
    reason: MISS_REASONS.find((reason) => reason === params.get('reason')) ?? null,
    change: opened.success ? opened.data : null,
    time: parseTime(params),
    paused: params.get('live') === 'off',
    sort: key ?? DEFAULT_VIEW.sort,
    descending: key === undefined ? DEFAULT_VIEW.descending : sort.startsWith('-'),
    tab: TABS.find((tab) => tab === params.get('tab')) ?? DEFAULT_VIEW.tab,
    tail: parseTail(params),
  };
}

/** The query string of a view, defaults left out; "" or "?…". */
export function formatView(view: View): string {
  const params = new URLSearchParams();
  if (view.service !== DEFAULT_VIEW.service) params.set('service', view.service);
  if (view.route !== null) params.set('route', view.route);
  if (view.reason !== null) params.set('reason', view.reason);
  if (view.change !== null) params.set('change', view.change);
  if (view.time.kind === 'window') {
    params.set('from', iso(view.time.from));
    params.set('to', iso(view.time.to));
  } else if (!sameTime(view.time, DEFAULT_VIEW.time)) {
    params.set('from', `now-${view.time.range}`);
    params.set('to', 'now');
  }
  if (view.paused) params.set('live', 'off');
  if (view.sort !== DEFAULT_VIEW.sort || view.descending !== DEFAULT_VIEW.descending) {
    params.set('sort', (view.descending ? '-' : '') + view.sort);
  }
  if (view.tab !== DEFAULT_VIEW.tab) params.set('tab', view.tab);
  formatTail(params, view.tail);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A view with parts changed: another service has other routes and changes, another route has other reasons. */
export function changeView(view: View, part: Partial<View>): View {
  const moved = part.service !== undefined && part.service !== view.service;
  const route = part.route !== undefined ? part.route : moved ? null : view.route;
  const other = moved || route !== view.route;
  const reason = part.reason !== undefined ? part.reason : other ? null : view.reason;
  const opened = part.change !== undefined ? part.change : moved ? null : view.change;
  return { ...view, ...part, route, reason, change: opened };
}

const sameTime = (a: Time, b: Time): boolean =>
  a.kind === 'live'
    ? b.kind === 'live' && a.range === b.range
    : b.kind === 'window' && a.from === b.from && a.to === b.to;

/** Whether the browser's Back should undo the step from one view to the other: one that leads to another subject. */
export function isStep(from: View, to: View): boolean {
  if (from.service !== to.service || from.route !== to.route || from.reason !== to.reason) return true;
  const fixed = from.time.kind === 'window' || to.time.kind === 'window';
  return fixed && !sameTime(from.time, to.time);
}

/** A length of time as it is said in sentences: "5 min", "5 min 20 s", "1 h". */
export function spanWords(ms: number): string {
  const seconds = Math.round(ms / SECOND);
  const parts = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const words = parts.flatMap((part, i) => (part === 0 ? [] : `${part} ${['h', 'min', 's'][i]}`));
  return words.length === 0 ? '0 s' : words.join(' ');
}
