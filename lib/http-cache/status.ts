/** Final status codes that a policy's own TTL may apply to; 5xx never (RFC 9110 section 15.1, without 206 and 501). */
export const POLICY_CACHEABLE: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414]);

/** Status codes for which freshness may be guessed (RFC 9110 section 15.1), without 206. */
export const HEURISTICALLY_CACHEABLE: ReadonlySet<number> = new Set([...POLICY_CACHEABLE, 501]);

/** Status codes whose caching requirements are known here: what must-understand asks for (RFC 9111 section 5.2.2.3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
  410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 511,
]);

/** Whether the caching requirements of `status` are known (RFC 9111 section 5.2.2.3). */
export function isUnderstood(status: number): boolean {
  return UNDERSTOOD.has(status);
}

/** Whether `status` ends an exchange and stands on its own: not 1xx, not 304. */
export function isFinal(status: number): boolean {
  return status >= 200 && status <= 999 && status !== 304;
}
