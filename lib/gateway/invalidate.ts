import { requestKey } from '../dedup/request-key.ts';
import { parseTarget, type RequestTarget } from '../dedup/request-target.ts';
import { invalidatedGroups } from '../http-cache/cache-groups.ts';
import { header } from '../http-cache/header-list.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * An unsafe method that succeeded clears what is stored for its URL, and for those in Location and Content-Location of
 * the same origin (RFC 9111 section 4.4), here and with the other workers. They aren't written into the clear log:
 * clients could fill that. Groups of the same origin that the answer names are cleared by the log, at a bounded pace
 * (RFC 9875 section 3).
 *
 * @returns what the answer waits for, so that its client finds nothing of those groups any more; undefined where
 *   there are none. Never rejects
 */
export function invalidate(context: GatewayContext, x: Exchange, head: OriginHead): Promise<void> | undefined {
  if (SAFE.has(x.method) || head.status >= 400) return undefined;
  if (x.method === 'POST' && x.route.route.policy.keyBody) return undefined;
  const { scheme, host } = x;
  for (const { path, query: whole } of targetsOf(context, x, head)) {
    const stored = context.match(host, 'GET', path)?.route;
    const query = stored?.queryRule(whole) ?? whole;
    const { realm } = stored ?? x.route;
    const key = requestKey({ method: 'GET', scheme, host, path, query, realm });
    const url = `${scheme}://${host}${path}${query}`;
    forget(context, key, url);
    context.l3?.remove({ key, url });
    context.tell({ type: 'invalidated', key, url });
  }
  const groups = invalidatedGroups(head.headers);
  if (groups.length === 0) return undefined;
  return context.groupClears.clear({ service: x.route.service.config.name, origin: `${scheme}://${host}` }, groups);
}

/** What the request was for, and what its answer says it made or is of; as in keys. */
function targetsOf(context: GatewayContext, x: Exchange, head: OriginHead): RequestTarget[] {
  const targets: RequestTarget[] = [{ path: x.path, query: x.query }];
  for (const name of ['location', 'content-location']) {
    const reference = header(head.headers, name);
    const target = reference === undefined ? undefined : sameOrigin(context, x, reference);
    if (target === undefined || targets.some(({ path, query }) => path === target.path && query === target.query))
      continue;
    targets.push(target);
  }
  return targets;
}

/** Where a reference leads, if that is the host that the client asked, or the target under its own name. */
export function sameOrigin(
  { settings }: Pick<GatewayContext, 'settings'>,
  x: Exchange,
  reference: string,
): RequestTarget | undefined {
  try {
    const own = new URL(`${x.scheme}://${x.host}${x.path}${x.query}`);
    const url = new URL(reference, own);
    const { authority, prefix, target } = x.route.service.origin;
    // The query as it was written: URL encodes an apostrophe in it, keys don't.
    const path = url.pathname + (/^[^#]*?(\?[^#]*)/.exec(reference)?.[1] ?? url.search);
    // Both as URL spells them: it drops the port 443, and writes addresses anew.
    if (url.origin === own.origin) return parseTarget(path, settings.maxUrlLength);
    const ofTarget = url.host === authority && target.url.startsWith(url.protocol) && path.startsWith(`${prefix}/`);
    return ofTarget ? parseTarget(path.slice(prefix.length), settings.maxUrlLength) : undefined;
  } catch {
    // Neither a reference nor a target that a key could hold.
    return undefined;
  }
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
