import { createHash } from 'node:crypto';

/** A weak entity tag of a text (RFC 9110 section 8.8.3); weak, since the answer may be compressed on its way. */
export function entityTag(text: string): string {
  return `W/"${createHash('sha1').update(text).digest('base64url')}"`;
}

/** Whether If-None-Match names `tag`, by weak comparison (RFC 9110 section 13.1.2). */
export function noneMatchFails(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === opaque);
}
