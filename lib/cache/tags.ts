/** Most tags on one entry; what comes after is dropped. */
export const MAX_TAGS = 64;
/** Longest tag, in characters; a longer one is dropped, since cut it could equal another. */
export const MAX_TAG_LENGTH = 256;

/** Header fields that carry tags, lower case: for the gateway alone, stripped before the client. */
export const TAG_HEADERS: ReadonlySet<string> = new Set(['cache-tag', 'surrogate-key']);

/**
 * The tags of a response, each once, at most MAX_TAGS: those of the policy, then Cache-Tag (by commas) and
 * Surrogate-Key (by spaces).
 * @param headers flat response headers
 * @param extra tags by policy; first, so that a response can't push them past the bound
 */
export function responseTags(headers: readonly string[], extra: readonly string[]): string[] {
  const tags = new Set<string>();
  for (const tag of extra) add(tags, tag);
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (!TAG_HEADERS.has(name)) continue;
    for (const tag of (headers[i + 1] as string).split(name === 'cache-tag' ? ',' : /\s/)) add(tags, tag.trim());
  }
  return [...tags];
}

function add(tags: Set<string>, tag: string): void {
  if (tag !== '' && tag.length <= MAX_TAG_LENGTH && tags.size < MAX_TAGS) tags.add(tag);
}
