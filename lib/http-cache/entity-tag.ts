/** A list member: an optional W/ and the opaque part in quotes (RFC 9110 section 8.8.3). */
const MEMBER = /[ \t,]*((?:W\/)?"[\x21\x23-\x7e\x80-\uffff]*")[ \t]*(?=,|$)/y;

/** Whether both are the same tag, weak or not (RFC 9110 section 8.8.3.2). */
export function weaklyEqual(one: string, other: string): boolean {
  return opaque(one) === opaque(other);
}

/** Whether both are the same strong tag (RFC 9110 section 8.8.3.2). */
export function stronglyEqual(one: string, other: string): boolean {
  return one === other && one.startsWith('"');
}

/**
 * Whether a list of tags, as in If-None-Match, has one that weakly equals `etag`. What follows a malformed member
 * isn't read; a tag that an origin sends without quotes matches itself.
 */
export function listsTag(list: string, etag: string): boolean {
  if (weaklyEqual(list.trim(), etag)) return true;
  MEMBER.lastIndex = 0;
  for (let member = MEMBER.exec(list); member !== null; member = MEMBER.exec(list)) {
    if (weaklyEqual(member[1] as string, etag)) return true;
  }
  return false;
}

function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
