import { bodyHash, requestKey } from '../dedup/request-key.ts';
import { header } from '../http-cache/header-list.ts';
import type { Asked } from './exchange.ts';

type Keyed = Pick<Asked, 'method' | 'scheme' | 'host' | 'path' | 'query' | 'headers' | 'route'>;

/** The request key by the policy of the route. @param body undefined where it isn't part of the key */
export function keyOf(x: Keyed, body: Buffer | undefined): string {
  const { keyHeaders } = x.route.route.policy;
  return requestKey({
    // HEAD is answered from what GET stored.
    method: x.method === 'HEAD' ? 'GET' : x.method,
    scheme: x.scheme,
    host: x.host,
    path: x.path,
    query: x.query,
    realm: x.route.realm,
    ...(keyHeaders.length > 0 && { headers: keyHeaders.flatMap((name) => [name, valueOf(x, name)]) }),
    ...(body !== undefined && { bodyHash: bodyHash(body, bodyKind(x)) }),
  });
}

/** '' if absent, a space if empty: an origin may tell the two apart. */
function valueOf({ headers }: Keyed, name: string): string {
  const value = header(headers, name);
  return value === '' ? ' ' : (value ?? '');
}

/** What else tells two equal bodies apart: their type, and how they're encoded. */
function bodyKind({ headers }: Keyed): string {
  return `${header(headers, 'content-type') ?? ''}
${header(headers, 'content-encoding') ?? ''}`;
}
