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
 * @param publicUrl where people reach it, by a proxy that may keep this name or ask for another
 */
export function createHostGuard(bindHost: string, publicUrl?: string): HostGuard {
  const loopbackOnly = isLoopback(bindHost);
  const published = publicUrl === undefined ? undefined : new URL(publicUrl);
  return ({ method, headers }) => {
    const host = headers.host ?? '';
    if (loopbackOnly && !isLoopback(hostname(host)) && host.toLowerCase() !== published?.host) {
      return new PitwallError(
        'misdirected_request',
        `The console listens on ${bindHost} and answers to localhost, 127.0.0.1, [::1] and the name in PITWALL_URL only.`,
      );
    }
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
    return fromOtherSite(headers, host, published?.origin)
      ? new PitwallError('cross_site_request', 'Only pages of this console may send this request.')
      : undefined;
  };
}

function fromOtherSite(headers: IncomingHttpHeaders, host: string, published: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  return origin !== undefined && origin !== published && !sameHost(origin, host);
}

/** Whether an Origin header names the host and port of the Host header; "null" never does. */
export function sameHost(origin: string, host: string): boolean {
  return /^https?:\/\//i.test(origin) && origin.replace(/^https?:\/\//i, '').toLowerCase() === host.toLowerCase();
}
