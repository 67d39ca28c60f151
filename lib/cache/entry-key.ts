/**
 * The parts of an entry's key that the levels and the clear log look at. A key is
 * `METHOD URL[ realm=…][ headers=…][ body=…]` (lib/dedup/request-key); neither method nor URL holds a space.
 */

/** The URL within a key, with scheme, host, path and query: what clears by key, prefix and glob are held against. */
export function urlOf(key: string): string {
  const start = key.indexOf(' ') + 1;
  const end = key.indexOf(' ', start);
  return end === -1 ? key.slice(start) : key.slice(start, end);
}

/** Whether the key has more in it than method, URL and realm: several such keys may share one URL. */
export function isExtended(key: string): boolean {
  return key.includes(' headers=') || key.includes(' body=');
}

/** Ends the realm of a sensitive route's keys: what is stored before it's marked so, or after, is never found. */
export const SENSITIVE = '/sensitive';

/** Whether the key is a sensitive route's. */
export function isSensitive(key: string): boolean {
  const start = key.indexOf(' ', key.indexOf(' ') + 1);
  if (start === -1 || !key.startsWith(' realm=', start)) return false;
  const end = key.indexOf(' ', start + 1);
  return key.endsWith(SENSITIVE, end === -1 ? key.length : end);
}

/** The key without its realm, which means nothing to people. */
export function withoutRealm(key: string): string {
  const start = key.indexOf(' ', key.indexOf(' ') + 1);
  if (start === -1 || !key.startsWith(' realm=', start)) return key;
  const end = key.indexOf(' ', start + 1);
  return key.slice(0, start) + (end === -1 ? '' : key.slice(end));
}
