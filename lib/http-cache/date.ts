const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const TIME = '(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})';
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)';
const LONG_DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';

// Case-insensitive for caches (RFC 9111 section 4.2).
const IMF_FIXDATE = new RegExp(`^${DAY}, (?<day>[0-9]{2}) ${MONTH} (?<year>[0-9]{4}) ${TIME} gmt$`, 'i');
const RFC_850 = new RegExp(`^${LONG_DAY}, (?<day>[0-9]{2})-${MONTH}-(?<year>[0-9]{2}) ${TIME} gmt$`, 'i');
const ASCTIME = new RegExp(`^${DAY} ${MONTH} (?<day>[0-9]{2}| [0-9]) ${TIME} (?<year>[0-9]{4})$`, 'i');

/** Without a `wall`, two-digit years are read as POSIX does: 1969 to 2068. */
const POSIX_CENTURY = Date.UTC(2018, 0);

/**
 * Reads an HTTP-date in any of its three formats (RFC 9110 section 5.6.7) to ms since the epoch; undefined if it is
 * anything else. The weekday's name isn't held against the date.
 * @param wall now, in ms since the epoch: decides the century of the RFC 850 format
 */
export function parseHttpDate(text: string, wall = POSIX_CENTURY): number | undefined {
  const fields = (IMF_FIXDATE.exec(text) ?? RFC_850.exec(text) ?? ASCTIME.exec(text))?.groups;
  if (fields === undefined) return undefined;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = fields;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const fullYear = year.length === 4 ? Number(year) : century(Number(year), wall);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, MONTHS.indexOf(month.toLowerCase()), Number(day));
  if (date.getUTCDate() !== Number(day)) return undefined;
  return date.setUTCHours(Number(hour), Number(minute), Number(second), 0);
}

/** `ms` since the epoch as an IMF-fixdate. */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** A two-digit year that would be more than 50 years ahead is of the past. */
function century(twoDigits: number, wall: number): number {
  const thisYear = new Date(wall).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + 100 + twoDigits;
  return year - 100 * Math.ceil((year - thisYear - 50) / 100);
}
