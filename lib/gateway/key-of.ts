import { requestKey } from '../dedup/request-key.ts';
import { header } from '../http-cache/header-list.ts';
import type { Asked } from './exchange.ts';

/** The request key by the policy of the route. @param hash of the body; undefined where it isn't part of the key */
export function keyOf(
  x: Pick<Asked, 'method' | 'scheme' | 'host' | 'path' | 'query' | 'headers' | 'route'>,
  hash: string | undefined,
): string {
  const { keyHeaders } = x.route.route.policy;
  return requestKey({
    // HEAD is answered from what GET stored.
    method: x.method === 'HEAD' ? 'GET' : x.method,
    scheme: x.scheme,
    host: x.host,
    path: x.path,
    query: x.query,
    realm: x.route.service.realm,
    ...(keyHeaders.length > 0 && { headers: keyHeaders.flatMap((name) => [name, header(x.headers, name) ?? '']) }),
    ...(hash !== undefined && { bodyHash: hash }),
  });
}
