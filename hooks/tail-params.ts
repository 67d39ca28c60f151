import { ANY_REQUEST, tailFilterSchema, type TailFilter } from '../lib/contracts/tail';

/** Parts of a filter that are lists, and what they are called in the URL. */
export const FILTER_LISTS = [
  'services',
  'routes',
  'methods',
  'clients',
  'results',
  'reasons',
  'statuses',
] as const satisfies readonly (keyof TailFilter)[];
export type FilterList = (typeof FILTER_LISTS)[number];

const nameOf = (part: keyof TailFilter): string => `tail-${part}`;

/** Reads the filter of live requests from a query; one that makes no sense lets everything pass. */
export function parseTail(params: URLSearchParams): TailFilter {
  const parsed = tailFilterSchema.safeParse({
    ...Object.fromEntries(FILTER_LISTS.map((part) => [part, params.getAll(nameOf(part))])),
    text: params.get(nameOf('text')) ?? '',
    slowerThanMs: Number(params.get(nameOf('slowerThanMs')) ?? 0),
  });
  return parsed.success ? parsed.data : ANY_REQUEST;
}

/** Writes what a filter says into a query. */
export function formatTail(params: URLSearchParams, filter: TailFilter): void {
  for (const part of FILTER_LISTS) for (const value of filter[part]) params.append(nameOf(part), value);
  if (filter.text !== '') params.set(nameOf('text'), filter.text);
  if (filter.slowerThanMs > 0) params.set(nameOf('slowerThanMs'), String(filter.slowerThanMs));
}

/** Whether a filter lets everything pass. */
export const isAny = (filter: TailFilter): boolean =>
  FILTER_LISTS.every((part) => filter[part].length === 0) && filter.text === '' && filter.slowerThanMs === 0;

/** A filter with a value added to one of its lists, or taken away where it was there. */
export function toggled(filter: TailFilter, part: FilterList, value: string): TailFilter {
  const values: readonly string[] = filter[part];
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  const parsed = tailFilterSchema.safeParse({ ...filter, [part]: next });
  return parsed.success ? parsed.data : filter;
}
