import { header, type HeaderList, withoutHeaders } from './header-list.ts';

/** Fields that end at the next hop (RFC 9110 section 7.6.1), named by Connection or not. Lower case. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Fields that Connection can't strip (RFC 9110 section 7.6.1 forbids naming them): without them a message would turn
 * public, go to another host, or end elsewhere.
 */
const NEVER_STRIPPED: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'content-length',
  'cookie',
  'expires',
  'host',
  'set-cookie',
  'vary',
]);

/** A copy with the end-to-end fields alone: without hop-by-hop fields and those that Connection names. */
export function endToEnd(headers: HeaderList): string[] {
  const connection = header(headers, 'connection');
  if (connection === undefined) return withoutHeaders(headers, HOP_BY_HOP);
  const dropped = new Set(HOP_BY_HOP);
  for (const member of connection.split(',')) {
    const name = member.trim().toLowerCase();
    if (!NEVER_STRIPPED.has(name)) dropped.add(name);
  }
  return withoutHeaders(headers, dropped);
}
