import { header } from '../http-cache/header-list.ts';
import type { Storable } from '../http-cache/storable.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { sameOrigin } from './invalidate.ts';
import { judge } from './judge.ts';
import { keyOf } from './key-of.ts';

/**
 * The key of GET under which the answer to a POST may be stored, if it says so (RFC 9110 section 9.3.3). Undefined
 * where the policy doesn't ask for that, and where what GET's key leaves out went to the origin, beside the body.
 */
export function keyOfGet(context: Pick<GatewayContext, 'match'>, x: Exchange): string | undefined {
  const { policy } = x.route.route;
  if (x.method !== 'POST' || !policy.getFromPost || policy.keyBody || x.route.service.mode !== 'cache')
    return undefined;
  if (x.has('range') || x.has('conditional') || x.has('connectionNames')) return undefined;
  if (x.has('cookie') && policy.ignore.includes('cookie')) return undefined;
  const { scheme, host, path, query, headers, route } = x;
  if (context.match(host, 'GET', path)?.route !== route || route.queryRule(query) !== query) return undefined;
  return keyOf({ method: 'GET', scheme, host, path, query, headers, route }, undefined);
}

/** Whether a POST's answer is one to GET as well: it says of itself that it is that URL's, and how long it is fresh. */
export function judgePost(context: GatewayContext, x: Exchange, head: OriginHead): Storable | undefined {
  const location = header(head.headers, 'content-location');
  if (head.status !== 200 || location === undefined) return undefined;
  const target = sameOrigin(context, x, location);
  if (target?.path !== x.path || target.query !== x.query) return undefined;
  const judged = judge(x, head, context.clock, 'from-post');
  return judged.store && judged.source === 'explicit' && judged.lifetime > judged.initialAge ? judged : undefined;
}
