import { requestKey } from '../dedup/request-key.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { uriTag } from './judge.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * An unsafe method that succeeded clears what is stored for its URL (RFC 9111 section 4.4). A store that is under way
 * is cleared by the log's number. Nothing is written down for URLs that aren't stored: clients could fill the log.
 */
export function invalidate(context: GatewayContext, x: Exchange, head: OriginHead): void {
  if (SAFE.has(x.method) || head.status >= 400) return;
  if (x.method === 'POST' && x.route.route.policy.keyBody) return;
  const key = requestKey({ method: 'GET', scheme: x.scheme, host: x.host, path: x.path, query: x.query });
  for (const entry of context.l2.read(key) ?? []) context.l2.remove(entry);
  if (context.storing.has(key)) context.clearLog.clear({ key }, 'hard');
  const tag = uriTag(x);
  if (context.storing.has(tag)) context.clearLog.clear({ tag }, 'hard');
}
