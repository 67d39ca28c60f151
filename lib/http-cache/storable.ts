import { initialAge, type ResponseTimes } from './age.ts';
import type { CacheControl } from './cache-control.ts';
import { parseHttpDate } from './date.ts';
import { isEventStream } from './event-stream.ts';
import { header, type HeaderList } from './header-list.ts';
import { responseControl, saysNoCache, type ControlField, type ResponseControl } from './response-control.ts';
import { HEURISTICALLY_CACHEABLE, isFinal, isUnderstood, POLICY_CACHEABLE } from './status.ts';
import { varyNames } from './vary.ts';

/** What the operator adds where the response says nothing. Times in ms; `ignore` names what is overridden (docs/decisions/0006-what-may-be-shared.md). */
export interface StorePolicy {
  readonly ttl: number;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  /** Whether freshness may be guessed from Last-Modified. */
  readonly heuristic: boolean;
  /** Of 'authorization', 'cookie', 'set-cookie', 'no-store', 'private'; each lifts exactly what it names. */
  readonly ignore: readonly string[];
}

/** A request and its response head. */
export interface JudgeInput extends ResponseTimes {
  /** 'GET' also for a request that a policy caches like one (POST by its body). */
  readonly method: string;
  /** Whether the request carries Authorization. */
  readonly authorization: boolean;
  /** Whether the request carries Cookie. */
  readonly cookie: boolean;
  /** Whether the request says no-store, and is obeyed. No policy lifts it. */
  readonly requestNoStore: boolean;
  readonly status: number;
  /** End-to-end fields of the response. */
  readonly headers: HeaderList;
  readonly policy: StorePolicy;
}

export type RefusalReason =
  | 'method'
  | 'no-store'
  | 'private'
  | 'authorization'
  | 'cookie'
  | 'set-cookie'
  | 'no-freshness'
  | 'status'
  | 'vary-star'
  | 'event-stream'
  | 'range';

/** Where the freshness comes from: the response, the policy's TTL, a guess, or nowhere (usable after revalidation alone). */
export type FreshnessSource = 'explicit' | 'policy' | 'heuristic' | 'none';

/** The share of the time since Last-Modified that a guess takes, and its bound in ms (RFC 9111 section 4.2.2). */
const HEURISTIC_SHARE = 0.1;
const HEURISTIC_MOST = 86_400_000;

