import { requestKey } from '../dedup/request-key.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { uriTag } from './judge.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * An unsafe method that succeeded clears what is stored for its URL (RFC 9111 section 4.4), as a clear of the log,
 * so that a store that was under way when it happened is cleared too.
 */
export function invalidate(context: GatewayContext, x: Exchange, head: OriginHead): void {
  if (SAFE.has(x.method) || head.status >= 400) return;
  if (x.method === 'POST' && x.route.route.policy.keyBody) return;
  const key = requestKey({ method: 'GET', scheme: x.scheme, host: x.host, path: x.path, query: x.query });
  if (context.l2.read(key) !== undefined || context.storing.has(key)) context.clearLog.clear({ key }, 'hard');
  const policy = context.match(x.host, 'GET', x.path)?.route.route.policy;
  if (policy !== undefined && policy.keyHeaders.length > 0) context.clearLog.clear({ tag: uriTag(x) }, 'hard');
}
