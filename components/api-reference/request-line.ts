/** A parameter as a person fills it in; empty = left out. */
export type Filled = Readonly<Record<string, string>>;

/** The path with its parameters filled in, and the query of those that aren't empty; what is missing stays in braces. */
export function requestPath(path: string, query: readonly string[], filled: Filled): string {
  const located = path.replaceAll(/\{(\w+)\}/g, (braces, name: string) => {
    const value = filled[name] ?? '';
    return value === '' ? braces : encodeURIComponent(value);
  });
  const asked = new URLSearchParams();
  for (const name of query) {
    const value = filled[name] ?? '';
    if (value !== '') asked.set(name, value);
  }
  const text = asked.toString().replaceAll('%2C', ',');
  return text === '' ? located : `${located}?${text}`;
}

/** The command that sends it, as a POSIX shell takes it. */
export function curlOf(origin: string, verb: string, path: string, body: string | undefined): string {
  const parts = ['curl -s'];
  if (verb === 'get') parts.push(quoted(origin + path));
  else {
    if (body === undefined) parts.push(`-X ${verb.toUpperCase()}`);
    parts.push(quoted(origin + path));
    if (body !== undefined) parts.push(`-H 'content-type: application/json' -d ${quoted(body)}`);
    if (body !== undefined && verb !== 'post') parts.push(`-X ${verb.toUpperCase()}`);
  }
  return parts.join(' ');
}

/** Plain where no shell would take it for anything else. */
function quoted(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
