/** Where the ids of what was chosen lately are remembered (localStorage). */
export const RECENT_KEY = 'pitwall-recent';
/** Most that are remembered. */
export const MAX_REMEMBERED = 20;

/** Reads what was remembered, newest first; anything else is nothing. */
export function parseRecent(stored: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(value)) return [];
    return value.filter((id) => typeof id === 'string').slice(0, MAX_REMEMBERED);
  } catch {
    return [];
  }
}

/** To remember, with `id` as the newest. */
export const withRecent = (recent: readonly string[], id: string): string =>
  JSON.stringify([id, ...recent.filter((each) => each !== id)].slice(0, MAX_REMEMBERED));
