import type { IncomingHttpHeaders } from 'node:http';
import { PitwallError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';

/** The host part of a Host header or of an origin's authority, lower case, without port; brackets kept. */
function hostname(authority: string): string {
  const end = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.indexOf(':');
  return (end > 0 ? authority.slice(0, end) : authority).toLowerCase();
}

/** Says why a console request is refused, or undefined. */
export type HostGuard = (request: { method?: string; headers: IncomingHttpHeaders }) => PitwallError | undefined;

/**
 * Keeps other sites out of the console, whoever asks:
 * - bound to loopback, only names of loopback are served, so that a name rebound to 127.0.0.1 gets 421;
 * - a request that may change something and comes from another site, or another port, gets 403. Clients
 *   that aren't browsers send neither Origin nor Sec-Fetch-Site and pass.
 *
 * @param bindHost the address that the console listens on
 */
export function createHostGuard(bindHost: string): HostGuard {
  const loopbackOnly = isLoopback(bindHost);
  return ({ method, headers }) => {
    const host = headers.host ?? '';
    if (loopbackOnly && !isLoopback(hostname(host))) {
      return new PitwallError(
        'misdirected_request',
        `The console listens on ${bindHost} and answers to localhost, 127.0.0.1 and [::1] only.`,
      );
    }
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
    return fromOtherSite(headers, host)
      ? new PitwallError('cross_site_request', 'Only pages of this console may send this request.')
      : undefined;
  };
}

function fromOtherSite(headers: IncomingHttpHeaders, host: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return headers.origin !== undefined && !sameHost(headers.origin, host);
}

/** Whether an Origin header names the host and port of the Host header; "null" never does. */
export function sameHost(origin: string, host: string): boolean {
  return /^https?:\/\//i.test(origin) && origin.replace(/^https?:\/\//i, '').toLowerCase() === host.toLowerCase();
}
