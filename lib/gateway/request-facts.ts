import { withoutConsoleCookie } from './console-cookie.ts';

/** What a request carries that decides how it may be answered; a bit each. */
export const FACT = {
  cookie: 1,
  authorization: 2,
  range: 4,
  conditional: 8,
  cacheControl: 16,
  expect: 32,
  upgrade: 64,
  body: 128,
  /** More than one Host: refused (RFC 9112 section 3.2). */
  hostRepeated: 256,
  /** Forwarded or X-Forwarded-*: believed only from trusted proxies. */
  forwarded: 512,
  /** Connection names an end-to-end field, which then isn't forwarded. */
  connectionNames: 1_024,
  /** Pitwall-Explain: somebody may want to know how it is decided. */
  explain: 2_048,
} as const;

/** What keeps a request off the hot path: it needs more than a stored answer as it is. */
export const NOT_PLAIN =
  FACT.range |
  FACT.conditional |
  FACT.expect |
  FACT.upgrade |
  FACT.body |
  FACT.hostRepeated |
  FACT.connectionNames |
  FACT.explain;

/** Options that concern the connection alone. */
const CONNECTION_OPTIONS: ReadonlySet<string> = new Set(['', 'close', 'keep-alive', 'upgrade', 'te', 'http2-settings']);

/** Where `scanHeaders` puts what it found, so that a hit allocates nothing. */
export interface Scan {
  facts: number;
  host: string | undefined;
}

/**
 * Reads each header name once. Fills `scan`; case-insensitive; about 10 ns a header. Takes the console's cookie out of
 * `headers`.
 */
export function scanHeaders(headers: string[], scan: Scan): void {
  let facts = 0;
  let host: string | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    switch (name.length) {
      case 4:
        if (isField(name, 'host')) {
          if (host === undefined) host = headers[i + 1];
          else facts |= FACT.hostRepeated;
        }
        break;
      case 5:
        if (isField(name, 'range')) facts |= FACT.range;
        break;
      case 6:
        if (isField(name, 'cookie')) {
          const kept = withoutConsoleCookie(headers[i + 1] as string);
          headers[i + 1] = kept;
          if (kept !== '') facts |= FACT.cookie;
          else {
            headers.splice(i, 2);
            i -= 2;
          }
        } else if (isField(name, 'expect')) facts |= FACT.expect;
        else if (isField(name, 'pragma')) facts |= FACT.cacheControl;
        break;
      case 7:
        if (isField(name, 'upgrade')) facts |= FACT.upgrade;
        break;
      case 8:
        if (isField(name, 'if-match') || isField(name, 'if-range')) facts |= FACT.conditional;
        break;
      case 9:
        if (isField(name, 'forwarded')) facts |= FACT.forwarded;
        break;
      case 10:
        if (isField(name, 'connection') && namesField(headers[i + 1] as string)) facts |= FACT.connectionNames;
        break;
      case 13:
        if (isField(name, 'authorization')) facts |= FACT.authorization;
        else if (isField(name, 'cache-control')) facts |= FACT.cacheControl;
        else if (isField(name, 'if-none-match')) facts |= FACT.conditional;
        break;
      case 14:
        if (isField(name, 'content-length') && headers[i + 1] !== '0') facts |= FACT.body;
        break;
      case 15:
        if (isField(name, 'pitwall-explain')) facts |= FACT.explain;
        break;
      case 17:
        if (isField(name, 'transfer-encoding')) facts |= FACT.body;
        else if (isField(name, 'if-modified-since')) facts |= FACT.conditional;
        break;
      case 19:
        if (isField(name, 'if-unmodified-since')) facts |= FACT.conditional;
        break;
    }
    if (name.length > 11 && isField(name, 'x-forwarded-')) facts |= FACT.forwarded;
  }
  scan.facts = facts;
  scan.host = host;
}

/** Whether a field name is, or starts with, a lower-case literal: ASCII case-insensitive, allocates nothing. */
function isField(name: string, literal: string): boolean {
  for (let i = 0; i < literal.length; i++) {
    if ((name.charCodeAt(i) | 0x20) !== literal.charCodeAt(i)) return false;
  }
  return true;
}

function namesField(connection: string): boolean {
  if (connection === 'keep-alive' || connection === 'close') return false;
  return connection.split(',').some((option) => !CONNECTION_OPTIONS.has(option.trim().toLowerCase()));
}
