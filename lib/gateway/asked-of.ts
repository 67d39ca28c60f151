import type { ExplainQuestion } from '../contracts/explain.ts';
import { parseHost, parseTarget } from '../dedup/request-target.ts';
import { PitwallError } from '../kernel/errors.ts';
import { isKeyed, splitAbsolute } from './admit.ts';
import type { GatewayContext } from './context.ts';
import type { Asked } from './exchange.ts';
import { FACT, scanHeaders, type Scan } from './request-facts.ts';

/**
 * The request that a question is about, as "admit" would see it.
 *
 * @param hasBody unless given, as its method has it: nobody writes a body's length into a question
 * @throws PitwallError with what "admit" and "match" would refuse it with
 */
export function askedOf(
  context: Pick<GatewayContext, 'settings' | 'match'>,
  { method, url, headers }: ExplainQuestion,
  hasBody = method === 'POST',
): Asked {
  if (method === 'TRACE' || method === 'CONNECT')
    throw new PitwallError('method_refused', `${method} isn't passed on.`);
  const absolute = splitAbsolute(url.replace(/#.*$/s, ''));
  if (absolute === undefined) throw new PitwallError('invalid_url', 'The URL must start with http:// or https://.');
  const scan: Scan = { facts: 0, host: undefined };
  scanHeaders(headers, scan);
  const facts = scan.facts | (hasBody ? FACT.body : 0);
  if ((facts & FACT.hostRepeated) !== 0) throw new PitwallError('invalid_host', 'The request has more than one Host.');
  const { path, query } = parseTarget(absolute.rest, context.settings.maxUrlLength);
  const host = parseHost(scan.host ?? absolute.host);
  const found = context.match(host, method, path);
  if (found === undefined) throw new PitwallError('no_service', `No service answers to ${host}.`);
  const { route, params } = found;
  return {
    method,
    scheme: /^https:/i.test(url) ? 'https' : 'http',
    host,
    path,
    query: isKeyed(method, route) ? route.queryRule(query) : query,
    wholeQuery: query,
    facts,
    headers,
    route,
    params,
    has: (fact) => (facts & FACT[fact]) !== 0,
  };
}
