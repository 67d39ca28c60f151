/** What stands where a secret was. */
export const REDACTED = '[redacted]';
/** What stands for a value of a sensitive route: it's hidden already. */
export const MASKED = '…';

type IsSecret = (name: string) => boolean;

/** URLs within URLs that are looked into; what is in there deeper is hidden. */
const DEEPEST = 3;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** The second form is for a password with "/", "?" or "#" in it; `host:8080/` isn't one. */
const USER_INFO =
  /\b([a-z][a-z0-9+.-]{0,30}:\/\/)(?:[^\s/?#"'<>]{0,512}|[^\s/?#"'<>:]{0,64}:(?!\d{1,5}(?:[/?#]|$))[^\s"'<>@:]{0,128})@/gi;
/** A header as it's written, up to the end of its line: a cookie has "; " in it. */
const HEADER_LINE = /\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*:\s*)(?!\[redacted\])[^\s"'][^\r\n"']*/gi;
const SCHEME = /\b(bearer|basic|digest|negotiate)(\s+)[\w.~+/=-]{6,}/gi;
/** JSON Web Tokens, and our own. */
const TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bpw_[\w-]{16,}/g;
/** In a query or fragment, and behind ";" in a path, where "?" ends it. */
const PARAMETER = /([?&#]|^)([\w.~%[\]+-]{1,80})=([^&;#\s"'<>]+)|(;)([\w.~%[\]+-]{1,80})=([^&;#?\s"'<>]+)/g;
/** A name and what stands between it and its value; the value may hold names again, so it's no part of the match. */
const FIELD = /\b([\w-]{1,60})\\{0,3}["']?\s{0,9}[:=]\s{0,9}/g;
const VALUE = /\\{0,3}"[^"\r\n]*"|'[^'\r\n]*'|["']?[^\s"',;&{}[\]]+/y;

/** Takes what looks like a secret out of text: user info of URLs, secret parameters and fields, headers, private keys. */
export function redactText(text: string, isSecret: IsSecret, depth = 0): string {
  const plain = text
    .replace(PRIVATE_KEY, REDACTED)
    .replace(USER_INFO, `$1${REDACTED}@`)
    .replace(HEADER_LINE, `$1$2${REDACTED}`)
    .replace(SCHEME, `$1$2${REDACTED}`)
    .replace(TOKEN, REDACTED);
  return fields(parameters(plain, isSecret, depth), isSecret);
}

/** `password: x`, `"token": "x"` and `secret=x`, wherever they are. */
function fields(text: string, isSecret: IsSecret): string {
  let shown = '';
  let from = 0;
  for (const { 0: match, 1: name = '', index } of text.matchAll(FIELD)) {
    VALUE.lastIndex = index + match.length;
    if (index < from || !isSecret(name)) continue;
    const value = VALUE.exec(text)?.[0];
    if (value === undefined || value === MASKED || text.startsWith(REDACTED, VALUE.lastIndex - value.length)) continue;
    const quote = /^(["']).*\1$/.exec(value)?.[1] ?? '';
    shown += `${text.slice(from, index)}${match}${quote}${REDACTED}${quote}`;
    from = index + match.length + value.length;
  }
  return shown + text.slice(from);
}

/** Of a URL, or a path with its query: user info and secret parameters. Cheaper than text: it's for every line. */
export function redactUrl(url: string, isSecret: IsSecret): string {
  if (!/[=@]/.test(url)) return url;
  return parameters(url.includes('@') ? url.replace(USER_INFO, `$1${REDACTED}@`) : url, isSecret, 0);
}

function parameters(text: string, isSecret: IsSecret, depth: number): string {
  return text.replace(PARAMETER, (whole, ...[mark, name, value, semicolon, inPath, last]: string[]) => {
    const called = name ?? inPath ?? '';
    const given = value ?? last ?? '';
    if (given === MASKED) return whole;
    const hides = isSecret(decoded(called)) || holdsSecret(given, isSecret, depth + 1);
    return hides ? `${mark ?? semicolon ?? ''}${called}=${REDACTED}` : whole;
  });
}

/** Whether a value, such as another URL, has a secret in it. */
function holdsSecret(value: string, isSecret: IsSecret, depth: number): boolean {
  if (!/[%?]/.test(value)) return false;
  if (depth > DEEPEST) return true;
  const text = decoded(value);
  return redactText(text, isSecret, depth) !== text;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
