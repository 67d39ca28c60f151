import { createHash } from 'node:crypto';

/** What makes two requests identical. Parts are as `parseTarget` and `parseHost` return them. */
export interface RequestIdentity {
  /** A token (RFC 9110 section 5.6.2), so without spaces. */
  readonly method: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** What the stored answers rest on (service and rules), without spaces: other rules, other entries. */
  readonly realm?: string;
  /** Selected headers: name, value, name, value… with lower-case names, in the policy's order. */
  readonly headers?: readonly string[];
  readonly bodyHash?: string;
}

/**
 * The request key, `METHOD URL[ realm=…][ headers=…][ body=…]`; lib/cache/entry-key reads it. Injective: no part before the first space of the suffix can hold a space, the URL's parts are
 * delimited by their own grammar, and free text (header values) is prefixed with its length.
 */
export function requestKey(identity: RequestIdentity): string {
  const { method, scheme, host, path, query, realm, headers, bodyHash } = identity;
  const url = `${method} ${scheme}://${host}${path}${query}`;
  const key = realm === undefined ? url : `${url} realm=${realm}`;
  if (headers === undefined && bodyHash === undefined) return key;
  return key + suffix(headers ?? [], bodyHash);
}

function suffix(headers: readonly string[], bodyHash: string | undefined): string {
  let text = '';
  if (headers.length > 0) {
    text += ` headers=${headers.length}`;
    for (const part of headers) text += `,${part.length}:${part}`;
  }
  return bodyHash === undefined ? text : `${text} body=${bodyHash}`;
}

/** SHA-256 of content type and body, base64url: the body's part of a request key. */
export function bodyHash(body: Buffer, contentType: string | undefined): string {
  const type = contentType === undefined ? '-' : `${Buffer.byteLength(contentType)}:${contentType}`;
  return createHash('sha256').update(`${type}\n`).update(body).digest('base64url');
}