/** Store, with these times in ms. */
export interface Storable {
  readonly store: true;
  /** Freshness lifetime from the response's own origin: compare with its age. */
  readonly lifetime: number;
  /** Age on arrival. */
  readonly initialAge: number;
  /** Grace beyond the lifetime (RFC 5861 section 3). */
  readonly staleWhileRevalidate: number;
  /** Grace beyond the lifetime (RFC 5861 section 4). */
  readonly staleIfError: number;
  readonly mustRevalidate: boolean;
  readonly source: FreshnessSource;
  /** The field whose directives held. */
  readonly field: ControlField;
  /** May answer requests that carry Authorization (RFC 9111 section 3.5). */
  readonly forAuthorization: boolean;
  /** May answer requests that carry Cookie: the origin itself says how it may be reused, or the policy ignores cookies. */
  readonly forCookie: boolean;
  readonly vary: readonly string[];
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

export type Judgement = Storable | { readonly store: false; readonly reason: RefusalReason };

/** Whether a shared cache may store the response (RFC 9111 section 3), and for how long it is good (section 4.2). */
export function judge(input: JudgeInput): Judgement {
  const { headers, policy } = input;
  const said = responseControl(headers);
  const { control } = said;
  const vary = varyNames(headers);
  const reason = refusal(input, control);
  if (reason !== undefined) return { store: false, reason };
  if (vary === '*') return { store: false, reason: 'vary-star' };

  const date = parseDate(headers, 'date', input.wall);
  const explicit = explicitLifetime(input, said, date);
  const policyMayApply = POLICY_CACHEABLE.has(input.status) && !saysNoCache(headers, said);
  const byPolicy = explicit === undefined && policyMayApply && policy.ttl > 0;
  const guessed = explicit === undefined && !byPolicy ? heuristicLifetime(input, said, date) : undefined;
  if (explicit === undefined && guessed === undefined && !mayLackFreshness(input.status, control))
    return { store: false, reason: 'status' };
  const lifetime = control.noCache ? 0 : (explicit ?? (byPolicy ? policy.ttl : (guessed ?? 0)));
  const etag = header(headers, 'etag');
  const lastModified = header(headers, 'last-modified');
  // A 5xx that must be revalidated anyway would only push out a better response.
  const revalidatable = input.status < 500 && (etag !== undefined || lastModified !== undefined);
  if (lifetime === 0 && !revalidatable) return { store: false, reason: 'no-freshness' };
  // Where the origin doesn't say how the response may be reused, a Cookie makes it private.
  const forCookie = explicit !== undefined || control.noCache || policy.ignore.includes('cookie');
  if (input.cookie && !forCookie) return { store: false, reason: 'cookie' };

  // must-revalidate speaks of the origin's own freshness: it doesn't let the policy's TTL share what Authorization asked for.
  const ignoresAuthorization = policy.ignore.includes('authorization');
  const forAuthorization =
    ignoresAuthorization || (explicit === undefined && lifetime > 0 ? control.public : sharesAuthorized(control));
  if (input.authorization && !forAuthorization) return { store: false, reason: 'authorization' };

  const mustRevalidate =
    control.mustRevalidate || control.proxyRevalidate || control.noCache || control.sMaxAge !== undefined;
  // The policy extends only what its TTL may apply to, or what has freshness of its own.
  const graces = explicit !== undefined || policyMayApply;
  return {
    store: true,
    lifetime,
    initialAge: initialAge(headers, date, input),
    staleWhileRevalidate: grace(control.staleWhileRevalidate, graces ? policy.staleWhileRevalidate : 0, mustRevalidate),
    staleIfError: grace(control.staleIfError, graces ? policy.staleIfError : 0, mustRevalidate),
    mustRevalidate,
    source: explicit !== undefined ? 'explicit' : byPolicy ? 'policy' : guessed !== undefined ? 'heuristic' : 'none',
    field: said.field,
    forAuthorization,
    forCookie,
    vary,
    etag,
    lastModified,
  };
}

/** What forbids storing, whatever the freshness. */
function refusal(input: JudgeInput, control: CacheControl): RefusalReason | undefined {
  const { headers, status } = input;
  const { ignore } = input.policy;
  if (input.method !== 'GET') return 'method';
  if (status === 206) return 'range';
  if (!isFinal(status) || (control.mustUnderstand && !isUnderstood(status))) return 'status';
  if (isEventStream(headers)) return 'event-stream';
  // must-understand on an understood status takes no-store's place (RFC 9111 section 5.2.2.3).
  const noStore = control.noStore && !control.mustUnderstand && !ignore.includes('no-store');
  if (input.requestNoStore || noStore) return 'no-store';
  if (control.private && !ignore.includes('private')) return 'private';
  if (input.authorization && !sharesAuthorized(control) && !ignore.includes('authorization')) return 'authorization';
  if (header(headers, 'set-cookie') !== undefined && !ignore.includes('set-cookie')) return 'set-cookie';
  return undefined;
}

/** RFC 9111 section 3.5. */
function sharesAuthorized(control: CacheControl): boolean {
  return control.public || control.mustRevalidate || control.sMaxAge !== undefined;
}

/** Whether it may be stored without freshness of its own (RFC 9111 section 3); 5xx never. */
function mayLackFreshness(status: number, control: CacheControl): boolean {
  return status < 500 && (control.public || POLICY_CACHEABLE.has(status));
}

/**
 * In ms: s-maxage, max-age, Expires less Date, in that order (RFC 9111 section 4.2.1); undefined if there is none.
 * Expires has no say beside another field than Cache-Control (RFC 9213 section 2.2).
 */
function explicitLifetime(
  input: JudgeInput,
  { control, field }: ResponseControl,
  date: number | undefined,
): number | undefined {
  const seconds = control.sMaxAge ?? control.maxAge;
  if (seconds !== undefined) return seconds * 1_000;
  if (field !== 'cache-control' || header(input.headers, 'expires') === undefined) return undefined;
  // An invalid Expires, "0" above all, is in the past (RFC 9111 section 5.3).
  const expires = parseDate(input.headers, 'expires', input.wall);
  return expires === undefined ? 0 : Math.max(0, expires - (date ?? input.wall));
}

/** A guess in ms, where the policy wants one and the status allows it (RFC 9111 section 4.2.2). */
function heuristicLifetime(input: JudgeInput, said: ResponseControl, date: number | undefined): number | undefined {
  const { headers, policy, status, wall } = input;
  const may = policy.heuristic && (said.control.public || HEURISTICALLY_CACHEABLE.has(status));
  const modified = parseDate(headers, 'last-modified', wall);
  if (!may || modified === undefined || saysNoCache(headers, said)) return undefined;
  const guess = ((date ?? wall) - modified) * HEURISTIC_SHARE;
  return guess > 0 ? Math.min(guess, HEURISTIC_MOST) : undefined;
}

function parseDate(headers: HeaderList, name: string, wall: number): number | undefined {
  const value = header(headers, name);
  return value === undefined ? undefined : parseHttpDate(value.trim(), wall);
}

/** In ms; the response's own word, in seconds, wins over the policy's. */
function grace(seconds: number | undefined, policy: number, mustRevalidate: boolean): number {
  if (mustRevalidate) return 0;
  return seconds === undefined ? policy : seconds * 1_000;
}
