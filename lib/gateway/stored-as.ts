import type { Match } from './match.ts';

/** A whole URL as keys have it: scheme, host, path, query. */
const URL_PARTS = /^(https?:\/\/([^/?#]*))([^?]*)(\?.*)?$/s;

/** Under which query what is asked for by GET is stored: without what the policy of its route leaves out. */
export function storedQuery(
  match: (host: string, method: string, path: string) => Match | undefined,
  { host, path, query }: { readonly host: string; readonly path: string; readonly query: string },
): string {
  return match(host, 'GET', path)?.route.queryRule(query) ?? query;
}

/** The same of a whole URL; what isn't one stays as it is. */
export function storedUrl(match: Parameters<typeof storedQuery>[0], url: string): string {
  const [, origin, host = '', path = '', query] = URL_PARTS.exec(url) ?? [];
  return origin === undefined || query === undefined ? url : origin + path + storedQuery(match, { host, path, query });
}
