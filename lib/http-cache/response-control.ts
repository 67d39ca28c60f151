import { type CacheControl, controlOf, parseCacheControl } from './cache-control.ts';
import { header, type HeaderList } from './header-list.ts';
import { parseDictionary } from './structured-field.ts';
import { parseSurrogateControl } from './surrogate-control.ts';

/** The fields that speak to this cache before Cache-Control does, the nearest first (RFC 9213 section 2.2). Lower case. */
export const TARGETED_FIELDS = ['pitwall-cache-control', 'cdn-cache-control'] as const;

/** Which field it was that decided. */
export type ControlField = (typeof TARGETED_FIELDS)[number] | 'surrogate-control' | 'cache-control';

/** A response's directives for this cache. */
export interface ResponseControl {
  readonly field: ControlField;
  readonly control: CacheControl;
}

/**
 * The directives that hold here: of the first targeted field that is there, parses and isn't empty, which then stands
 * alone, without Expires and Pragma (RFC 9213 section 2.2); else of Surrogate-Control; else of Cache-Control.
 */
export function responseControl(headers: HeaderList): ResponseControl {
  for (const field of TARGETED_FIELDS) {
    const value = header(headers, field);
    const dictionary = value === undefined ? undefined : parseDictionary(value);
    if (dictionary !== undefined && dictionary.size > 0) return { field, control: controlOf(dictionary) };
  }
  const surrogate = parseSurrogateControl(header(headers, 'surrogate-control') ?? '');
  if (surrogate === undefined)
    return { field: 'cache-control', control: parseCacheControl(header(headers, 'cache-control')) };
  const { noStore, maxAge, grace } = surrogate;
  const control = { ...NOTHING, noStore, maxAge, staleWhileRevalidate: grace, staleIfError: grace };
  return { field: 'surrogate-control', control };
}

const NOTHING = parseCacheControl(undefined);

/** no-cache, or its predecessor where there is no Cache-Control (RFC 9111 section 5.4). */
export function saysNoCache(headers: HeaderList, { control, field }: ResponseControl): boolean {
  if (control.noCache || field !== 'cache-control' || header(headers, 'cache-control') !== undefined)
    return control.noCache;
  return /\bno-cache\b/i.test(header(headers, 'pragma') ?? '');
}
