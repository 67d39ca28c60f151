import { parseHost, parseTarget } from '../dedup/request-target.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { GatewayContext } from './context.ts';
import type { Asked } from './exchange.ts';
import { FACT, scanHeaders, type Scan } from './request-facts.ts';
import { isKeyed } from './way.ts';

/** A request's fields in one look; what isn't the gateway's business is taken out. @throws PitwallError invalid_host where there is more than one Host */
export function scanRequest(headers: string[]): Scan {
  const scan: Scan = { facts: 0, host: undefined };
  scanHeaders(headers, scan);
  if ((scan.facts & FACT.hostRepeated) === 0) return scan;
  throw new PitwallError('invalid_host', 'The request has more than one Host.');
}

/** @throws PitwallError method_refused */
export function refuseMethod(method: string): void {
  if (method === 'TRACE' || method === 'CONNECT')
    throw new PitwallError('method_refused', `${method} isn't passed on.`);
}

/** Absolute-form (RFC 9112 section 3.2.2): its host wins over Host. */
export function splitAbsolute(raw: string): { host: string; rest: string } | undefined {
  const found = /^https?:\/\/([^/?#]*)(.*)$/is.exec(raw);
  if (found === null) return undefined;
  const rest = found[2] as string;
  return { host: found[1] as string, rest: rest.startsWith('/') ? rest : `/${rest}` };
}

/** A request as it came, once it's known whom to believe about host and scheme. */
export interface Came extends Pick<Asked, 'method' | 'scheme' | 'headers' | 'facts'> {
  readonly host: string | undefined;
  /** Origin form: path and query. */
  readonly target: string;
}

/**
 * Step "match": what is asked for, normalised once for key and origin, and the route that answers. Of a request with a
 * key, what the policy leaves out of the query is gone; one without goes on with all of it.
 *
 * @throws PitwallError url_too_long, invalid_url, path_traversal, invalid_host, no_service
 */
export function identify(
  { settings, match }: Pick<GatewayContext, 'settings' | 'match'>,
  { method, scheme, headers, facts, ...came }: Came,
): Omit<Asked, 'has'> {
  const { path, query: wholeQuery } = parseTarget(came.target, settings.maxUrlLength);
  const host = parseHost(came.host);
  const found = match(host, method, path);
  if (found === undefined) throw new PitwallError('no_service', `No service answers to ${host}.`);
  const { route, params } = found;
  const query = isKeyed({ method, headers, facts, route }) ? route.queryRule(wholeQuery) : wholeQuery;
  return { method, scheme, host, path, query, wholeQuery, facts, headers, route, params };
}
