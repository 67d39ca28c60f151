import { clampSeconds, parseDeltaSeconds } from './delta-seconds.ts';
import { listMembers } from './list.ts';
import type { Dictionary } from './structured-field.ts';

/** The directives of a Cache-Control field, of a request or a response (RFC 9111 section 5.2). Times in seconds. */
export interface CacheControl {
  readonly noStore: boolean;
  /** Also set by the qualified form, `no-cache="field"`: the safe reading. */
  readonly noCache: boolean;
  /** Also set by the qualified form, `private="field"`: the safe reading. */
  readonly private: boolean;
  readonly public: boolean;
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  readonly mustUnderstand: boolean;
  readonly immutable: boolean;
  readonly onlyIfCached: boolean;
  readonly noTransform: boolean;
  readonly maxAge: number | undefined;
  readonly sMaxAge: number | undefined;
  readonly staleWhileRevalidate: number | undefined;
  readonly staleIfError: number | undefined;
  readonly minFresh: number | undefined;
  /** True where the client takes any staleness. */
  readonly maxStale: number | true | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Flag = { [K in keyof CacheControl]: CacheControl[K] extends boolean ? K : never }[keyof CacheControl];
type Seconds = Exclude<keyof CacheControl, Flag>;

const FLAGS: ReadonlyMap<string, Flag> = new Map([
  ['no-store', 'noStore'],
  ['no-cache', 'noCache'],
  ['private', 'private'],
  ['public', 'public'],
  ['must-revalidate', 'mustRevalidate'],
  ['proxy-revalidate', 'proxyRevalidate'],
  ['must-understand', 'mustUnderstand'],
  ['immutable', 'immutable'],
  ['only-if-cached', 'onlyIfCached'],
  ['no-transform', 'noTransform'],
]);

const SECONDS: ReadonlyMap<string, Seconds> = new Map([
  ['max-age', 'maxAge'],
  ['s-maxage', 'sMaxAge'],
  ['stale-while-revalidate', 'staleWhileRevalidate'],
  ['stale-if-error', 'staleIfError'],
  ['min-fresh', 'minFresh'],
  ['max-stale', 'maxStale'],
]);

const NONE: CacheControl = Object.freeze(blank());

/**
 * Reads a Cache-Control value (several lines joined by a comma). Unknown directives are ignored; a time that is
 * invalid, or given twice with different values, is 0, which is stale (RFC 9111 section 4.2.1). Never throws.
 */
export function parseCacheControl(value: string | undefined): CacheControl {
  if (value === undefined || value === '') return NONE;
  const found = blank();
  for (const member of listMembers(value)) {
    const equals = member.indexOf('=');
    const name = (equals === -1 ? member : member.slice(0, equals)).toLowerCase();
    const argument = equals === -1 ? undefined : member.slice(equals + 1);
    // No whitespace is allowed around "=": such a time is invalid.
    const spaced = name.endsWith(' ') || name.endsWith('\t');
    const time = argument === undefined ? undefined : spaced ? 0 : parseSeconds(argument);
    take(found, name.trimEnd(), time, argument === undefined);
  }
  return found;
}

/**
 * The directives of a targeted field (RFC 9213), a Dictionary of structured fields. Parameters are ignored; a time that
 * isn't a non-negative Integer is 0, which is stale.
 */
export function controlOf(dictionary: Dictionary): CacheControl {
  const found = blank();
  for (const [name, member] of dictionary) {
    const value = 'value' in member ? member.value : undefined;
    if (value === false) continue;
    const time = typeof value === 'number' && value >= 0 ? clampSeconds(value) : 0;
    take(found, name, value === true ? undefined : time, value === true);
  }
  return found;
}

/**
 * Notes a directive. Unknown ones are ignored.
 *
 * @param time its argument in seconds; undefined without one
 * @param bare whether it has no argument
 */
function take(found: Mutable<CacheControl>, name: string, time: number | undefined, bare: boolean): void {
  const flag = FLAGS.get(name);
  const seconds = SECONDS.get(name);
  if (flag !== undefined) {
    // What only permits counts in its exact form alone; what restricts counts in any.
    found[flag] ||= flag !== 'public' || bare;
  } else if (seconds === 'maxStale' && bare) {
    found.maxStale ??= true;
  } else if (seconds !== undefined) {
    const said = time ?? 0;
    found[seconds] = found[seconds] === undefined || found[seconds] === said ? said : 0;
  }
}

/** Both the token and the quoted form are accepted (RFC 9111 section 5.2); anything else is 0. */
function parseSeconds(argument: string): number {
  const quoted = argument.length > 1 && argument.startsWith('"') && argument.endsWith('"');
  return parseDeltaSeconds(quoted ? argument.slice(1, -1) : argument) ?? 0;
}

function blank(): Mutable<CacheControl> {
  return {
    noStore: false,
    noCache: false,
    private: false,
    public: false,
    mustRevalidate: false,
    proxyRevalidate: false,
    mustUnderstand: false,
    immutable: false,
    onlyIfCached: false,
    noTransform: false,
    maxAge: undefined,
    sMaxAge: undefined,
    staleWhileRevalidate: undefined,
    staleIfError: undefined,
    minFresh: undefined,
    maxStale: undefined,
  };
}
