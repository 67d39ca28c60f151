/** The console's session cookie; over TLS its name begins with SECURE_PREFIX (RFC 6265bis section 4.1.3.1). */
export const SESSION_COOKIE = 'pitwall.session_token';
export const SECURE_PREFIX = '__Secure-';
