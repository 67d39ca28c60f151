import { isIPv6 } from 'node:net';
import { PitwallError } from '../kernel/errors.ts';

/** A request target whose text is both what the key holds and what the origin gets. */
export interface RequestTarget {
  /** Starts with "/"; dot segments resolved, percent-encoding normalised. */
  readonly path: string;
  /** '' or the query with its leading "?". */
  readonly query: string;
}

const PLAIN = 0;
const PERCENT = 1;
const DOT = 2;
const QUESTION = 3;
const REFUSED = 4;

const TARGET_CLASS = new Uint8Array(128).fill(PLAIN);
for (let code = 0; code <= 0x20; code++) TARGET_CLASS[code] = REFUSED;
for (const char of '\\#\x7f') TARGET_CLASS[char.charCodeAt(0)] = REFUSED;
TARGET_CLASS['%'.charCodeAt(0)] = PERCENT;
TARGET_CLASS['.'.charCodeAt(0)] = DOT;
TARGET_CLASS['?'.charCodeAt(0)] = QUESTION;

const SLASH = 0x2f;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;

/**
 * Parses a request target in origin form (RFC 9112 section 3.2.1) and normalises it (RFC 3986 section 6.2.2).
 * "%2F" and "//" stay as they are. Returns slices of `raw` where nothing needs doing.
 * @param maxLength most characters of `raw`
 * @throws PitwallError `url_too_long`, `invalid_url`, `path_traversal`
 */
export function parseTarget(raw: string, maxLength: number): RequestTarget {
  const length = raw.length;
  if (length > maxLength) throw new PitwallError('url_too_long', `The URL is longer than ${maxLength} characters.`);
  if (length === 0 || raw.charCodeAt(0) !== SLASH)
    throw new PitwallError('invalid_url', 'The URL must start with "/".');
  let question = -1;
  let encoded = false;
  let dotted = false;
  for (let i = 1; i < length; i++) {
    const code = raw.charCodeAt(i);
    const kind = code < 128 ? TARGET_CLASS[code] : REFUSED;
    if (kind === PLAIN) continue;
    if (kind === REFUSED)
      throw new PitwallError('invalid_url', `The URL has a character that must be encoded at ${i}.`);
    if (kind === PERCENT) encoded = true;
    else if (kind === QUESTION) question = question < 0 ? i : question;
    else if (question < 0 && raw.charCodeAt(i - 1) === SLASH) dotted = true;
  }
  const path = question < 0 ? raw : raw.slice(0, question);
  const query = question < 0 ? '' : raw.slice(question);
  if (!encoded && !dotted) return { path, query };
  return { path: resolveDots(normaliseEncoding(path)), query: normaliseEncoding(query) };
}

/** RFC 3986 section 6.2.2.1 and 6.2.2.2: upper-case hex digits, unreserved characters decoded. */
function normaliseEncoding(text: string): string {
  let percent = text.indexOf('%');
  if (percent < 0) return text;
  let result = '';
  let from = 0;
  for (; percent >= 0; percent = text.indexOf('%', from)) {
    const digits = text.slice(percent + 1, percent + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits))
      throw new PitwallError('invalid_url', 'The URL has a broken percent-encoding.');
    if (digits === '00') throw new PitwallError('invalid_url', 'The URL has an encoded NUL.');
    const char = String.fromCharCode(Number.parseInt(digits, 16));
    result += text.slice(from, percent) + (UNRESERVED.test(char) ? char : `%${digits.toUpperCase()}`);
    from = percent + 3;
  }
  return result + text.slice(from);
}

/** RFC 3986 section 5.2.4, but a climb above the root is an error rather than ignored. */
function resolveDots(path: string): string {
  if (path.includes('%2F') || path.includes('%5C')) refuseClimb(path.split(/\/|%2F|%5C/));
  if (!/\/\.{1,2}(\/|$)/.test(path)) return path;
  const segments = path.split('/');
  refuseClimb(segments);
  const kept: string[] = [];
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i] as string;
    const last = i === segments.length - 1;
    if (segment !== '.' && segment !== '..') {
      kept.push(segment);
      continue;
    }
    if (segment === '..') kept.pop();
    if (last) kept.push('');
  }
  return `/${kept.join('/')}`;
}

/** Also applied with encoded separators taken as separators, since some origins decode before they resolve. */
function refuseClimb(segments: readonly string[]): void {
  let depth = 0;
  for (let i = 1; i < segments.length; i++) {
    if (segments[i] === '..') depth--;
    else if (segments[i] !== '.') depth++;
    if (depth < 0) throw new PitwallError('path_traversal', 'The path climbs above the root.');
  }
}

/**
 * Parses a Host field or an authority: lower-case host[:port], with ":80" dropped (RFC 9110 section 7.2).
 * @throws PitwallError `invalid_host`
 */
export function parseHost(raw: string | undefined): string {
  if (raw === undefined || raw === '') throw new PitwallError('invalid_host', 'The request names no host.');
  if (isNormalHost(raw)) return raw;
  const match = /^(?:([A-Za-z0-9._~-]+)|\[([0-9A-Fa-f:.]+)\])(?::(\d{0,5}))?$/.exec(raw);
  if (match === null) throw new PitwallError('invalid_host', 'The request names an invalid host.');
  const [, name, literal, port] = match;
  if (literal !== undefined && !isIPv6(literal)) {
    throw new PitwallError('invalid_host', 'The request names an invalid IPv6 address.');
  }
  const host = (name ?? `[${literal}]`).toLowerCase();
  if (port === undefined || port === '') return host;
  const number = Number(port);
  if (number < 1 || number > 65_535) throw new PitwallError('invalid_host', 'The request names an invalid port.');
  return number === 80 ? host : `${host}:${number}`;
}

const COLON = 0x3a;
const HOST_CHAR = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyz0123456789.-_~') HOST_CHAR[char.charCodeAt(0)] = 1;

/** Whether a host is as `parseHost` would return it, for names and IPv4: nearly all that come. */
function isNormalHost(raw: string): boolean {
  const length = raw.length;
  let i = 0;
  while (i < length && HOST_CHAR[raw.charCodeAt(i)] === 1) i++;
  if (i === 0 || i === length) return i > 0;
  if (raw.charCodeAt(i) !== COLON || length - i > 6) return false;
  let port = 0;
  for (let at = i + 1; at < length; at++) {
    const digit = raw.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || (digit === 0 && port === 0)) return false;
    port = port * 10 + digit;
  }
  return port > 0 && port <= 65_535 && port !== 80;
}
