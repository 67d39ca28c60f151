import { createHmac, timingSafeEqual } from 'node:crypto';
import { SECURE_PREFIX, SESSION_COOKIE } from '../kernel/session-cookie.ts';

const sign = (token: string, secret: string): Buffer => createHmac('sha256', secret).update(token).digest();

/** The whole Set-Cookie of a session's token, signed as better-auth signs it. @param seconds until it ends; 0 takes it back */
export function setCookie(
  token: string,
  { secret, seconds, secure }: { readonly secret: string; readonly seconds: number; readonly secure: boolean },
): string {
  const value = token === '' ? '' : encodeURIComponent(`${token}.${sign(token, secret).toString('base64')}`);
  const name = secure ? SECURE_PREFIX + SESSION_COOKIE : SESSION_COOKIE;
  return `${name}=${value}; Max-Age=${seconds}; Path=/; HttpOnly${secure ? '; Secure' : ''}; SameSite=Lax`;
}

/** The session's token in a Cookie or Set-Cookie header; undefined where none is signed with `secret`. */
export function tokenIn(header: string, secret: string): string | undefined {
  for (const pair of header.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name !== SESSION_COOKIE && name !== SECURE_PREFIX + SESSION_COOKIE) continue;
    const [token = '', signature = ''] = decoded(value).split('.', 2);
    const given = Buffer.from(signature, 'base64');
    const right = sign(token, secret);
    if (given.length === right.length && timingSafeEqual(given, right)) return token;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
