import { SECURE_PREFIX, SESSION_COOKIE } from '../kernel/session-cookie.ts';

/**
 * The console's session cookie. Browsers send a host's cookies to all of its ports: where console and gateway share a
 * name it would reach the origin, and keep every answer out of the cache; and an origin could set it.
 */
/** Browsers take a space before the "=" as none (RFC 6265 section 5.2). */
function isPair(text: string): boolean {
  const [name = ''] = text.split('=', 1);
  return name.trim() === SESSION_COOKIE || name.trim() === SECURE_PREFIX + SESSION_COOKIE;
}

/** A Cookie header's value without it; the same text where it isn't in there, empty where nothing is left. */
export function withoutConsoleCookie(cookie: string): string {
  if (!cookie.includes(SESSION_COOKIE)) return cookie;
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !isPair(pair))
    .join('; ');
}

/** Whether a Set-Cookie header's value would set it. */
export const setsConsoleCookie = (setCookie: string): boolean => isPair(setCookie.trimStart());
