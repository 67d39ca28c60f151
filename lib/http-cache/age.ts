import { parseDeltaSeconds } from './delta-seconds.ts';
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
  const apparentAge = date === undefined ? 0 : times.wall - date - DATE_RESOLUTION;
  const responseDelay = Math.max(0, times.receivedAt - times.requestedAt);
  return Math.max(0, apparentAge, ageValue(headers) + responseDelay);
}

/** The Age field in ms: the first value where there are several, 0 where it is invalid (RFC 9111 section 5.1). */
function ageValue(headers: HeaderList): number {
  const [first = ''] = (header(headers, 'age') ?? '').split(',');
  return (parseDeltaSeconds(first.trim()) ?? 0) * 1_000;
}
