import { endToEnd } from '../http-cache/hop-by-hop.ts';
import { PitwallError } from '../kernel/errors.ts';
import { setsConsoleCookie } from './console-cookie.ts';

const INVALID_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * An origin's raw header section as a list of end-to-end headers (RFC 9110 section 7.6.1).
 * Content-Length goes where Transfer-Encoding was: it has no say then (RFC 9112 section 6.3).
 *
 * @throws PitwallError origin_invalid for characters that can't be sent on
 */
export function originHeaders(raw: readonly (Buffer | string)[]): string[] {
  const headers: string[] = [];
  let chunked = false;
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]);
    const value = text(raw[i + 1]);
    if (INVALID_VALUE.test(value))
      throw new PitwallError('origin_invalid', `The origin's header ${name} has invalid characters.`);
    if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') chunked = true;
    if (name.length === 10 && name.toLowerCase() === 'set-cookie' && setsConsoleCookie(value)) continue;
    headers.push(name, value);
  }
  const kept = endToEnd(headers);
  return chunked ? dropContentLength(kept) : kept;
}

/** A reason phrase that can be sent on, or '' for the status' own. */
export function reasonPhrase(text: string | undefined): string {
  return text === undefined || INVALID_VALUE.test(text) ? '' : text;
}

function text(part: Buffer | string | undefined): string {
  return typeof part === 'string' ? part : (part?.toString('latin1') ?? '');
}

function dropContentLength(headers: string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() !== 'content-length')
      kept.push(headers[i] as string, headers[i + 1] as string);
  }
  return kept;
}
