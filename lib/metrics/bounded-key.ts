import { hash } from 'node:crypto';

/** Ends a key that was cut, before its digest. No part of an uncut key begins so. */
const CUT = ' cut=';
/** Characters of the digest: 132 bits of SHA-256. */
const DIGEST_LENGTH = 22;
const MARK_LENGTH = CUT.length + DIGEST_LENGTH;

/**
 * The key itself, or its start and a digest of the whole. A cut key is one character longer than any uncut one, so
 * two different keys never become one.
 *
 * @param longest characters of the longest key that stays as it is, at least 32
 */
export function boundedKey(key: string, longest: number): string {
  if (key.length <= longest) return key;
  const digest = hash('sha256', Buffer.from(key, 'utf16le'), 'base64url').slice(0, DIGEST_LENGTH);
  return key.slice(0, longest + 1 - MARK_LENGTH) + CUT + digest;
}

/** Whether the URL within the key (`METHOD URL …`) is surely whole: false where the cut is in it or right behind it. */
export function hasWholeUrl(key: string): boolean {
  const end = key.indexOf(' ', key.indexOf(' ') + 1);
  return end === -1 || !key.startsWith(CUT, end);
}
