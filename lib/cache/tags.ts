/** Most tags on one entry. */
export const MAX_TAGS = 256;
/** Longest tag, in characters. */
export const MAX_TAG_LENGTH = 256;

/** Header fields that carry tags, lower case: for the gateway alone, stripped before the client. */
export const TAG_HEADERS: ReadonlySet<string> = new Set(['cache-tag', 'surrogate-key']);

/**
 * The tags of a response, each once: those of the policy, then Cache-Tag (by commas) and Surrogate-Key (by spaces).
 * Undefined past the bounds: an entry without one of its tags couldn't be cleared by it.
 * @param headers flat response headers
 * @param extra tags by policy
 */
export function responseTags(headers: readonly string[], extra: readonly string[]): string[] | undefined {
  const tags = new Set<string>(extra);
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (!TAG_HEADERS.has(name)) continue;
    for (const tag of (headers[i + 1] as string).split(name === 'cache-tag' ? ',' : /\s/)) tags.add(tag.trim());
  }
  tags.delete('');
  if (tags.size > MAX_TAGS) return undefined;
  for (const tag of tags) if (tag.length > MAX_TAG_LENGTH) return undefined;
  return [...tags];
}
