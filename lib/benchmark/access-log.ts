/** One request of an access log. */
export interface AccessLine {
  /** Wall ms; logs have whole seconds. */
  readonly at: number;
  readonly client: string;
  readonly method: string;
  /** Path and query as they'd be sent: absolute URLs reduced, what may not stand in a URL percent-encoded. */
  readonly path: string;
  readonly status: number;
  /** Body bytes; 0 where the log has "-". */
  readonly bytes: number;
  readonly referer?: string;
  readonly userAgent?: string;
}

export type ParsedLine =
  { readonly ok: true; readonly line: AccessLine } | { readonly ok: false; readonly reason: string };

/** Parses one line after another; it remembers the last timestamp, since most lines share theirs with the one before. */
export type AccessLineParser = (text: string) => ParsedLine;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLF_TIME =
  /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?(?: ([+-])(\d\d):?(\d\d))?$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;
/** RFC 9110 section 5.6.2. */
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const STATUS_AND_BYTES = / +([1-5]\d\d) +(\d{1,15}|-)(?= |$)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', v: '\v', f: '\f' };

const refuse = (reason: string): ParsedLine => ({ ok: false, reason });

/**
 * A parser for the common and combined formats of Apache and nginx; fields after those are ignored.
 * It never throws: what it can't read comes back with the reason.
 */
export function createAccessLineParser(): AccessLineParser {
  let lastStamp = '';
  let lastAt = 0;

  return (text) => {
    const clientEnd = text.indexOf(' ');
    if (clientEnd <= 0) return refuse(text.trim() === '' ? 'empty line' : 'no client address');
    const open = text.indexOf(' [', clientEnd);
    const close = open < 0 ? -1 : text.indexOf(']', open);
    if (close < 0) return refuse('no [timestamp]');
    const stamp = text.slice(open + 2, close);
    if (stamp !== lastStamp) {
      const at = parseTimestamp(stamp);
      if (at === undefined) return refuse('timestamp not understood');
      lastStamp = stamp;
      lastAt = at;
    }

    const start = text.indexOf('"', close);
    const end = start < 0 ? -1 : closingQuote(text, start);
    if (end < 0) return refuse('no "request"');
    const request = parseRequest(unescape(text.slice(start + 1, end)));
    if (typeof request === 'string') return refuse(request);

    STATUS_AND_BYTES.lastIndex = end + 1;
    const numbers = STATUS_AND_BYTES.exec(text);
    if (numbers === null) return refuse('no status and size');
    const referer = quotedAfter(text, STATUS_AND_BYTES.lastIndex);
    const userAgent = referer && quotedAfter(text, referer.end);
    return {
      ok: true,
      line: {
        at: lastAt,
        client: text.slice(0, clientEnd),
        ...request,
        status: Number(numbers[1]),
        bytes: numbers[2] === '-' ? 0 : Number(numbers[2]),
        ...(isGiven(referer) && { referer: unescape(referer.text) }),
        ...(isGiven(userAgent) && { userAgent: unescape(userAgent.text) }),
      },
    };
  };
}

/** "17/May/2015:10:05:03 +0000" or ISO 8601, in ms since the epoch; without a zone it's taken as UTC. */
export function parseTimestamp(text: string): number | undefined {
  const match = CLF_TIME.exec(text);
  if (match === null) {
    const at = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? undefined : at;
  }
  const [, day, monthName, year, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = match;
  const month = MONTHS.indexOf((monthName as string).toLowerCase());
  const date = new Date(0);
  date.setUTCFullYear(Number(year), month, Number(day));
  const inRange = date.getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
  if (month < 0 || !inRange) return undefined;
  const offsetMinutes = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * (sign === '-' ? -1 : 1);
  const seconds = Number(hour) * 3_600 + (Number(minute) - offsetMinutes) * 60 + Number(second);
  return date.getTime() + seconds * 1_000 + Number((fraction ?? '').padEnd(3, '0'));
}

/** Index of the quote that ends what the quote at `start` opened; a backslash escapes. -1 if there is none. */
function closingQuote(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}

/** The quoted field that follows `from`. */
function quotedAfter(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  if (text.charCodeAt(from) !== 0x20 || text.charCodeAt(from + 1) !== 0x22) return undefined;
  const end = closingQuote(text, from + 1);
  return end < 0 ? undefined : { text: text.slice(from + 2, end), end: end + 1 };
}

function isGiven(field: { readonly text: string } | undefined): field is { readonly text: string } {
  return field !== undefined && field.text !== '-' && field.text !== '';
}

/** Undoes \" \\ \xhh and the like, as Apache (and nginx, for \xhh) write them. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|([\s\S]))/g, (_all, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (ESCAPES[char as string] ?? (char as string)) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** "GET /a HTTP/1.1", or "GET /a" of HTTP/0.9; a string says why not. */
function parseRequest(text: string): { readonly method: string; readonly path: string } | string {
  if (text === '-' || text === '') return 'no request was made ("-")';
  const methodEnd = text.indexOf(' ');
  const method = methodEnd < 0 ? text : text.slice(0, methodEnd);
  if (!METHOD.test(method)) return 'not an HTTP request';
  if (methodEnd < 0) return 'a request without a path';
  const protocol = / +HTTP\/\d+(?:\.\d+)?$/.exec(text);
  const target = text.slice(methodEnd + 1, protocol === null ? undefined : protocol.index).trim();
  if (target.startsWith('/')) return { method, path: sendable(target) };
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(target);
  if (absolute !== null) {
    const rest = absolute[1] as string;
    return { method, path: sendable(rest.startsWith('/') ? rest : `/${rest}`) };
  }
  return 'a target that is no path';
}

/** Percent-encodes what may not stand in a request target: spaces, controls, non-ASCII, backslash, "#", quotes, brackets. */
function sendable(target: string): string {
  if (/^[!$-;=?-[\]_a-z~]*$/.test(target)) return target;
  return target.replace(/[^!$-;=?-[\]_a-z~]/gu, (char) => {
    const code = char.codePointAt(0) as number;
    if (code <= 0xff) return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
    return code >= 0xd800 && code <= 0xdfff ? '%EF%BF%BD' : encodeURIComponent(char);
  });
}
