import type { ExplainQuestion } from '../contracts/explain.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { GatewayContext } from './context.ts';
import type { Asked } from './exchange.ts';
import { identify, refuseMethod, scanRequest, splitAbsolute } from './identify.ts';
import { FACT } from './request-facts.ts';

/**
 * The request that a question is about, as "admit" would see it.
 *
 * @param hasBody unless given, as its method has it: nobody writes a body's length into a question
 * @throws PitwallError with what "admit" would refuse it with
 */
export function askedOf(
  context: Pick<GatewayContext, 'settings' | 'match'>,
  { method, url, headers: given }: ExplainQuestion,
  hasBody = method === 'POST',
): Asked {
  refuseMethod(method);
  const absolute = splitAbsolute(url.replace(/#.*$/s, ''));
  if (absolute === undefined) throw new PitwallError('invalid_url', 'The URL must start with http:// or https://.');
  const headers = [...given];
  const scan = scanRequest(headers);
  const facts = scan.facts | (hasBody ? FACT.body : 0);
  const scheme = /^https:/i.test(url) ? 'https' : 'http';
  const came = { method, scheme, headers, facts, host: scan.host ?? absolute.host, target: absolute.rest } as const;
  return { ...identify(context, came), has: (fact) => (facts & FACT[fact]) !== 0 };
}
