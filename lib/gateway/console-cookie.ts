/**
 * The console's session cookie. Browsers send a host's cookies to all of its ports: where console and gateway share a
 * name it would reach the origin, and keep every answer out of the cache; and an origin could set it.
 */
const SESSION = 'pitwall.session_token=';
const PAIR = /^(?:__Secure-)?pitwall\.session_token=/;

/** A Cookie header's value without it; the same text where it isn't in there, empty where nothing is left. */
export function withoutConsoleCookie(cookie: string): string {
  if (!cookie.includes(SESSION)) return cookie;
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !PAIR.test(pair))
    .join('; ');
}

/** Whether a Set-Cookie header's value would set it. */
export const setsConsoleCookie = (setCookie: string): boolean => PAIR.test(setCookie.trimStart());
