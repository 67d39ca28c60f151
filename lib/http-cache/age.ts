import { MAX_DELTA_SECONDS, parseDeltaSeconds } from './delta-seconds.ts';
import { header, type HeaderList } from './header-list.ts';

/** When a response was asked for and came. */
export interface ResponseTimes {
  /** When the request was sent, in ms of the monotonic clock. */
  readonly requestedAt: number;
  /** When the response head came, in ms of the monotonic clock. */
  readonly receivedAt: number;
  /** When the response head came, in ms since the epoch. */
  readonly wall: number;
}

/** A Date is cut to whole seconds: the message may be this much younger than its Date says. In ms. */
const DATE_RESOLUTION = 1_000;

/**
 * corrected_initial_age in ms, never negative (RFC 9111 section 4.2.3).
 * @param date the Date field in ms since the epoch; undefined if absent or invalid, which counts as received now
 */
export function initialAge(headers: HeaderList, date: number | undefined, times: ResponseTimes): number {
  const responseDelay = Math.max(0, times.receivedAt - times.requestedAt);
  return Math.max(0, apparentAge(date, times.wall), ageValue(headers) + responseDelay);
}

/** How old Date makes a response, in ms, negative where it is of the future. @param wall when it came, ms since the epoch */
export function apparentAge(date: number | undefined, wall: number): number {
  return date === undefined ? 0 : wall - date - DATE_RESOLUTION;
}

/**
 * The Age field in ms, 0 where there is none. Where it isn't one plain number, how old the message is can't be known:
 * then it is as old as can be told, and so stale. RFC 9111 section 5.1 would have the first of a list used and what isn't
 * a number ignored, which may serve what is too old (docs/decisions/0017-http-caching.md).
 */
export function ageValue(headers: HeaderList): number {
  const value = header(headers, 'age');
  return value === undefined ? 0 : (parseDeltaSeconds(value.trim()) ?? MAX_DELTA_SECONDS) * 1_000;
}
