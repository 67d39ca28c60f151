/**
 * What is wrong with `text` as the base URL of a target, in words; undefined = nothing.
 * A base path is kept as a prefix; what can't be part of a prefix is refused.
 */
export function urlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\/[^/]/i.test(text)) {
    return 'expected an http:// or https:// URL such as http://127.0.0.1:9000';
  }
  if (url.username !== '' || url.password !== '') return 'expected a URL without user name and password';
  if (text.includes('?')) return 'expected a URL without a query ("?")';
  if (text.includes('#')) return 'expected a URL without a fragment ("#")';
  return undefined;
}
