import type { OriginHead } from './attempt.ts';
import { requestKey } from '../dedup/request-key.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * An unsafe method that succeeded clears what is stored for its URL (RFC 9111 section 4.4), here and with the other
 * workers. It isn't written into the clear log: clients could fill that.
 */
export function invalidate(context: GatewayContext, x: Exchange, head: OriginHead): void {
  if (SAFE.has(x.method) || head.status >= 400) return;
  if (x.method === 'POST' && x.route.route.policy.keyBody) return;
  const { scheme, host, path, query } = x;
  const key = requestKey({ method: 'GET', scheme, host, path, query, realm: x.route.service.realm });
  const url = `${scheme}://${host}${path}${query}`;
  forget(context, key, url);
  context.l3?.remove({ key, url });
  context.tell({ type: 'invalidated', key, url });
}

/** Forgets what this worker holds for a URL, and what is on its way. @returns whether there was anything */
export function forget({ storing, l2 }: Pick<GatewayContext, 'storing' | 'l2'>, key: string, url: string): boolean {
  const overtaken = storing.overtake(url);
  return l2.remove({ key, url }) || overtaken;
}

/** The same, told by another worker: what was stored here may have reached L3 after that one had removed it. */
export function forgetToo(context: GatewayContext, key: string, url: string): void {
  if (forget(context, key, url)) context.l3?.remove({ key, url });
}
