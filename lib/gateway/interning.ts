/** Most texts kept; then it starts anew. */
const MAX_TEXTS = 4_096;
/** Longer texts rarely repeat. */
const MAX_LENGTH = 128;

/**
 * One string for equal texts: header names and values repeat over all entries, and what they share stays in the
 * processor's caches. Accounting counts them as if they weren't shared.
 */
export function createInterning(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    if (text.length > MAX_LENGTH) return text;
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= MAX_TEXTS) texts.clear();
    texts.set(text, text);
    return text;
  };
}
