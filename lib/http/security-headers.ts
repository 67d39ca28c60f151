import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The request header in which Next looks for the nonce of its scripts; what a client sends under this name is replaced. */
const POLICY = 'content-security-policy';

const YEAR_S = 31_536_000;

/**
 * Gives every console answer its headers, and its request the policy with this answer's own nonce, which Next puts on
 * the scripts that it writes. What the policy loosens, and why, is in docs/decisions/0001-one-server.md.
 *
 * @param options.dev adds what hot reloading needs
 * @param options.tls people reach the console over TLS, and shall not by anything else (RFC 6797)
 */
export function createSecurityHeaders({
  dev,
  tls,
}: {
  readonly dev: boolean;
  readonly tls: boolean;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const rest = [
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  return (request, response) => {
    const nonce = randomBytes(16).toString('base64');
    const scripts = `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ''}`;
    const styles = `style-src 'self' ${dev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`;
    const policy = `default-src 'self'; ${scripts}; ${styles}; ${rest}`;
    request.headers[POLICY] = policy;
    response.setHeader(POLICY, policy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'same-origin');
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    if (tls) response.setHeader('strict-transport-security', `max-age=${YEAR_S}`);
  };
}
